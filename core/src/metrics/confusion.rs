//! Decisions at one threshold, and the report on them.

use serde::{Deserialize, Serialize};

use crate::math::share;

/// Decisions against labels, in rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Confusion {
    /// Stayed, rated to stay.
    pub true_negatives: u64,
    /// Stayed, rated to leave.
    pub false_positives: u64,
    /// Left, rated to stay.
    pub false_negatives: u64,
    /// Left, rated to leave.
    pub true_positives: u64,
}

/// Precision, recall and F1 of one class or an average of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ClassScores {
    /// Share of the decisions for the class that are right.
    pub precision: f64,
    /// Share of the class that is found.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
    /// Rows of the class.
    pub support: u64,
}

/// The classification report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Those who stay.
    pub negative: ClassScores,
    /// Those who leave.
    pub positive: ClassScores,
    /// Plain mean of both classes.
    pub macro_average: ClassScores,
    /// Mean of both classes by their rows.
    pub weighted_average: ClassScores,
}

impl Confusion {
    /// Decisions "leaves" for probabilities at or above the threshold.
    pub fn at(probabilities: &[f64], labels: &[bool], threshold: f64) -> Self {
        let mut counts = Self::default();
        for (&p, &left) in probabilities.iter().zip(labels) {
            *counts.count(p >= threshold, left) += 1;
        }
        counts
    }

    /// The count of a decision and an outcome.
    pub(crate) fn count(&mut self, leaves: bool, left: bool) -> &mut u64 {
        match (leaves, left) {
            (false, false) => &mut self.true_negatives,
            (true, false) => &mut self.false_positives,
            (false, true) => &mut self.false_negatives,
            (true, true) => &mut self.true_positives,
        }
    }

    /// Adds the counts of others.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.true_negatives += other.true_negatives;
        self.false_positives += other.false_positives;
        self.false_negatives += other.false_negatives;
        self.true_positives += other.true_positives;
    }

    /// Number of rows.
    pub fn rows(&self) -> u64 {
        self.true_negatives + self.false_positives + self.false_negatives + self.true_positives
    }

    /// Share of right decisions.
    pub fn accuracy(&self) -> f64 {
        share(self.true_negatives + self.true_positives, self.rows())
    }

    /// Precision, recall and F1 by class.
    pub fn report(&self) -> Report {
        let class = |hits: u64, wrongly_taken: u64, missed: u64| {
            let precision = share(hits, hits + wrongly_taken);
            let recall = share(hits, hits + missed);
            let f1 = share(2 * hits, 2 * hits + wrongly_taken + missed);
            ClassScores {
                precision,
                recall,
                f1,
                support: hits + missed,
            }
        };
        let negative = class(
            self.true_negatives,
            self.false_negatives,
            self.false_positives,
        );
        let positive = class(
            self.true_positives,
            self.false_positives,
            self.false_negatives,
        );
        let average = |weight: f64| {
            let mean = |of: fn(&ClassScores) -> f64| {
                weight * of(&negative) + (1.0 - weight) * of(&positive)
            };
            ClassScores {
                precision: mean(|s| s.precision),
                recall: mean(|s| s.recall),
                f1: mean(|s| s.f1),
                support: self.rows(),
            }
        };
        Report {
            negative,
            positive,
            macro_average: average(0.5),
            weighted_average: average(share(negative.support, self.rows())),
        }
    }
}
