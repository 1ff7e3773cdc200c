//! Texts of the rule, and of the rows that figures are computed on.

use crate::evaluation::{Basis, FEWEST_OF_CLASS, FEWEST_ROWS};
use crate::number::{count, cut, percent};

// Rule.
pub const MODEL: &str = "Model";
pub const RULE: &str = "Who is flagged";
pub const FLAG: &str = "Flag:";
pub const RISK_FROM: &str = "risk ≥";
pub const TOP: &str = "top";
pub const OR: &str = "or";
pub const PERCENT_UNIT: &str = "%";
pub const CUSTOMERS_UNIT: &str = "customers";
pub const RULE_RISK: &str = "Flag from this risk, in percent";
pub const RULE_TOP: &str = "Flag this many customers";
pub const RULE_TOP_PERCENT: &str = "Flag this share of the customers, in percent";
pub const RULE_SLIDER: &str = "Risk from which customers are flagged";
pub const TRADE_OFF: &str = "Trade-off ›";
pub const CLOSE: &str = "Close";

pub fn flagged(number: usize) -> String {
    format!("{} flagged", count(number))
}

/// What a slider at this cut says to those who cannot see it.
pub fn rule_spoken(threshold: f64, number: usize) -> String {
    format!("Risk ≥ {}, {}", cut(threshold), flagged(number))
}

/// The rule where there is room for little.
pub fn rule_chip(threshold: f64, number: usize) -> String {
    format!("Flag: risk ≥ {} · {}", cut(threshold), flagged(number))
}

/// Why more are flagged than were asked for.
pub fn ties(more: usize) -> String {
    let share = if more == 1 { "one shares" } else { "share" };
    let more = if more == 1 {
        String::new()
    } else {
        format!("{} ", count(more))
    };
    format!("{more}{share} the last one's risk")
}

pub fn flagged_of_listed(flagged: usize, listed: usize) -> String {
    format!("{} of the {} listed", count(flagged), count(listed))
}

/// What became of the rows at or above the cut.
pub fn left_at_cut(basis: Basis, right: Option<f64>) -> String {
    let whom = whom(basis);
    match right {
        Some(right) => format!("Of {whom} at this cut, {} left", percent(right)),
        None => format!("None of the {whom} reaches this cut"),
    }
}

/// Whom the figures are about.
pub(super) fn whom(basis: Basis) -> &'static str {
    match basis {
        Basis::HeldOut => "held-out customers",
        _ => "labelled customers",
    }
}

/// Which rows the figures of the page are computed on, or why there are none.
pub fn basis(basis: Basis, rows: usize, enough: bool) -> String {
    let rows = count(rows);
    if !enough
        && matches!(
            basis,
            Basis::HeldOut | Basis::OtherData | Basis::UnknownData | Basis::AllRows
        )
    {
        return format!(
            "No figures: {rows} {} are too few. It takes {FEWEST_ROWS}, with {FEWEST_OF_CLASS} of \
             each outcome.",
            whom(basis)
        );
    }
    match basis {
        Basis::HeldOut => format!(
            "Figures are computed on {rows} held-out customers, whom the model has not seen."
        ),
        Basis::OtherData => format!(
            "This data is not what the model was trained on: figures are computed on all {rows} \
             labelled customers."
        ),
        Basis::UnknownData => format!(
            "The model does not say what it was trained on: figures are computed on all {rows} \
             labelled customers, whom it may have seen."
        ),
        Basis::AllRows => format!(
            "Figures are computed on all {rows} labelled customers: the model was trained on most \
             of them, so they flatter it."
        ),
        Basis::NothingHeldOut => "No figures: the model was trained on all of these customers. \
             Train with some held out."
            .into(),
        Basis::NoOutcomes => "No figures: the data does not say who left.".into(),
    }
}
