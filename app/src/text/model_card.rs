//! Texts of the model's page below the decision: what the model goes by, its
//! groups, its card.

use churn_core::cross_validation::CrossValidation;
use churn_core::metrics::Metrics;
use churn_core::train::Solver;

use super::model_page::{exact_percent, figure};
use crate::number::{count, fixed, shortest};

// Model: rows and importance.
pub const ALL_ROWS: &str = "Include the customers it was trained on";
pub const IMPORTANCE: &str = "What does it go by?";
pub const IMPORTANCE_HELP: &str = "How far each feature moves the estimate, up or down, averaged \
    over the same customers as above. Both explain the model, not why customers leave.";
pub const IMPORTANCE_BY_COHORT: &str = "The cohort, everyone, the cohorts that you keep, and the \
    cohort by outcome, each on the same kind of rows as above.";
pub const MEAN_LIME: &str = "Mean |LIME weight|";
pub const MEAN_LOG_ODDS: &str = "Mean |log-odds|";
pub const BY_COHORT: &str = "By cohort";
pub const IN_LOG_ODDS: &str = "In log-odds";
pub const WORST_GROUPS: &str = "All features, worst groups first";

pub fn of_outcome(left: bool) -> &'static str {
    if left {
        "Of these, left"
    } else {
        "Of these, stayed"
    }
}

pub fn customers(number: usize) -> String {
    format!("{} customers", count(number))
}

// Model: coefficients, slices, card.
pub const COEFFICIENTS: &str = "What does the model weigh?";
pub const COEFFICIENTS_HELP: &str = "Log-odds that a value adds, against the average training \
    customer; for a number, what one standard deviation more adds.";
pub const COEFFICIENT_HEADS: [&str; 4] = ["Feature", "Value", "Log-odds", "Odds ratio"];
pub const SLICES: &str = "Is it as good for every group?";
pub const SLICES_HELP: &str = "At this cut, on the same customers as above. A group with fewer \
    than 50 customers, or 10 of an outcome, has no figures.";
pub const SLICE_HEADS: [&str; 8] = [
    "Group",
    "Customers",
    "Left",
    "Mean risk",
    "Flagged",
    "Of those flagged, left",
    "Of those who left, flagged",
    "Right decisions",
];
pub const TOO_FEW: &str = "too few";
pub const CARD: &str = "How was it made?";
pub const CARD_HELP: &str = "The model's card: the record of its training, as its document has \
    it, and what the figures above say.";
pub const CARD_TITLE: &str = "Model card: who is about to leave";
pub const PRINT: &str = "Print";
pub const SAVE_MARKDOWN: &str = "Markdown";
pub const CARD_BASIS: &str = "Judged on";
pub const CARD_CUT: &str = "At the cut";
pub const CARD_RATES: &str = "Flags";
pub const CARD_LIFT: &str = "Lift";
pub const CARD_PROTECTED: &str = "Protected";
pub const CARD_LIMITS: &str = "Limits";

pub fn protected(labels: &[&str]) -> String {
    format!("{}: shown, never offered as a lever.", labels.join(", "))
}

pub const CARD_HEADS: [&str; 2] = ["", ""];
pub const CARD_KIND: &str = "Model";
pub const CARD_C: &str = "C (inverse of the penalty)";
pub const CARD_FIT: &str = "Fit";
pub const CARD_DATA: &str = "SHA-256 of the data";
pub const CARD_ROWS: &str = "Rows of the data";
pub const CARD_INCOMPLETE: &str = "… incomplete, not used";
pub const CARD_SKIPPED: &str = "… unreadable, skipped";
pub const CARD_HELD_OUT: &str = "… held out of the training";
pub const CARD_TRAIN_SCORES: &str = "Scores on the training rows";
pub const CARD_TEST_SCORES: &str = "Scores on the rows held out";
pub const CARD_THRESHOLD: &str = "Cut of the model itself";

pub fn times(factor: f64) -> String {
    format!("× {}", fixed(factor, 2))
}

pub fn per_step(step: &str) -> String {
    format!("{step} more")
}

pub fn solver(solver: Solver, balanced: bool) -> String {
    let solver = match solver {
        Solver::NewtonCholesky => "Newton's method",
        Solver::Lbfgs => "L-BFGS",
    };
    let weights = if balanced { ", classes balanced" } else { "" };
    format!("Logistic regression, L2 penalty, by {solver}{weights}")
}

pub fn regularisation(c: f64, chosen: Option<&CrossValidation>) -> String {
    let c = shortest(c, 4);
    match chosen {
        Some(_) => format!("{c}, chosen by cross-validation"),
        None => format!("{c}, fixed"),
    }
}

pub fn solved(converged: bool, steps: u64) -> String {
    let reached = if converged {
        "Converged"
    } else {
        "Did not converge"
    };
    match steps {
        0 => reached.into(),
        steps => format!("{reached} after {steps} steps"),
    }
}

pub fn held_out(rows: usize, seed: Option<u32>) -> String {
    match seed {
        Some(seed) => format!("{}, drawn with seed {seed}", count(rows)),
        None => count(rows),
    }
}

pub fn scores(scores: &Metrics) -> String {
    format!(
        "accuracy {}, AUC {}, log loss {}, Brier {}",
        exact_percent(scores.accuracy),
        figure(scores.roc_auc),
        figure(scores.log_loss),
        figure(scores.brier)
    )
}
