//! What is told of experiments and their runs: the shapes of a server's answers,
//! which the page and the command line read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// All experiments, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Experiments {
    /// The newest first.
    pub experiments: Vec<Experiment>,
}

/// An experiment: runs of one grid on the same customers, with the same held out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// Its name.
    pub experiment: String,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// How many runs it has, by how they stand.
    pub waiting: u64,
    /// Being trained now.
    pub running: u64,
    /// Done.
    pub finished: u64,
    /// Ended by an error.
    pub failed: u64,
}

/// Some runs, in the order asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Runs {
    /// The runs.
    pub runs: Vec<Run>,
    /// How many match, told or not.
    pub matching: u64,
}

/// A model trained with one choice of parameters, and how well it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Its name.
    pub run: String,
    /// Name of its experiment.
    pub experiment: String,
    /// Its place in the experiment, from 1.
    pub number: i64,
    /// How it stands.
    pub status: Status,
    /// Why it failed, where it did.
    pub error: Option<String>,
    /// What was chosen, by name.
    pub params: BTreeMap<String, String>,
    /// What was measured, by name and then by step.
    pub metrics: Vec<Metric>,
    /// Words of people and programs on it, by name.
    pub tags: BTreeMap<String, String>,
    /// What it was trained on.
    pub data: RunData,
    /// Versions of the program and of the machine, by name.
    pub environment: BTreeMap<String, String>,
    /// When it began, in milliseconds since 1970.
    pub started_ms: Option<i64>,
    /// When it ended, in milliseconds since 1970.
    pub ended_ms: Option<i64>,
    /// SHA-256 of its model document, where there is one.
    pub model_sha256: Option<String>,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not begun.
    Waiting,
    /// Being trained.
    Running,
    /// Done.
    Finished,
    /// Ended by an error.
    Failed,
}

/// A figure of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// Its name, such as `test_score`.
    pub name: String,
    /// The step of the training that it belongs to; 0 for the end.
    pub step: i64,
    /// Its value.
    pub value: f64,
}

/// The customers of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RunData {
    /// Name of the file, or of the table with its version.
    pub name: String,
    /// SHA-256 of the file, or of the content of the table's version.
    pub hash: String,
    /// Rows that the model was trained on.
    pub train_rows: u64,
    /// Rows held out.
    pub test_rows: u64,
}

/// Runs beside each other, and whether they differ by more than chance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The runs, in the order asked for.
    pub runs: Vec<Run>,
    /// Every parameter that one of them has.
    pub params: Vec<ComparedParam>,
    /// Every metric that one of them has, at its last step.
    pub metrics: Vec<ComparedMetric>,
    /// The first run against each of the others, on the same rows.
    pub tests: Vec<PairedTest>,
}

/// A parameter of runs that are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ComparedParam {
    /// Its name.
    pub name: String,
    /// What each run has, in their order.
    pub values: Vec<Option<String>>,
    /// Whether they have not all the same.
    pub differs: bool,
}

/// A metric of runs that are compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ComparedMetric {
    /// Its name.
    pub name: String,
    /// What each run has, in their order.
    pub values: Vec<Option<f64>>,
}

/// Two runs on the same rows, see [`crate::paired`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PairedTest {
    /// Name of the one run.
    pub first: String,
    /// Name of the other.
    pub second: String,
    /// Rows held out.
    pub rows: u64,
    /// Rows that the first alone decides rightly.
    pub only_first: u64,
    /// Rows that the second alone decides rightly.
    pub only_second: u64,
    /// Exact p-value of McNemar's test of equal accuracy.
    pub accuracy_p_value: f64,
    /// Accuracy of the second less that of the first.
    pub accuracy_difference: f64,
    /// Whether accuracies differ by more than chance: the p-value is below 0.05.
    pub accuracy_differs: bool,
    /// Log loss of the second less that of the first.
    pub log_loss: PairedDifference,
    /// Area under the ROC curve of the second less that of the first.
    pub roc_auc: PairedDifference,
}

/// A difference with its interval at 95%.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PairedDifference {
    /// The difference.
    pub difference: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Whether it is more than chance: 0 is outside of the interval.
    pub differs: bool,
}
