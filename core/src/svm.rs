//! Support vector machines (Cortes & Vapnik 1995) with probabilities by Platt's
//! scaling (Platt 1999): a model that is not a logistic regression, and is
//! explained by sampled LIME, which asks a model for nothing but probabilities.
//!
//! * [`SvmParams`]: what is to be fitted; `fit`: how (feature `svm`).
//! * [`SvmModel`]: the fitted machine; [`document`]: what is kept of it.

pub mod document;
#[cfg(feature = "svm")]
mod fit;
pub mod predictor;

use serde::{Deserialize, Serialize};

pub use document::{SvmArtefact, SvmRecord};
#[cfg(feature = "svm")]
pub use fit::train;
pub use predictor::SvmPredictor;

use crate::design::Design;
use crate::error::{Error, ErrorCode, Result};
use crate::logistic::LogisticModel;
use crate::math::sigmoid;
use crate::row::{Row, Value};
use crate::scaling::Scaling;

/// How alike two customers are, over standardised columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kernel {
    /// x'y.
    Linear,
    /// exp(−γ |x − y|²), γ one over the number of columns. For standardised
    /// columns that is scikit-learn's `auto` and its `scale`.
    Rbf,
}

impl Kernel {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Rbf => "rbf",
        }
    }
}

impl std::str::FromStr for Kernel {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = [Self::Linear, Self::Rbf]
            .into_iter()
            .find(|kernel| kernel.name() == text);
        found.ok_or_else(|| wrong("kernel", "linear or rbf", format!("'{text}'")))
    }
}

/// Settings of a support vector machine.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SvmParams {
    /// The kernel.
    pub kernel: Kernel,
    /// Penalty of a customer on the wrong side: smaller is simpler.
    pub c: f64,
    /// How far from the optimum's conditions the solver may end.
    pub tolerance: f64,
}

impl SvmParams {
    /// Whether such a machine can be fitted.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for a number out of range.
    pub fn check(&self) -> Result<()> {
        for (field, x) in [("c", self.c), ("tolerance", self.tolerance)] {
            if !(x > 0.0 && x.is_finite()) {
                return Err(wrong(field, "a number above 0", x.to_string()));
            }
        }
        Ok(())
    }
}

/// A fitted machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SvmModel {
    /// Gives the decision value, above 0 for those who leave.
    pub machine: Machine,
    /// P = σ(slope · decision value + intercept).
    pub platt: Platt,
}

/// From decision values to probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platt {
    /// Log-odds per unit of the decision value.
    pub slope: f64,
    /// Log-odds on the boundary.
    pub intercept: f64,
}

/// What gives decision values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Machine {
    /// Weights of levels and numbers: no customer is left in it.
    Linear(LogisticModel),
    /// Similarity to support vectors, which are customers of the training.
    Rbf(Rbf),
}

/// Support vectors with their weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rbf {
    /// γ.
    pub gamma: f64,
    /// Decision value far from every support vector.
    pub intercept: f64,
    /// One per support vector, above 0 for those who left.
    pub coefficients: Vec<f64>,
    /// Features × support vectors: numbers, and codes of levels.
    pub vectors: Vec<Vec<f64>>,
}

impl Platt {
    /// The probability at a decision value.
    pub fn probability(&self, decision: f64) -> f64 {
        sigmoid(self.slope * decision + self.intercept)
    }
}

impl SvmModel {
    /// Decision value of a complete row.
    pub fn decision(&self, design: &Design, scaling: &Scaling, row: &Row) -> f64 {
        match &self.machine {
            Machine::Linear(weights) => weights.log_odds(design, row),
            Machine::Rbf(rbf) => rbf.decision(design, scaling, row),
        }
    }
}

impl Rbf {
    /// Two rows differ by a level in two columns of the design: one has 1/sd of
    /// the one more, and of the other less. So no design matrix is needed.
    fn decision(&self, design: &Design, scaling: &Scaling, row: &Row) -> f64 {
        let mut distances = vec![0.0; self.coefficients.len()];
        for (feature, (value, of_vectors)) in row.0.iter().zip(&self.vectors).enumerate() {
            let sd = &scaling.sd[design.columns(feature)];
            match *value {
                Value::Number(x) => {
                    for (distance, y) in distances.iter_mut().zip(of_vectors) {
                        let z = (x - y) / sd[0];
                        *distance += z * z;
                    }
                }
                Value::Level(code) => {
                    let own = 1.0 / (sd[usize::from(code)] * sd[usize::from(code)]);
                    for (distance, &other) in distances.iter_mut().zip(of_vectors) {
                        let other = other as usize;
                        if other != usize::from(code) {
                            *distance += own + 1.0 / (sd[other] * sd[other]);
                        }
                    }
                }
                // Rows are complete; what is not there differs from nobody.
                Value::Missing => {}
            }
        }
        let terms = self.coefficients.iter().zip(&distances);
        terms.fold(self.intercept, |sum, (a, distance)| {
            sum + a * libm::exp(-self.gamma * distance)
        })
    }
}

fn wrong(field: &str, expected: &str, got: String) -> Error {
    Error::mismatch(ErrorCode::Parameter, expected, got).in_field(field)
}
