//! Log-odds contributions: what each feature adds, against the average
//! training customer.
//!
//! For a logistic model φ_j = Σ_k w_k (x_k − mean_k) over the design columns k
//! of feature j. Base and contributions add up to the log-odds; they equal SHAP
//! values with an independent background (Lundberg & Lee 2017, linear SHAP).

use crate::design::Design;
use crate::explanation::{Explanation, Method};
use crate::logistic::LogisticModel;
use crate::math::sigmoid;
use crate::row::Row;
use crate::scaling::Scaling;

/// Base value and the mean term of every feature, ready for any customer.
#[derive(Clone, Debug)]
pub struct Contributions {
    base: f64,
    mean_terms: Vec<f64>,
}

impl Contributions {
    /// Prepares a model.
    pub fn new(model: &LogisticModel, scaling: &Scaling, design: &Design) -> Self {
        let mean_terms: Vec<f64> = (0..design.features())
            .map(|feature| {
                let columns = design.columns(feature);
                columns
                    .map(|k| model.coefficients[k] * scaling.mean[k])
                    .sum()
            })
            .collect();
        Self {
            base: model.intercept + mean_terms.iter().sum::<f64>(),
            mean_terms,
        }
    }

    /// Log-odds of the average training customer.
    pub fn base(&self) -> f64 {
        self.base
    }

    /// Contribution of one feature whose term φ is given.
    pub fn of_term(&self, feature: usize, term: f64) -> f64 {
        term - self.mean_terms[feature]
    }

    /// Contributions of a complete row.
    pub fn explain(&self, model: &LogisticModel, design: &Design, row: &Row) -> Explanation {
        let weights: Vec<f64> = row
            .0
            .iter()
            .enumerate()
            .map(|(feature, &value)| self.of_term(feature, model.term(design, feature, value)))
            .collect();
        Explanation {
            method: Method::Contributions,
            probability: sigmoid(model.log_odds(design, row)),
            intercept: self.base,
            local_prediction: self.base + weights.iter().sum::<f64>(),
            r2: None,
            weights,
        }
    }
}
