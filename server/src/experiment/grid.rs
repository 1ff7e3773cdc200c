//! What an experiment is to try, as a TOML file.
//!
//! Each `[[grid]]` is the product of its lists. Strict: an unknown field, a wrong
//! type, and what does not go together are refused before anything is trained.

use churn_core::split::HoldOut;
use churn_core::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};

use super::choice::{self, Choice};
use crate::input;

/// Most runs of an experiment.
const MOST_RUNS: usize = 10_000;

/// A grid file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Grid {
    /// Name of the experiment, if it is not the file's.
    #[serde(skip_serializing)]
    pub name: Option<String>,
    /// Who is held out.
    #[serde(default)]
    pub hold_out: HeldOut,
    /// What is tried.
    pub grid: Vec<Lists>,
}

/// Who is held out: a share, or the customers with some ids.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HeldOut {
    /// Share of the customers; a quarter if nothing is said.
    pub test_fraction: Option<f64>,
    /// Seed of the choice of customers; 42 if nothing is said.
    pub seed: Option<u32>,
    /// Ids of the customers instead.
    pub ids: Option<Vec<String>>,
}

/// Families of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Logistic regression.
    Logistic,
    /// Support vector machine.
    Svm,
}

/// Lists of values to try, every one with every other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lists {
    /// The family of models.
    pub model: Family,
    /// How a logistic regression is fitted: newton-cholesky, lbfgs.
    pub solver: Option<Vec<String>>,
    /// Kernel of a support vector machine: linear, rbf.
    pub kernel: Option<Vec<String>>,
    /// Inverse of the penalty: smaller is simpler.
    pub c: Option<Vec<f64>>,
    /// Choose C by cross-validation with so many folds instead.
    pub cv: Option<Vec<usize>>,
    /// What cross-validation compares: accuracy, log_loss, roc_auc.
    pub scoring: Option<Vec<String>>,
    /// Whether both classes get the same weight in total.
    pub balanced: Option<Vec<bool>>,
    /// Most steps of a fit.
    pub max_iterations: Option<Vec<u32>>,
    /// How exactly a support vector machine is fitted.
    pub tolerance: Option<Vec<f64>>,
    /// Features that the model does not see.
    pub leave_out: Option<Vec<Vec<String>>>,
}

impl Grid {
    /// Reads a grid.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`], with the line, for what is none.
    pub fn parse(text: &str) -> Result<Self> {
        input::toml(text, "a grid")
    }

    /// Every point of the grid, in order.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`], naming the grid and the field, for what does not
    /// go together or is there twice.
    pub fn choices(&self) -> Result<Vec<Choice>> {
        let mut choices: Vec<Choice> = Vec::new();
        for (number, lists) in (1..).zip(&self.grid) {
            let within = |error: Error| {
                let field = error.field.as_deref();
                let field = field.map(|field| format!(", {field}")).unwrap_or_default();
                error.in_field(format!("grid {number}{field}"))
            };
            let more = choice::product(lists, MOST_RUNS).map_err(within)?;
            for choice in more {
                if let Some(at) = choices.iter().position(|known| *known == choice) {
                    let got = format!("runs {} and {} alike", at + 1, choices.len() + 1);
                    let error = Error::mismatch(ErrorCode::Parameter, "each run once", got);
                    return Err(within(error));
                }
                choices.push(choice);
            }
            if choices.len() > MOST_RUNS {
                return Err(within(too_many(MOST_RUNS)));
            }
        }
        match choices.is_empty() {
            true => Err(Error::mismatch(ErrorCode::Parameter, "runs", "none").in_field("grid")),
            false => Ok(choices),
        }
    }

    /// Who is held out.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for a share out of range, and ids beside a share.
    pub fn hold_out(&self) -> Result<HoldOut> {
        let HeldOut {
            test_fraction,
            seed,
            ids,
        } = &self.hold_out;
        let wrong = |expected: &str, got: String| {
            Err(Error::mismatch(ErrorCode::Parameter, expected, got).in_field("hold-out"))
        };
        match (ids, test_fraction, seed) {
            (Some(ids), None, None) if !ids.is_empty() => {
                Ok(HoldOut::Ids(ids.iter().cloned().collect()))
            }
            (Some(_), None, None) => wrong("ids of customers", "none".into()),
            (Some(_), ..) => wrong("either ids, or test-fraction and seed", "both".into()),
            (None, fraction, seed) => {
                let fraction = fraction.unwrap_or(0.25);
                if !(fraction > 0.0 && fraction < 1.0) {
                    let expected = "a test-fraction above 0 and below 1";
                    return wrong(expected, fraction.to_string());
                }
                Ok(HoldOut::Fraction {
                    fraction,
                    seed: seed.unwrap_or(42),
                })
            }
        }
    }
}

/// The error for a grid without end.
pub fn too_many(most: usize) -> Error {
    Error::mismatch(ErrorCode::Parameter, format!("at most {most} runs"), "more")
}

#[cfg(test)]
mod tests;
