//! How far a distribution has moved from that of the data a model was trained
//! from: four figures, each with its formula, base and threshold.

mod grid;
mod levels;

use serde::{Deserialize, Serialize};

pub(crate) use grid::Cells;
pub use grid::Grid;
pub use levels::{jensen_shannon, psi};

/// A figure of drift. All are 0 for equal distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DriftMethod {
    /// Population stability index of levels: Σ (p − q) ln(p / q) over the shares
    /// p of the training data and q of now. A share of nothing counts as 0.0001;
    /// where the smallest share above 0 is no larger than that, as a millionth
    /// of it. As Evidently 0.7 does.
    Psi,
    /// Jensen-Shannon distance of levels: √(½ Σ p ln(p / m) + ½ Σ q ln(q / m)),
    /// m = ½ (p + q); natural logarithm, nothing filled in. As SciPy and
    /// Evidently do; at most √ln 2 = 0.83.
    JensenShannon,
    /// Wasserstein distance of numbers, in standard deviations of the training
    /// data (at least 0.001): ∫ |F(x) − G(x)| dx / sd, on a [`Grid`].
    Wasserstein,
    /// Kolmogorov-Smirnov statistic of numbers: max |F(x) − G(x)|, on a [`Grid`].
    KolmogorovSmirnov,
}

impl DriftMethod {
    /// From here on a feature has drifted: Evidently's default for the first
    /// three, NannyML's for the last.
    pub const THRESHOLD: f64 = 0.1;
}

/// What a feature's drift amounts to, by one method.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DriftFigure {
    /// The formula and its base.
    pub method: DriftMethod,
    /// Its value.
    pub value: f64,
    /// From here on it counts as drift.
    pub threshold: f64,
}

impl DriftFigure {
    pub(crate) fn new(method: DriftMethod, value: f64) -> Self {
        Self {
            method,
            value,
            threshold: DriftMethod::THRESHOLD,
        }
    }

    /// Whether the value has reached the threshold.
    pub fn is_drift(&self) -> bool {
        self.value >= self.threshold
    }
}

/// Adds counts to those of the same places; what is empty has no place yet.
pub(crate) fn add_counts(sums: &mut Vec<u32>, counts: &[u32]) {
    if sums.len() < counts.len() {
        sums.resize(counts.len(), 0);
    }
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
    }
}
