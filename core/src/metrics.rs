//! How good probabilities are, against labels.
//!
//! Definitions are scikit-learn's: ties share a threshold, the positive class
//! is that of those who leave, a rate without rows is 0.

mod confusion;
mod curve;

use serde::{Deserialize, Serialize};

pub use confusion::{ClassScores, Confusion, Report};
pub use curve::{CurvePoint, average_precision, curve, roc_auc};

use crate::math::share;

/// Bins of equal width of the calibration and of ECE.
pub const CALIBRATION_BINS: usize = 10;

/// Scores of probabilities on labelled rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Number of rows.
    pub rows: u64,
    /// Share of rows whose decision at the threshold is right.
    pub accuracy: f64,
    /// Area under the ROC curve; 0.5 where one class is missing.
    pub roc_auc: f64,
    /// Average precision: Σ (recall step) × precision.
    pub average_precision: f64,
    /// Mean log loss, probabilities clipped by the machine epsilon.
    pub log_loss: f64,
    /// Mean squared error of the probability.
    pub brier: f64,
    /// Expected calibration error over [`CALIBRATION_BINS`] bins.
    pub ece: f64,
    /// Decisions at the threshold.
    pub confusion: Confusion,
    /// Non-empty calibration bins.
    pub calibration: Vec<CalibrationBin>,
}

/// One bin of the calibration: rated so high, left so often.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CalibrationBin {
    /// Lower end of the bin, included.
    pub low: f64,
    /// Upper end, not included (but by the last bin).
    pub high: f64,
    /// Rows in the bin.
    pub rows: u64,
    /// Mean probability of its rows.
    pub mean_probability: f64,
    /// Share of its rows that left.
    pub observed: f64,
}

impl Metrics {
    /// Scores probabilities on labels of equal length; nothing without rows.
    pub fn measure(probabilities: &[f64], labels: &[bool], threshold: f64) -> Option<Self> {
        let rows = probabilities.len();
        if rows == 0 || rows != labels.len() {
            return None;
        }
        let n = rows as f64;
        let confusion = Confusion::at(probabilities, labels, threshold);
        let curve = curve(probabilities, labels);
        let calibration = calibration(probabilities, labels);
        let ece: f64 = calibration
            .iter()
            .map(|bin| (bin.mean_probability - bin.observed).abs() * bin.rows as f64)
            .sum();
        Some(Self {
            rows: rows as u64,
            accuracy: confusion.accuracy(),
            roc_auc: roc_auc(&curve),
            average_precision: average_precision(&curve),
            log_loss: log_loss(probabilities, labels),
            brier: brier(probabilities, labels),
            ece: ece / n,
            confusion,
            calibration,
        })
    }
}

fn indicator(label: bool) -> f64 {
    f64::from(u8::from(label))
}

/// Mean log loss.
pub fn log_loss(probabilities: &[f64], labels: &[bool]) -> f64 {
    let of = |(p, &y): (&f64, &bool)| {
        let p = p.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
        -libm::log(if y { p } else { 1.0 - p })
    };
    probabilities.iter().zip(labels).map(of).sum::<f64>() / probabilities.len() as f64
}

/// Mean squared error of the probability.
pub fn brier(probabilities: &[f64], labels: &[bool]) -> f64 {
    let pairs = probabilities.iter().zip(labels);
    let squares: f64 = pairs
        .map(|(p, &y)| (p - indicator(y)) * (p - indicator(y)))
        .sum();
    squares / probabilities.len() as f64
}
/// Calibration over bins of equal width; empty bins are left out.
pub fn calibration(probabilities: &[f64], labels: &[bool]) -> Vec<CalibrationBin> {
    let mut sums = [(0_u64, 0.0, 0_u64); CALIBRATION_BINS];
    for (p, &label) in probabilities.iter().zip(labels) {
        let bin = calibration_bin(*p);
        let (rows, sum, left) = &mut sums[bin];
        *rows += 1;
        *sum += p;
        *left += u64::from(label);
    }
    sums.iter()
        .enumerate()
        .filter(|(_, (rows, ..))| *rows > 0)
        .map(|(bin, &(rows, sum, left))| CalibrationBin::new(bin, rows, sum, left))
        .collect()
}

/// The bin of a probability.
pub(crate) fn calibration_bin(probability: f64) -> usize {
    ((probability * CALIBRATION_BINS as f64) as usize).min(CALIBRATION_BINS - 1)
}

impl CalibrationBin {
    /// A bin with rows: their number, sum of probabilities, and who left.
    pub(crate) fn new(bin: usize, rows: u64, sum: f64, left: u64) -> Self {
        let end = |bin: usize| bin as f64 / CALIBRATION_BINS as f64;
        Self {
            low: end(bin),
            high: end(bin + 1),
            rows,
            mean_probability: sum / rows as f64,
            observed: share(left, rows),
        }
    }
}
