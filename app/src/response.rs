//! How the estimate answers to one number, all else following as it would.

use churn_core::links::Edit;
use churn_core::{FeatureKind, Value};

use crate::draft::Draft;
use crate::explorer::Explorer;

/// Numbers that a curve is drawn through, if the data has as many.
const POINTS: usize = 80;

/// A number and the probability that it gives.
pub type Point = (f64, f64);

/// The probability over the range of the data, and where the customer is.
#[derive(Default)]
pub struct Response {
    /// From the smallest number to the largest.
    pub curve: Vec<Point>,
    /// The customer.
    pub here: Point,
}

impl Response {
    /// The response of an edited customer to a number; nothing for a level.
    pub fn new(explorer: &Explorer, draft: &Draft, feature: usize) -> Option<Self> {
        let (Value::Number(now), FeatureKind::Numeric { decimals }) =
            (draft.row().value(feature), &explorer.feature(feature).kind)
        else {
            return None;
        };
        let (low, high) = explorer.range(feature);
        let (low, high) = (low.min(now), high.max(now));
        let unit = 10_f64.powi(i32::from(*decimals));
        let grid = (0..=POINTS).map(|place| {
            let number = low + (high - low) * place as f64 / POINTS as f64;
            (number * unit).round() / unit
        });
        let mut numbers: Vec<f64> = grid.collect();
        let place = numbers.partition_point(|&number| number < now);
        numbers.insert(place, now);
        numbers.dedup();
        let links = explorer.links();
        let answer = |number: f64| {
            let value = Value::Number(number);
            let row = draft.after(links, Edit { feature, value }).row;
            (number, explorer.predictor.probability(&row))
        };
        Some(Self {
            curve: numbers.into_iter().map(answer).collect(),
            here: answer(now),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample;

    #[test]
    fn the_customer_is_on_the_curve() {
        let explorer = sample::explorer();
        let tenure = explorer.schema().position("tenure").unwrap();
        let draft = Draft::new(explorer.original(3));
        let response = Response::new(&explorer, &draft, tenure).unwrap();
        assert!(response.curve.contains(&response.here));
        assert_eq!(response.here, (21.0, explorer.probabilities[3]));
        assert_eq!(response.curve.first().unwrap().0, 0.0);
        assert_eq!(response.curve.last().unwrap().0, 217.0);
        assert!(response.curve.is_sorted_by(|a, b| a.0 < b.0));
        assert!(Response::new(&explorer, &draft, 0).is_none());
    }
}
