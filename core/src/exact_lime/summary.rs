//! What the limit says of one customer beside the weights.

use crate::explanation::{Explanation, Method};

/// What the limit says of one customer beside the weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// b0 = E'\[P\] − Σ weight q.
    pub intercept: f64,
    /// Intercept plus the sum of the weights.
    pub local_prediction: f64,
    /// Explained share of the variance of P under the weighted law.
    pub r2: f64,
}

impl Summary {
    /// Joins the summary with its weights.
    pub fn into_explanation(self, probability: f64, weights: Vec<f64>) -> Explanation {
        Explanation {
            method: Method::Exact,
            probability,
            intercept: self.intercept,
            local_prediction: self.local_prediction,
            r2: Some(self.r2),
            weights,
        }
    }
}
