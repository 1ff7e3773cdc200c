//! How good probabilities are, against labels.
//!
//! Definitions are scikit-learn's: ties share a threshold, the positive class
//! is that of those who leave, a rate without rows is 0.

use serde::{Deserialize, Serialize};

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
    /// Precision, recall and F1 by class.
    pub report: Report,
    /// Non-empty calibration bins.
    pub calibration: Vec<CalibrationBin>,
}

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
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

/// A point of the ROC and precision–recall curves: all rows rated at or above
/// the threshold are taken to leave.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurvePoint {
    /// Smallest probability that is taken to leave.
    pub threshold: f64,
    /// Rows taken to leave that did.
    pub true_positives: u64,
    /// Rows taken to leave that stayed.
    pub false_positives: u64,
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
        let pairs = || probabilities.iter().zip(labels);
        let squares: f64 = pairs()
            .map(|(p, &y)| (p - indicator(y)) * (p - indicator(y)))
            .sum();
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
            brier: squares / n,
            ece: ece / n,
            confusion,
            report: confusion.report(),
            calibration,
        })
    }
}

fn indicator(label: bool) -> f64 {
    f64::from(u8::from(label))
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// Mean log loss.
pub fn log_loss(probabilities: &[f64], labels: &[bool]) -> f64 {
    let of = |(p, &y): (&f64, &bool)| {
        let p = p.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
        -libm::log(if y { p } else { 1.0 - p })
    };
    probabilities.iter().zip(labels).map(of).sum::<f64>() / probabilities.len() as f64
}

/// The curve's points at every distinct probability, from the highest down.
pub fn curve(probabilities: &[f64], labels: &[bool]) -> Vec<CurvePoint> {
    let mut rated: Vec<(f64, bool)> = probabilities
        .iter()
        .copied()
        .zip(labels.iter().copied())
        .collect();
    rated.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let mut points: Vec<CurvePoint> = Vec::new();
    let (mut true_positives, mut false_positives) = (0, 0);
    for (threshold, label) in rated {
        true_positives += u64::from(label);
        false_positives += u64::from(!label);
        let point = CurvePoint {
            threshold,
            true_positives,
            false_positives,
        };
        match points.last_mut() {
            Some(last) if last.threshold == threshold => *last = point,
            _ => points.push(point),
        }
    }
    points
}

/// Area under the ROC curve, by trapezoids; 0.5 where one class is missing.
pub fn roc_auc(curve: &[CurvePoint]) -> f64 {
    let Some(end) = curve.last() else { return 0.5 };
    if end.true_positives == 0 || end.false_positives == 0 {
        return 0.5;
    }
    let (mut area, mut before) = (0.0, (0, 0));
    for point in curve {
        let width = (point.false_positives - before.1) as f64;
        area += width * 0.5 * (point.true_positives + before.0) as f64;
        before = (point.true_positives, point.false_positives);
    }
    area / (end.true_positives as f64 * end.false_positives as f64)
}

/// Average precision; 0 where nobody left.
pub fn average_precision(curve: &[CurvePoint]) -> f64 {
    let left = curve.last().map_or(0, |end| end.true_positives);
    let (mut sum, mut before) = (0.0, 0);
    for point in curve {
        let step = share(point.true_positives - before, left);
        sum += step
            * share(
                point.true_positives,
                point.true_positives + point.false_positives,
            );
        before = point.true_positives;
    }
    sum
}

/// Calibration over bins of equal width; empty bins are left out.
pub fn calibration(probabilities: &[f64], labels: &[bool]) -> Vec<CalibrationBin> {
    let mut sums = [(0_u64, 0.0, 0_u64); CALIBRATION_BINS];
    for (p, &label) in probabilities.iter().zip(labels) {
        let bin = ((p * CALIBRATION_BINS as f64) as usize).min(CALIBRATION_BINS - 1);
        let (rows, sum, left) = &mut sums[bin];
        *rows += 1;
        *sum += p;
        *left += u64::from(label);
    }
    let end = |bin: usize| bin as f64 / CALIBRATION_BINS as f64;
    sums.iter()
        .enumerate()
        .filter(|(_, (rows, ..))| *rows > 0)
        .map(|(bin, &(rows, sum, left))| CalibrationBin {
            low: end(bin),
            high: end(bin + 1),
            rows,
            mean_probability: sum / rows as f64,
            observed: share(left, rows),
        })
        .collect()
}

impl Confusion {
    /// Decisions "leaves" for probabilities at or above the threshold.
    pub fn at(probabilities: &[f64], labels: &[bool], threshold: f64) -> Self {
        let mut counts = Self::default();
        for (&p, &left) in probabilities.iter().zip(labels) {
            let slot = match (p >= threshold, left) {
                (false, false) => &mut counts.true_negatives,
                (true, false) => &mut counts.false_positives,
                (false, true) => &mut counts.false_negatives,
                (true, true) => &mut counts.true_positives,
            };
            *slot += 1;
        }
        counts
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
