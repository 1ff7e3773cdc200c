//! What a training is asked for.

use serde::{Deserialize, Serialize};

use crate::cross_validation::{CrossValidation, Scoring};
use crate::dataset::Dataset;
use crate::error::{Error, ErrorCode, Result};
use crate::split::HoldOut;

/// How the model is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Solver {
    /// Newton's method with Cholesky solves, over codes: the exact optimum.
    NewtonCholesky,
    /// linfa-logistic's L-BFGS.
    Lbfgs,
}

impl Solver {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::NewtonCholesky => "newton-cholesky",
            Self::Lbfgs => "lbfgs",
        }
    }
}

/// How C, the inverse of the penalty, is set.
#[derive(Clone, Debug, PartialEq)]
pub enum Regularisation {
    /// This value.
    Fixed(f64),
    /// The best of the default grid by stratified cross-validation.
    CrossValidated {
        /// Number of folds.
        folds: usize,
        /// What is compared.
        scoring: Scoring,
    },
}

/// Settings of a training, not checked yet.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainParams {
    /// Solver of the final fit (cross-validation always uses Newton).
    pub solver: Solver,
    /// C.
    pub regularisation: Regularisation,
    /// What is held out.
    pub hold_out: HoldOut,
    /// Weigh classes so that both have the same sum of weights.
    pub balanced: bool,
    /// One weight per row of the data, where rows do not count alike.
    pub sample_weights: Option<Vec<f64>>,
    /// Most steps of the final fit, where not the solver's own.
    pub max_iterations: Option<u32>,
}

impl Default for TrainParams {
    fn default() -> Self {
        Self {
            solver: Solver::NewtonCholesky,
            regularisation: Regularisation::Fixed(1.0),
            hold_out: HoldOut::Fraction {
                fraction: 0.25,
                seed: 42,
            },
            balanced: false,
            sample_weights: None,
            max_iterations: None,
        }
    }
}

impl Regularisation {
    /// C itself, once cross-validation has been done where it is asked for.
    pub(super) fn chosen(&self, result: Option<&CrossValidation>) -> f64 {
        match (self, result) {
            (Self::Fixed(c), _) => *c,
            (_, Some(result)) => result.best_c,
            (_, None) => 1.0,
        }
    }
}

impl TrainParams {
    /// Whether a training on the data can be done so.
    ///
    /// # Errors
    /// [`ErrorCode::Target`] and [`ErrorCode::Parameter`], for what does not fit
    /// the data or is out of range.
    pub fn check(&self, data: &Dataset) -> Result<()> {
        if data.schema().target.is_none() {
            let message = "name the target: the column that says who left";
            return Err(Error::new(ErrorCode::Target, message));
        }
        if let Regularisation::Fixed(c) = self.regularisation
            && !(c > 0.0 && c.is_finite())
        {
            let error = Error::mismatch(ErrorCode::Parameter, "a number above 0", c.to_string());
            return Err(error.in_field("C"));
        }
        if self.max_iterations == Some(0) {
            let error = Error::mismatch(ErrorCode::Parameter, "a number from 1 up", "0");
            return Err(error.in_field("most iterations"));
        }
        let weighted = self.balanced || self.sample_weights.is_some();
        if weighted && self.solver == Solver::Lbfgs {
            let message = "weights need the solver newton-cholesky";
            return Err(Error::new(ErrorCode::Parameter, message).in_field("solver"));
        }
        if let Some(weights) = &self.sample_weights {
            let sound = weights.len() == data.rows()
                && weights.iter().all(|w| w.is_finite() && *w >= 0.0)
                && weights.iter().any(|w| *w > 0.0);
            if !sound {
                let expected = "one finite weight of 0 or more per row, not all 0";
                let got = format!("{} weights for {} rows", weights.len(), data.rows());
                let error = Error::mismatch(ErrorCode::Parameter, expected, got);
                return Err(error.in_field("sample weights"));
            }
        }
        Ok(())
    }

    /// Weight of each training row; balanced is n / (2 · rows of the class).
    pub(super) fn weights(&self, rows: &[usize], labels: &[bool]) -> Vec<f64> {
        let class_weight = |class: bool| {
            let of_class = labels.iter().filter(|&&y| y == class).count();
            if self.balanced {
                labels.len() as f64 / (2.0 * of_class as f64)
            } else {
                1.0
            }
        };
        let class_weights = [class_weight(false), class_weight(true)];
        rows.iter()
            .zip(labels)
            .map(|(&row, &label)| {
                let own = self
                    .sample_weights
                    .as_ref()
                    .map_or(1.0, |weights| weights[row]);
                own * class_weights[usize::from(label)]
            })
            .collect()
    }
}
