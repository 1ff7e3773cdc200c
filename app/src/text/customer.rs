//! Texts of the customer page.

use crate::agreement::{Agreement, TOP};
use crate::number::{count, fixed, percent, points, risk, value, weight};

/// The unit of numbers that are turned by years.
pub const MONTHS: &str = "months";
pub const ONE_MONTH: &str = "1 month";

pub const TICKS: &str = "Weight changes at ticks; risk everywhere.";
pub const UNDO: &str = "Undo (Ctrl+Z)";
pub const REDO: &str = "Redo (Ctrl+Shift+Z)";
pub const PREVIEW: &str = "Preview";
pub const CHANGES: &str = "Changes";
pub const HOLD: &str = "Hold";
pub const FOLLOW_AGAIN: &str = "Follow again";

/// A customer in the name of the tab.
pub fn customer(id: &str, edited: bool) -> String {
    if edited {
        format!("{id}, edited")
    } else {
        id.into()
    }
}

pub fn edit_apart(services: bool) -> &'static str {
    if services {
        "Edit apart from services"
    } else {
        "Edit apart from what it follows"
    }
}

pub fn unseen(customers: u32) -> String {
    let customers = count(customers as usize);
    format!("None of {customers} customers has this combination.")
}

pub fn set(label: &str, from: &str, to: &str) -> String {
    format!("{label} {from} → {to}")
}

pub fn followed(label: &str, from: &str, to: &str, because: &str) -> String {
    format!("↳ {label} {from} → {to}, follows {because}")
}

pub fn held(label: &str, value: &str) -> String {
    format!("{label} stays {value}")
}

pub fn of_feature(action: &str, label: &str) -> String {
    format!("{action}: {label}")
}

/// How many fields differ, and which ones are held.
pub fn edits(changed: usize, held: &[&str]) -> String {
    let fields = if changed == 1 { "field" } else { "fields" };
    let edits = format!("{changed} {fields} edited");
    if held.is_empty() {
        edits
    } else {
        format!("{edits}, held: {}", held.join(", "))
    }
}

pub fn edited_from(risk: &str, change: &str) -> String {
    format!("Edited: {change} from the original {risk}.")
}

/// What a screen reader says of an edit.
pub fn announcement(probability: f64, change: f64, verdict: &str, threshold: f64) -> String {
    let risk = risk(probability, threshold);
    format!("Risk {risk}, {}. {verdict}", points(change))
}

// Scenarios.
pub const SCENARIOS: &str = "Scenarios";
pub const SCENARIOS_QUESTION: &str = "Which offer lowers the estimate most?";
pub const SCENARIO: &str = "Scenario";
pub const SCENARIO_NAME: &str = "Name of the scenario";
pub const SAVE_SCENARIO: &str = "Save scenario";
pub const CHANGE: &str = "Change";
pub const CHANGED_FIELDS: &str = "Changed fields";
pub const ACTIONS: &str = "Actions";
pub const OPEN: &str = "Open";
pub const DELETE: &str = "Delete";
pub const UNDO_DELETE: &str = "Undo delete";
pub const STORAGE_FULL: &str = "Storage is full: scenarios last until you close the page.";

pub fn field(label: &str, value: &str) -> String {
    format!("{label}: {value}")
}

// Curves.
pub const CURVES: &str = "Curves";
pub const CURVES_QUESTION: &str = "How does the estimate follow each number?";
pub const CURVES_HELP: &str = "The model's risk over the range of each number, everything else as \
    edited and following as linked. The dot is this customer, the dashed line the cut; grey: how the \
    customers are spread.";

pub fn here(value: &str, risk: &str) -> String {
    format!("{value}, risk {risk}")
}

pub fn curve(label: &str) -> String {
    format!(
        "How does the risk follow {}?",
        super::data_charts::within(label)
    )
}

// Similar customers.
pub const SIMILAR: &str = "Similar customers with the other outcome";
pub const SIMILAR_QUESTION: &str = "Who was nearly the same and went the other way?";
pub const DISTANCE: &str = "Distance";
pub const DIFFERENCES: &str = "What differs";
pub const NO_OTHER_OUTCOME: &str = "This needs customers whose outcome is known, this one's too.";

pub fn similar_help(left: Option<bool>) -> &'static str {
    match left {
        Some(true) => {
            "The real customers nearest to these values who stayed. Distance: 1 for each level \
             that differs, for a number its difference as a share of its range."
        }
        _ => {
            "The real customers nearest to these values who left. Distance: 1 for each level \
             that differs, for a number its difference as a share of its range."
        }
    }
}

// Methods.
pub const METHODS: &str = "Compare methods";
pub const METHODS_QUESTION: &str = "Do other explanations say the same?";
pub const EXACT_LIME: &str = "Exact LIME";
pub const SAMPLED_LIME: &str = "Sampled LIME";
pub const SIGNS: &str = "Signs";
pub const SAMPLES: &str = "Samples";
pub const SEED: &str = "First seed";
pub const CANCEL: &str = "Cancel";
pub const NOTHING: &str = "–";
pub const NOT_SAMPLED: &str = "Sampled LIME has not been run for this customer.";
pub const OLD_SAMPLES: &str = "The sampled weights are those before the latest edit; run again.";
pub const EXACT_MEANING: &str = "Exact LIME: how much the estimate rises on average where a \
    feature matches this customer, over all artificial customers, computed without sampling.";
pub const LOG_ODDS_MEANING: &str = "Log-odds: against the average training customer; base and \
    contributions add up exactly to the estimate's log-odds.";

pub fn sampled_meaning(samples: Option<usize>) -> String {
    let drawn = samples.map_or_else(|| "some".into(), count);
    format!(
        "Sampled LIME: the same from {drawn} artificial customers drawn at random, as published; \
         mean ± standard deviation over seeds. What the seed changes is noise."
    )
}

pub fn run_sampled(seeds: usize) -> String {
    format!("Run {seeds} seeds")
}

pub fn plus_minus(mean: f64, sd: f64) -> String {
    format!("{} ± {}", weight(mean), fixed(sd, 3))
}

pub fn same_sign(same: bool) -> &'static str {
    if same { "agree" } else { "differ" }
}

/// How far a summary is off the model, and how much it captures.
pub fn fit(method: &str, gap: f64, r2: f64) -> String {
    let gap = points(gap);
    format!("{method}: summary − model {gap}, R² {}.", percent(r2))
}

pub fn agreement(first: &str, second: &str, found: Agreement) -> String {
    let Agreement {
        signs,
        features,
        top,
        order,
    } = found;
    let order = value(order, 2);
    format!(
        "{first} and {second}: {signs} of {features} signs agree, {top} of the {TOP} heaviest are \
         shared, rank correlation of sizes {order}."
    )
}

// Waterfall.
pub const WATERFALL: &str = "From the average customer to this one";
pub const WATERFALL_QUESTION: &str = "What adds up to this estimate?";
/// What is seen, from the figure at the start to that at the end.
pub fn waterfall_help(from: &str, to: &str) -> String {
    format!(
        "Log-odds: each bar begins where the last one ended. Base and contributions add up \
         exactly to the estimate's log-odds. From {from} to {to}."
    )
}
pub const BARS: &str = "Features with a bar";
pub const WATERFALL_NAME: &str = "waterfall";
pub const WATERFALL_HEADS: [&str; 3] = ["Feature", "Log-odds", "Sum"];
pub const BASE: &str = "Base: average customer";
pub const ESTIMATE: &str = "Estimate";

pub fn others(number: usize) -> String {
    format!("{number} other features")
}

pub fn log_odds_as_risk(log_odds: f64, probability: f64, cut: f64) -> String {
    format!("{} = {}", weight(log_odds), risk(probability, cut))
}
