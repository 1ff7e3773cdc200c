//! What the model used each customer for.

use churn_core::Dataset;
use churn_core::artefact::TrainingRecord;

/// What the model used a customer for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Trained on.
    Training,
    /// Held out, to score the model.
    HeldOut,
    /// Left out: a value or the outcome is missing.
    NotUsed,
}

/// What the model used each customer for: those held out are known by their
/// positions, ascending; the rest of the complete ones it was trained on.
pub fn parts(data: &Dataset, imputed: &[Vec<usize>], training: &TrainingRecord) -> Vec<Part> {
    let part = |(row, filled): (usize, &Vec<usize>)| {
        if !filled.is_empty() || data.label(row).is_none() {
            Part::NotUsed
        } else if training.is_held_out(data.position(row)) {
            Part::HeldOut
        } else {
            Part::Training
        }
    };
    imputed.iter().enumerate().map(part).collect()
}
