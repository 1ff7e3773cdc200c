//! Every text of the page. A second language is a second file like this one.

mod call_sheet;
mod customer;
mod data_charts;
mod data_page;
mod filter;
mod jobs;
mod keys;
mod lineage;
mod model_card;
mod model_page;
mod monitoring;
mod registry;
mod retraining;
mod rival;
mod rule_bar;
mod runs;
mod table;
mod tables;

use churn_core::Method;

pub use call_sheet::*;
pub use customer::*;
pub use data_charts::*;
pub use data_page::*;
pub use filter::*;
pub use jobs::*;
pub use keys::*;
pub use lineage::*;
pub use model_card::*;
pub use model_page::*;
pub use monitoring::*;
pub use registry::*;
pub use retraining::*;
pub use rival::*;
pub use rule_bar::*;
pub use runs::*;
pub use table::*;
pub use tables::*;

use crate::number::{count, cut, percent, points, risk, shortest, weight};
use crate::scale::Step;

pub const PRODUCT: &str = "Churn Explorer";
pub const CUSTOMERS: &str = "Customers";
pub const SKIP: &str = "Skip to the content";
pub const PAGES: &str = "Pages";
pub const SWITCH_THEME: &str = "Switch between light and dark";

// Loading.
pub const READING_DATA: &str = "Reading the customers …";
pub const TRAINING: &str = "No model here: training one on the data …";
pub const EXPLAINING: &str = "Explaining every customer …";

// Failure.
pub const NO_WORKER: &str = "no model can be trained here: worker_loader.js does not start. \
    Put it and its files beside the page, or add a model.json";
pub const CANNOT_OPEN: &str = "The explorer cannot open";
pub const TRY_AGAIN: &str = "Try again";
/// While a part of the page's code is on its way.
pub const LOADING: &str = "Loading …";
pub const NOT_LOADED: &str = "This part of the page could not be loaded. Try again when there \
    is a connection; where the page has been replaced by a newer release, reload it.";
pub const TRAIN_ON_DATA: &str = "Train on this data";

pub fn file_missing(url: &str) -> String {
    format!(
        "{url} cannot be loaded. Put the file beside the page, or name another one in index.html."
    )
}

pub fn file_unreachable(url: &str) -> String {
    format!("{url} cannot be reached. Check the connection, then try again.")
}

pub fn file_refused(url: &str, status: u16) -> String {
    format!("{url} is refused by its host (status {status}). Check the host, then try again.")
}

pub fn link_missing(id: &str) -> String {
    format!("index.html names no {id} file: it needs a link with id=\"{id}\".")
}

pub fn file_broken(url: &str, error: &str) -> String {
    format!("{url} cannot be used: {error}")
}

pub fn preset_ignored(url: &str, error: &str) -> String {
    format!("{url} cannot be used, plain column names are shown instead: {error}")
}

pub fn rows_skipped(number: usize, first: &str) -> String {
    let rows = if number == 1 { "row was" } else { "rows were" };
    format!(
        "{} {rows} skipped. First: {first}. The page Data lists all.",
        count(number)
    )
}

// Customers.
pub const WHOM_TO_CONTACT: &str = "Whom to contact?";
pub const ACTIVE_ONLY: &str = "Still customers";
pub const EVERYONE: &str = "Everyone";
pub const AUDIENCE: &str = "Who is listed";
pub const NO_MATCH: &str = "No customer matches.";
pub const OTHER_FEATURES: &str = "Other features";
pub const ALL_FEATURES: &str = "Features";
pub const LOWERS: &str = "Lowers risk";
pub const RAISES: &str = "Raises risk";

/// What the data says of a customer.
pub fn outcome(left: Option<bool>) -> &'static str {
    match left {
        Some(true) => "Left",
        Some(false) => "Active",
        None => "–",
    }
}

pub fn of_all(listed: usize, all: usize) -> String {
    format!("{} of {}", count(listed), count(all))
}

pub fn imputed_legend(number: usize) -> String {
    format!("≈ value filled in ({})", count(number))
}

pub fn imputed_title(features: &[&str]) -> String {
    format!("Filled in: {}", features.join(", "))
}

/// A value with what its arrows say.
pub fn weighed(value: &str, step: Step) -> String {
    format!("{value}, {}", effect(step))
}

/// What the arrows say, for those who cannot see them.
pub fn effect(step: Step) -> &'static str {
    match step.number() {
        ..=-3 => "lowers risk strongly",
        -2 => "lowers risk",
        -1 => "lowers risk slightly",
        0 => "hardly matters",
        1 => "raises risk slightly",
        2 => "raises risk",
        3.. => "raises risk strongly",
    }
}

// Footer.
pub const PRIVATE: &str = "Nothing leaves this device";
pub const PRIVATE_SERVED: &str = "Only outcomes and keys that you enter leave this device";
pub const NEW_RELEASE: &str = "A new version is ready.";
pub const RELOAD: &str = "Reload";
/// Name of the tables behind a chart.
pub const NUMBERS: &str = "Numbers";
pub const RERUN: &str = "Explain everyone again and compare";

pub fn explained(customers: usize, milliseconds: f64) -> String {
    let customers = count(customers);
    format!("{customers} customers explained in {milliseconds:.0} ms on this device")
}

pub fn rerun(identical: bool) -> &'static str {
    if identical {
        "bit-identical"
    } else {
        "the results differ"
    }
}

pub fn model(c: f64, rows: usize) -> String {
    let c = shortest(c, 4);
    let rows = count(rows);
    format!("Logistic regression, C = {c}, trained on {rows} customers")
}

pub fn data_hash(hash: &str) -> String {
    format!("data {hash}")
}

// Customer.
pub const BACK: &str = "‹ Customers";
pub const PREVIOUS: &str = "Previous customer";
pub const NEXT: &str = "Next customer";
pub const RESET_ALL: &str = "Reset all";
pub const NOT_CHANGEABLE: &str = "Not changeable";
pub const FEATURE: &str = "Feature";
pub const ORIGINAL: &str = "Original";
pub const EDITED: &str = "What if";
pub const METHOD: &str = "Explained by";
pub const FEATURE_ORDER: &str = "In order of";
pub const BY_FAMILY: &str = "Family";
pub const BY_WEIGHT: &str = "Weight";
pub const LIME: &str = "LIME";
pub const LOG_ODDS: &str = "Log-odds";
pub const PRICE_NOTE: &str =
    "Price is almost fixed by services; its own weight cannot be read alone.";
pub const CAVEAT: &str =
    "This is the model's response, not a promised effect. Test offers against a control group.";
pub const POOR_STAND_IN: &str = "Poor stand-in for this customer: use log-odds contributions.";
pub const SHOW_LOG_ODDS: &str = "Show log-odds";

pub fn title(page: &str) -> String {
    format!("{page} · {PRODUCT}")
}

pub fn unknown_customer(id: &str) -> String {
    format!("No customer has the id “{id}”.")
}

pub fn place(position: usize, listed: usize) -> String {
    format!("{} of {}", count(position), count(listed))
}

pub fn reset(label: &str) -> String {
    format!("Reset {label}")
}

pub fn verdict(original: bool, edited: bool, changed: bool) -> &'static str {
    match (original, edited, changed) {
        (true, true, false) => "On the contact list",
        (false, false, false) => "Not on the contact list",
        (true, true, true) => "Stays on the contact list",
        (false, false, true) => "Stays off the contact list",
        (true, false, _) => "Would leave the contact list",
        (false, true, _) => "Would join the contact list",
    }
}

pub fn rule(threshold: f64) -> String {
    format!("Contact at risk ≥ {}", cut(threshold))
}

pub fn weight_caption(method: Method) -> &'static str {
    match method {
        Method::Exact | Method::Sampled => "Weight in the estimate",
        Method::Contributions => "Log-odds contribution",
    }
}

pub fn change(original: &str, edited: &str) -> String {
    format!("{original} → {edited}")
}

pub fn risk_scale(original: f64, edited: f64, threshold: f64) -> String {
    format!(
        "Risk {}, originally {}, contact at {}",
        risk(edited, threshold),
        risk(original, threshold),
        cut(threshold)
    )
}

pub fn summary(rating: &str, raising: Option<&str>, lowering: Option<&str>) -> String {
    let mut text = format!("The model rates this customer at {rating}.");
    if let Some(family) = raising {
        text += &format!(" Raising it most: {family}.");
    }
    if let Some(family) = lowering {
        text += &format!(" Lowering it most: {family}.");
    }
    text
}

pub fn having(level: &str, label: &str) -> String {
    format!("Having {level} rather than another {}", within(label))
}

pub fn being_in_range(range: &str) -> String {
    format!("Being in the range {range} rather than another")
}

/// The LIME sentence after its condition.
pub fn lime_effect(condition: &str, weight: f64) -> String {
    let verb = if weight < 0.0 { "lowers" } else { "raises" };
    let points = points(weight.abs());
    let points = points.trim_start_matches('+').replace(" pts", " points");
    format!(
        "{condition} {verb} the model's estimate by {points} on average, over artificial \
         customers whose other features are drawn independently."
    )
}

pub fn contribution_effect(label: &str, contribution: f64) -> String {
    let size = weight(contribution.abs());
    let size = size.trim_start_matches('+');
    let adds = if contribution < 0.0 {
        format!("takes away {size} log-odds")
    } else {
        format!("adds {size} log-odds")
    };
    format!(
        "{label}: against the average training customer, this {adds}. Base and contributions add \
         up exactly to the estimate's log-odds."
    )
}

pub fn fidelity(local: f64, model: &str, r2: Option<f64>) -> String {
    let head = format!(
        "LIME's simple summary gives {}, the model {model}",
        percent(local)
    );
    match r2 {
        Some(r2) => format!(
            "{head}; it captures {} (R²) of the variation it was fitted to.",
            percent(r2)
        ),
        None => head + ".",
    }
}

pub fn impossible_summary(local: f64) -> String {
    format!(
        "The summary gives {}, not a possible probability. Read direction, not size.",
        percent(local)
    )
}

pub fn imputed(label: &str, value: &str, how: &str) -> String {
    format!("{label} is missing in the data; the model uses {value} ({how}).")
}

pub fn product(labels: &[&str]) -> String {
    labels.join(" × ")
}

pub const MEDIAN: &str = "the median";
pub const MOST_FREQUENT: &str = "the most frequent value";

pub fn outside(low: &str, high: &str) -> String {
    format!("Outside the data ({low}–{high})")
}

pub const EXPECTED_NUMBER: &str = "Expected a number; the last one still counts";

pub fn refused_edits(edits: &[(String, String)]) -> String {
    if edits.is_empty() {
        return String::new();
    }
    let edits: Vec<String> = edits
        .iter()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    format!("This data does not know {}: left out.", edits.join(", "))
}
