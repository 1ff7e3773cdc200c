//! How good decisions are, estimated from the probabilities alone, before it is
//! known who left: confidence-based performance estimation.
//!
//! A calibrated probability p says how often a decision is right: p where it is
//! "leaves", 1 − p where it is "stays". Sums of these are the expected counts
//! of a confusion matrix, from which all else follows, as in NannyML 0.13. The
//! probabilities are taken as they are: those of a logistic regression are
//! calibrated on data like its training data.
//!
//! What it cannot see: a change of what makes customers leave (concept drift).
//! It trusts the model's probabilities, so it stays high while the truth falls.

use serde::{Deserialize, Serialize};

/// Expected counts of decisions. Sums: those of two windows add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// Expected number of those who stay and are rated to stay.
    pub true_negatives: f64,
    /// Stay, rated to leave.
    pub false_positives: f64,
    /// Leave, rated to stay.
    pub false_negatives: f64,
    /// Leave, rated to leave.
    pub true_positives: f64,
    /// Variance of the number of right decisions, were the probabilities true:
    /// Σ p (1 − p).
    pub variance: f64,
}

impl Estimate {
    /// The estimate of decisions "leaves" at or above the threshold.
    pub fn at(probabilities: &[f64], threshold: f64) -> Self {
        let mut estimate = Self::default();
        for &p in probabilities {
            estimate.add(p, p >= threshold);
        }
        estimate
    }

    /// Adds a decision.
    pub fn add(&mut self, probability: f64, leaves: bool) {
        self.add_times(1.0, probability, leaves);
    }

    /// Adds a decision so many times; -1 takes it back.
    pub(crate) fn add_times(&mut self, times: f64, probability: f64, leaves: bool) {
        let (stays, leaves) = match leaves {
            true => (&mut self.false_positives, &mut self.true_positives),
            false => (&mut self.true_negatives, &mut self.false_negatives),
        };
        *stays += times * (1.0 - probability);
        *leaves += times * probability;
        self.variance += times * probability * (1.0 - probability);
    }

    /// Adds the decisions of another window.
    pub fn merge(&mut self, other: &Self) {
        self.true_negatives += other.true_negatives;
        self.false_positives += other.false_positives;
        self.false_negatives += other.false_negatives;
        self.true_positives += other.true_positives;
        self.variance += other.variance;
    }

    /// Expected number of right decisions.
    pub fn right(&self) -> f64 {
        self.true_negatives + self.true_positives
    }

    fn rows(&self) -> f64 {
        self.right() + self.false_positives + self.false_negatives
    }

    /// Expected share of right decisions; 0 of none, as all that follows.
    pub fn accuracy(&self) -> f64 {
        share(self.right(), self.rows())
    }

    /// Of those rated to leave, the share that leaves.
    pub fn precision(&self) -> f64 {
        let rated = self.true_positives + self.false_positives;
        share(self.true_positives, rated)
    }

    /// Of those who leave, the share that is rated so.
    pub fn recall(&self) -> f64 {
        let left = self.true_positives + self.false_negatives;
        share(self.true_positives, left)
    }

    /// Of those who stay, the share that is rated so.
    pub fn specificity(&self) -> f64 {
        let stayed = self.true_negatives + self.false_positives;
        share(self.true_negatives, stayed)
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        let hits = 2.0 * self.true_positives;
        share(hits, hits + self.false_positives + self.false_negatives)
    }

    /// Standard deviation of the accuracy that comes about, were the
    /// probabilities true.
    pub fn accuracy_sd(&self) -> f64 {
        // Rounding may leave a little less than nothing.
        share(libm::sqrt(self.variance.max(0.0)), self.rows())
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certain_probabilities_are_right_and_halves_are_a_coin() {
        let certain = Estimate::at(&[0.0, 1.0, 1.0], 0.5);
        assert_eq!((certain.accuracy(), certain.accuracy_sd()), (1.0, 0.0));
        assert_eq!((certain.precision(), certain.recall()), (1.0, 1.0));
        let coin = Estimate::at(&[0.5; 4], 0.5);
        assert_eq!((coin.accuracy(), coin.accuracy_sd()), (0.5, 0.25));
        assert_eq!(Estimate::default().accuracy(), 0.0);
    }

    #[test]
    fn windows_add_up() {
        let all = [0.1, 0.7, 0.4, 0.9];
        let mut both = Estimate::at(&all[..2], 0.5);
        both.merge(&Estimate::at(&all[2..], 0.5));
        assert!((both.accuracy() - Estimate::at(&all, 0.5).accuracy()).abs() < 1e-15);
    }
}
