//! How a model came about, as its document tells it.

use serde::{Deserialize, Serialize};

use crate::cross_validation::CrossValidation;
use crate::metrics::Metrics;
use crate::train::Solver;

/// How a model was trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRecord {
    /// The program and its version, such as `churn 0.1.0`; empty when unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub program: String,
    /// SHA-256 of the source data, in hexadecimal; empty when unknown.
    pub data_hash: String,
    /// The table the data came from, where it was one; `data_hash` is then the
    /// hash of the version's content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<TableRecord>,
    /// Rows of the source that could be read.
    pub rows: u64,
    /// Rows that could not, and were skipped.
    pub skipped_rows: u64,
    /// Rows with a missing value or label, which took no part.
    pub incomplete_rows: u64,
    /// Positions in the source of the rows held out, ascending, from 0.
    pub held_out: Vec<u32>,
    /// Seed of the split, where it was random.
    pub seed: Option<u32>,
    /// Solver.
    pub solver: Solver,
    /// Whether classes were weighted to equal sums.
    pub balanced: bool,
    /// Regularisation C (1 / penalty).
    pub c: f64,
    /// How C was chosen, where it was.
    pub cross_validation: Option<CrossValidation>,
    /// Solver steps (0 where the solver does not say).
    pub iterations: u64,
    /// Largest |gradient| of penalised loss at the solution.
    pub gradient_norm: f64,
    /// Whether the solver reached its tolerance.
    pub converged: bool,
    /// Scores on the training rows.
    pub train: Metrics,
    /// Scores on the rows held out, where there are any.
    pub test: Option<Metrics>,
}

/// A version of a table, as the source of a training.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRecord {
    /// Name of the table.
    pub name: String,
    /// Version, from 1.
    pub version: u32,
    /// Which of its rows, where not all were taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<String>,
}

impl TrainingRecord {
    /// Whether a row was held out, by its position in the source data.
    pub fn is_held_out(&self, position: u32) -> bool {
        self.held_out.binary_search(&position).is_ok()
    }
}
