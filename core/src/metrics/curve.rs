//! Decisions at every threshold: the ROC and precision–recall curves.

use serde::Serialize;

use crate::math::{share, sort_places};

/// A point of the ROC and precision–recall curves: all rows rated at or above
/// the threshold are taken to leave.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Smallest probability that is taken to leave.
    pub threshold: f64,
    /// Rows taken to leave that did.
    pub true_positives: u64,
    /// Rows taken to leave that stayed.
    pub false_positives: u64,
}

/// The curve's points at every distinct probability, from the highest down.
pub fn curve(probabilities: &[f64], labels: &[bool]) -> Vec<CurvePoint> {
    let mut order: Vec<u32> = (0..).take(probabilities.len().min(labels.len())).collect();
    sort_places(&mut order, &|a, b| {
        probabilities[b].total_cmp(&probabilities[a])
    });
    let mut points: Vec<CurvePoint> = Vec::new();
    let (mut true_positives, mut false_positives) = (0, 0);
    for row in order {
        let (threshold, label) = (probabilities[row as usize], labels[row as usize]);
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
