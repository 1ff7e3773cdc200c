//! Texts of the table of customers.

use churn_core::Method;

use crate::explorer::Part;

pub const ID: &str = "ID";
pub const CARDS: &str = "Cards show no columns; the export has those that are chosen here.";
pub const RISK: &str = "Risk";
pub const OUTCOME: &str = "Outcome";
pub const PART: &str = "Part";
pub const PART_HELP: &str = "What the model used the customer for. Only held-out customers are \
    new to it; on the training ones it looks better than it is.";
pub const REASONS: &str = "Main reasons";
pub const TABLE_HELP: &str = "Arrow keys move through the customers, Enter opens one, S stars \
    one, Shift with an arrow key several, P pins to the top. Headers sort; with Shift, as a further key. On a header, Alt with Left or \
    Right makes its column narrower or wider, Alt with 0 as wide as at first.";
pub const EDGE: &str = "Drag to resize, double click to reset (Alt + ← → 0)";

// Marks.
pub const STAR_HEAD: &str = "★";
pub const STAR_HELP: &str =
    "Your stars. With Shift, a click or an arrow key gives one to all between.";
pub const STAR: &str = "Star (S)";
pub const PIN: &str = "Pin to the top (P)";
pub const PINNED: &str = "Pinned customers";

// Tools.
pub const COLUMNS: &str = "Columns";
pub const ALL: &str = "All";
pub const NONE: &str = "None";
pub const RESET: &str = "Reset";
pub const VALUE: &str = "Value";
pub const WEIGHT: &str = "Weight";
pub const SHOW: &str = "Show";
pub const CELLS_SHOW: &str = "Cells show";
pub const SHOW_VALUES: &str = "Values";
pub const SHOW_WEIGHTS: &str = "Weights";
pub const SHOW_BOTH: &str = "Both";
pub const COLOUR_BY: &str = "Colour by";
pub const NO_COLOUR: &str = "Nothing";

// Comparison.
pub const COMPARE: &str = "Compare";
pub const COMPARE_HELP: &str = "The two customers who were pinned first, side by side";
pub const SWAP: &str = "Swap";
pub const DIFFERENCE: &str = "Difference";
pub const DIFFERS: &str = "differs";

/// What the model used a customer for.
pub fn part(part: Part) -> &'static str {
    match part {
        Part::Training => "Training",
        Part::HeldOut => "Held-out",
        Part::NotUsed => "Not used",
    }
}

/// Head of a column of weights.
pub fn weight_of(label: &str, method: Method) -> String {
    match method {
        Method::Exact | Method::Sampled => format!("LIME weight of {label}"),
        Method::Contributions => format!("Log-odds of {label}"),
    }
}

/// The mark of a column that decides about the order.
pub fn order_mark(descending: bool, place: usize, several: bool) -> String {
    let arrow = if descending { " ↓" } else { " ↑" };
    if several {
        format!("{arrow}{}", place + 1)
    } else {
        arrow.into()
    }
}

/// The place of a column among several that decide.
pub fn sort_key(place: usize, descending: bool) -> String {
    let direction = if descending {
        "descending"
    } else {
        "ascending"
    };
    format!("Sort key {}, {direction}", place + 1)
}

/// What a box of the columns' menu shows or hides.
pub fn value_column(label: &str) -> String {
    format!("{label}: value")
}

/// What a box of the columns' menu shows or hides.
pub fn weight_column(label: &str) -> String {
    format!("{label}: weight")
}

/// Two customers.
pub fn compared(first: &str, second: &str) -> String {
    format!("{first} and {second}")
}

/// Marks behind an id: a value was filled in, the customer was edited.
pub fn notes(filled: bool, edited: bool) -> &'static str {
    match (filled, edited) {
        (false, false) => "",
        (true, false) => " ≈",
        (false, true) => " ✎",
        (true, true) => " ≈ ✎",
    }
}
pub const EDITED_TITLE: &str = "Edited: open to see the changes";
