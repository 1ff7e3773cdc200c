//! Texts of the comparison with another model.

use churn_core::paired::Paired;
use churn_core::retraining::judge;

use super::runs::p_value;
use crate::evaluation::{FEWEST_OF_CLASS, FEWEST_ROWS};
use crate::number::{count, with_sign};
use crate::rival::Comparison;

pub const RIVAL: &str = "Is another model better?";
pub const RIVAL_HELP: &str = "Choose the document of another model, as churn train or churn run model writes it: the \
    customers are scored by both, here on this page, and are sent nowhere. It is forgotten when \
    the page is reloaded.";
pub const CHOOSE_RIVAL: &str = "Choose a model";
pub const REMOVE_RIVAL: &str = "Remove it";
pub const READING_RIVAL: &str = "Scoring the customers …";
pub const RIVAL_REMOVED: &str = "Removed.";
pub const RIVAL_HEADS: [&str; 4] = ["", "This model", "The other model", "Difference"];
pub const OWN_CUT: &str = "Its own cut";
pub const OWN_ACCURACY: &str = "Accuracy at its cut";
pub const ECE: &str = "Calibration error (ECE)";
/// Heads of the file: a figure with its interval, for both and for the difference.
pub const RIVAL_FILE_HEADS: [&str; 10] = [
    "",
    "This model",
    "This model, 95% from",
    "This model, 95% to",
    "The other model",
    "The other model, 95% from",
    "The other model, 95% to",
    "Difference",
    "Difference, 95% from",
    "Difference, 95% to",
];

pub fn rival_read(file: &str) -> String {
    format!("{file} is compared.")
}

/// Whom both are judged by.
pub fn rival_basis(file: &str, is_of_same_data: bool, told: &Comparison) -> String {
    let rows = count(told.rows);
    let mut out = match &told.judged {
        Some(_) => format!(
            "{file}, beside this page’s model, on {rows} customers that neither has been trained \
             on."
        ),
        None => format!(
            "No figures of {file}: {rows} customers that neither model has been trained on are \
             too few. It takes {FEWEST_ROWS}, with {FEWEST_OF_CLASS} of each outcome. Train the \
             other model with the same customers held out: on the same file, with the same seed \
             and share, or with their ids (churn train --holdout-ids)."
        ),
    };
    if told.judged.is_some() && told.rows < told.own_rows {
        out += &format!(
            " This model alone could be judged on {}: the others were used to train the other one, \
             or it cannot read them.",
            count(told.own_rows)
        );
    }
    if !is_of_same_data {
        out += " Its document names other data than these customers: whether it was trained on \
                some of them is not known.";
    }
    out
}

/// How many are decided otherwise.
pub fn decided_otherwise(told: &Comparison) -> String {
    let [own, other] = told.flagged_by_one;
    format!(
        "Each at its own cut, they decide otherwise on {} of {} customers: {} are flagged by this \
         model alone, {} by the other one alone.",
        count(own + other),
        count(told.customers),
        count(own),
        count(other)
    )
}

/// Whose decisions are right where they differ.
pub fn only_right(paired: &Paired) -> String {
    let [own, other] = [paired.only_first, paired.only_second].map(|rows| count(rows as usize));
    format!(
        "Of the customers that neither has been trained on, {own} are decided rightly by this \
         model alone, {other} by the other one alone ({} by McNemar’s test).",
        p_value(paired.p_value)
    )
}

/// Whether the other one is better, by the rule that challengers are judged by.
pub fn rival_verdict(paired: &Paired) -> String {
    let (is_better, reason) = judge(paired);
    match is_better {
        true => format!("The other model is better: {reason}."),
        false if paired.roc_auc.interval.high < 0.0 => RIVAL_WORSE.into(),
        false => format!("The other model is not shown to be better: {reason}."),
    }
}

const RIVAL_WORSE: &str =
    "The other model is worse: it tells customers apart worse, beyond chance.";

/// A difference of shares.
pub fn exact_points(difference: f64) -> String {
    with_sign(difference * 100.0, 1) + " pts"
}

/// A difference of figures.
pub fn difference(difference: f64) -> String {
    with_sign(difference, 3)
}

/// The ends of a difference.
pub fn difference_interval(low: f64, high: f64) -> String {
    format!("95%: {} to {}", difference(low), difference(high))
}
