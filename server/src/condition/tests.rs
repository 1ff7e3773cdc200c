use super::*;

const NAMES: [(&str, Kind); 5] = [
    ("tenure", Kind::Integer),
    ("Contract", Kind::Text),
    ("Monthly charges", Kind::Number),
    ("senior", Kind::Boolean),
    ("metrics.score", Kind::Number),
];

fn parse(text: &str) -> Result<Condition> {
    Condition::parse(text, "--where", &|name| {
        let at = NAMES.iter().position(|(known, _)| *known == name)?;
        Some((at, NAMES[at].1))
    })
}

/// Whether it holds for a customer, of whom the charges are not known.
fn holds(text: &str) -> Result<bool> {
    let customer = [
        Cell::Integer(5),
        Cell::Text("One year"),
        Cell::Missing,
        Cell::Boolean(true),
        Cell::Number(0.8),
    ];
    Ok(parse(text)?.holds(&|at| customer[at]))
}

#[test]
fn conditions_hold_as_in_sql() -> Result<()> {
    for text in [
        "tenure = 5",
        "tenure = 5.0",
        "tenure < 5.5 and tenure > -1",
        "tenure >= 5 AND tenure <= 5",
        "Contract = 'One year'",
        "Contract != 'it''s'",
        "Contract in ('Two year', 'One year')",
        "tenure not in (1, 2)",
        "senior = true",
        "not senior = false",
        "\"Monthly charges\" is null",
        "Contract is not null",
        "\"Monthly charges\" > 3 or tenure = 5",
        "tenure = 1 or tenure = 5 and senior = true",
        "not (tenure = 1 or (tenure = 5 and senior = false))",
        "metrics.score > 0.79",
        "Contract like 'One%'",
        "Contract like '%year'",
        "Contract like '_ne %e%r'",
        "Contract not like 'one%' and Contract like '%'",
    ] {
        assert!(holds(text)?, "{text}");
    }
    for text in [
        "tenure != 5",
        "(tenure = 5 or senior = true) and tenure = 1",
        "Contract like 'One'",
        "Contract like 'One_'",
        "Contract like '%years'",
        "Contract like ''",
        // What is missing is neither.
        "\"Monthly charges\" = 3",
        "\"Monthly charges\" != 3",
        "not \"Monthly charges\" = 3",
        "\"Monthly charges\" not in (3)",
        "\"Monthly charges\" != 3 and tenure = 5",
    ] {
        assert!(!holds(text)?, "{text}");
    }
    Ok(())
}

#[test]
fn errors_say_where() {
    for (text, told) in [
        ("", "--where: expected an expression, found the end"),
        ("tenure <", "--where: expected an expression, found the end"),
        (
            "tenure",
            "--where, character 1: expected a name compared with a value, got tenure",
        ),
        (
            "tenure = 5 7",
            "--where, character 12: expected and, or, or the end, got 7",
        ),
        (
            "Contract = 'x",
            "--where, character 12: Unterminated string literal",
        ),
        (
            "tenure = '5'",
            "--where, character 10: expected a number, got '5'",
        ),
        (
            "Contract = 5",
            "--where, character 12: expected a text in single quotes, got 5",
        ),
        (
            "Contract = \"x\"",
            "--where, character 12: expected a text in single quotes",
        ),
        (
            "senior = 1",
            "--where, character 10: expected true or false, got 1",
        ),
        (
            "tenur = 5",
            "--where, character 1: expected a known name, got 'tenur'",
        ),
        (
            "5 < tenure",
            "--where, character 1: expected a name compared with a value",
        ),
        (
            "tenure + 1 = 2",
            "--where, character 1: expected a name compared with a value",
        ),
        (
            "tenure = tenure",
            "--where, character 10: expected a number, got tenure",
        ),
        (
            "tenure in (select 1)",
            "--where, character 1: expected a name compared",
        ),
        (
            "tenure like '5%'",
            "--where, character 13: expected a number, got '5%'",
        ),
        (
            "Contract like 5",
            "--where, character 15: expected a text in single quotes",
        ),
        (
            "tenure between 1 and 2",
            "--where, character 1: expected a name compared",
        ),
        ("exists (select 1)", "expected a name compared with a value"),
        (
            "tenure = null",
            "--where, character 10: expected a number, got NULL",
        ),
        (
            "tenure =\n 'x'",
            "--where, line 2, character 2: expected a number",
        ),
    ] {
        let error = parse(text).map_err(|error| error.to_string());
        assert!(
            error
                .as_ref()
                .is_err_and(|error| error.starts_with(told) || error.contains(told)),
            "{text}: {error:?}"
        );
    }
}

#[test]
fn long_and_deep_ones_do_no_harm() {
    let told = |text: &str| parse(text).map(drop).map_err(|error| error.to_string());
    let deep = |levels: usize| format!("{}tenure=5{}", "(".repeat(levels), ")".repeat(levels));
    assert_eq!(told(&deep(6)), Ok(()));
    let too_deep = Err("--where: too many parentheses".to_owned());
    assert_eq!(told(&deep(1900)), too_deep);
    assert!(told(&"not ".repeat(900)).is_err());
    let long = vec!["tenure=5"; 330].join(" or ");
    assert_eq!(told(&long), Ok(()));
    assert!(told(&format!("{long} or ")).is_err());
    assert!(told(&"x".repeat(5000)).is_err());
}

#[test]
fn orders_are_names_that_go_up_or_down() {
    let told = |text: &str| {
        let lookup = |name: &str| {
            let at = NAMES.iter().position(|(known, _)| *known == name)?;
            Some((at, NAMES[at].1))
        };
        order(text, "order", &lookup).map_err(|error| error.to_string())
    };
    assert_eq!(
        told("metrics.score DESC, tenure, \"Monthly charges\" asc"),
        Ok(vec![(4, true), (0, false), (2, false)])
    );
    for (text, expected) in [
        (
            "tenur",
            "order, character 1: expected a known name, got 'tenur'",
        ),
        (
            "tenure up",
            "order, character 8: expected asc, desc, a comma or the end, got up",
        ),
        (
            "tenure + 1",
            "order, character 1: expected a name compared with a value",
        ),
        ("", "order: "),
    ] {
        let told = told(text).err().unwrap_or_default();
        assert!(told.starts_with(expected), "{told}");
    }
}
