//! Texts of the charts of the data's page.

use churn_core::exploration::{Association, Measure, Outcomes};

use super::data_page::LEFT;
use super::model_page::{INTERVAL_HIGH, INTERVAL_LOW, rows};
use crate::markup::escaped;
use crate::number::{count, percent, value};

// Data: charts.
pub const WHO_LEFT: &str = "What goes with leaving?";
pub const WHO_LEFT_HELP: &str = "Of everyone in the cohort, those that go most with leaving first. \
    Press a bar to filter the customers by it.";
pub const SPREAD: &str = "How are the columns spread?";
pub const SPREAD_HELP: &str = "The data does not say who left. Press a bar to filter the customers \
    by it.";
pub const ENLARGE: &str = "Enlarge";
pub const ENLARGED: &str = "Chart in large";
pub const PAIR: &str = "Two columns together";
pub const PAIR_QUESTION: &str = "How do two columns meet?";
pub const ACROSS: &str = "Across";
pub const UPWARDS: &str = "Upwards";
pub const ASSOCIATIONS: &str = "All columns together";
pub const ASSOCIATIONS_QUESTION: &str = "Which columns go together?";
pub const ASSOCIATION_HEADS: [&str; 4] = ["Column", "With", "Measure", "Strength"];

/// A place in a list of columns, as markup.
pub fn option(feature: usize, label: &str) -> String {
    format!("<option value=\"{feature}\">{}</option>", escaped(label))
}

/// A label within a sentence: "Monthly charges" with a small letter, "DSL" and
/// "MonthlyCharges" as they are.
pub(super) fn within(label: &str) -> String {
    let mut letters = label.chars();
    match letters.next() {
        Some(first) if !letters.clone().any(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => label.to_owned(),
    }
}

pub fn by_level(label: &str, rates: bool) -> String {
    let label = within(label);
    match rates {
        true => format!("Who leaves, by {label}?"),
        false => format!("How is {label} spread?"),
    }
}

pub fn by_number(label: &str, rates: bool) -> String {
    let label = within(label);
    match rates {
        true => format!("Does {label} separate those who left?"),
        false => format!("How is {label} spread?"),
    }
}

pub fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::CramersV => "Cramér’s V",
        Measure::CorrelationRatio => "η",
        Measure::Pearson => "r",
    }
}

/// How strongly a column goes with leaving: "η 0.35".
pub fn strength(association: &Association) -> String {
    let name = measure(association.measure);
    format!("{name} {}", value(association.value, 2))
}

/// How to read the chart of a column of levels.
pub fn level_help(strength: Option<&Association>, more: usize, missing: usize) -> String {
    let mut help = match strength {
        Some(_) => "Square: share that left, with its 95% interval; dashed: of everyone.",
        None => "Customers of each level.",
    }
    .to_owned();
    help += &with_strength(strength);
    if more > 0 {
        help += &format!(" {} rarer levels are in its numbers.", count(more));
    }
    help + &without(missing)
}

/// How to read the chart of a column of numbers.
pub fn number_help(strength: Option<&Association>, missing: usize) -> String {
    let help = match strength {
        Some(_) => "Lower part: left. Each box holds the middle half, its line is the median.",
        None => "The box holds the middle half, its line is the median.",
    };
    help.to_owned() + &with_strength(strength) + &without(missing)
}

fn with_strength(found: Option<&Association>) -> String {
    found.map_or_else(String::new, |found| format!(" {}.", strength(found)))
}

fn without(missing: usize) -> String {
    match missing {
        0 => String::new(),
        number => format!(" Missing: {}.", count(number)),
    }
}

/// A level or bin for those who cannot see it.
pub fn group_spoken(name: &str, counted: &Outcomes) -> String {
    let customers = if counted.rows == 1 {
        "customer"
    } else {
        "customers"
    };
    let head = format!("{name}: {} {customers}", rows(counted.rows));
    match counted.rate() {
        Some(rate) => format!("{head}, {} left", percent(rate)),
        None => head,
    }
}

pub fn group_heads(label: &str) -> Vec<String> {
    let heads = [
        label,
        super::CUSTOMERS,
        LEFT,
        super::STAYED,
        super::LEFT_SHARE,
        INTERVAL_LOW,
        INTERVAL_HIGH,
    ];
    heads.map(str::to_owned).into()
}

/// Numbers beyond a whisker.
pub fn beyond(number: usize) -> String {
    format!("{} beyond", count(number))
}

pub const BOX_HEADS: [&str; 10] = [
    "Outcome",
    "Customers",
    "Mean",
    "Lower whisker",
    "1st quartile",
    "Median",
    "3rd quartile",
    "Upper whisker",
    "Below",
    "Above",
];

pub fn both(first: &str, second: &str) -> String {
    format!("{first} and {second}")
}

pub fn axes(across: &str, upwards: &str) -> String {
    format!("{across} across, {upwards} upwards")
}

pub fn pair_question(first: &str, second: &str, rates: bool) -> String {
    let (first, second) = (within(first), within(second));
    match rates {
        true => format!("Who leaves, by {first} and {second}?"),
        false => format!("How do {first} and {second} go together?"),
    }
}

/// How to read the pair plot; `highest` is the rate of the fullest square.
pub fn pair_help(highest: Option<f64>) -> String {
    match highest {
        Some(rate) => format!(
            "Size: customers. Filling: share that left, from 0% to {}.",
            percent(rate)
        ),
        None => "Size: customers.".into(),
    }
}

pub fn association(first: &str, second: &str, measure: &str, value: &str) -> String {
    format!("{first} and {second}: {measure} {value}")
}

pub fn associations_help(negative: bool) -> String {
    let help = "Full: wholly, empty: not at all. Levels by Cramér’s V (corrected for bias), numbers \
         by Pearson’s r, both by the correlation ratio η. Press a square to see the two.";
    match negative {
        true => format!("{help} Outlined: one grows as the other falls."),
        false => help.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_small_within_a_sentence_unless_they_are_names() {
        for (label, small) in [
            ("Monthly charges", "monthly charges"),
            ("MonthlyCharges", "MonthlyCharges"),
            ("Streaming TV", "Streaming TV"),
            ("tenure", "tenure"),
        ] {
            assert_eq!(within(label), small);
        }
    }
}
