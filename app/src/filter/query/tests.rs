//! What is read, and what is said of the rest.

use super::*;
use crate::explorer::sample::{explorer, of_csv};

#[test]
fn there_are_many_ways_to_write_a_condition() {
    let explorer = explorer();
    for (typed, text) in [
        (
            "  TENURE < 6  Contract : \"month\" ",
            "tenure<6 contract:month",
        ),
        (
            "tenure:6..12 tenure:6.. tenure:..12",
            "tenure:6..12 tenure>=6 tenure<=12",
        ),
        ("tenure=6 tenure:6 tenure!=6", "tenure=6 tenure=6 -tenure=6"),
        ("contract=Year, month", "contract:month,year"),
        (
            "!contract:year -contract!=year",
            "-contract:year contract:year",
        ),
        ("risk>50% p>=.5 p<100%", "p>0.5 p>=0.5 p<1"),
        ("weight( \"Contract\" ) > -.1", "weight(contract)>-0.1"),
        (
            "outcome:YES,active part:held-out",
            "outcome:active,left part:held-out",
        ),
        (
            "Starred -IMPUTED \"starred\"",
            "starred -imputed \"starred\"",
        ),
        ("7590-vhveg \"two words\"", "7590-vhveg \"two words\""),
    ] {
        let filter = Filter::parse(typed, &explorer).unwrap();
        assert_eq!(filter.text(&explorer), text, "{typed}");
    }
}

#[test]
fn names_and_levels_with_spaces_need_no_quotes() {
    let mut csv = String::from("id,monthly fee,kind,left\n");
    for row in 0..40 {
        let kind = ["One year", "Two year", "One"][row % 3];
        let left = ["Yes", "No"][row / 3 % 2];
        csv += &format!("{row},{row},{kind},{left}\n");
    }
    let explorer = of_csv(&csv);
    let text = |typed| Filter::parse(typed, &explorer).unwrap().text(&explorer);
    assert_eq!(
        text("monthly fee>5 kind:one year"),
        "\"monthly fee\">5 kind:\"One year\""
    );
    assert_eq!(text("kind:two year,ONE x"), "kind:\"One\",\"Two year\" x");
    assert_eq!(text("monthly"), "\"monthly\"");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let explorer = explorer();
    for (typed, said) in [
        ("tenure<", "tenure<: expected a number after <"),
        ("c-3 tenure>=many", "tenure>=: expected a number after >="),
        (
            "tenure:1..x",
            "tenure: expected a number after :, or two as in 6..12",
        ),
        (
            "tenure:9..1",
            "tenure:9..1: expected the smaller number first",
        ),
        ("contract:", "contract: expected one of \"month\", \"year\""),
        (
            "contract:month,",
            "contract:month,: expected one of \"month\", \"year\"",
        ),
        ("contract<3", "contract<: expected : before a level"),
        (
            "p>50",
            "p>: expected a number from 0 to 1, or one such as 50%",
        ),
    ] {
        let fault = Filter::parse(typed, &explorer).unwrap_err();
        assert_eq!(fault.to_string(), said);
    }
    for (typed, place) in [
        ("age<3", "age: "),
        ("tenure", "tenure: "),
        ("-", "-: "),
        ("\"\"", "\"\": "),
        ("\"open", "\"open: "),
        ("\"age\":3", "\"age\": "),
        ("weight(age)>1", "weight(: "),
        ("weight(tenure", "weight(: "),
        ("family(contract)>1", "family(: "),
    ] {
        let fault = Filter::parse(typed, &explorer).unwrap_err().to_string();
        assert!(
            fault.starts_with(&format!("{place}expected")),
            "{typed}: {fault}"
        );
    }
}
