//! Texts about the runs of experiments.

use churn_core::runs::{PairedDifference, PairedTest, Status};

use crate::number::{count, fixed, with_sign};

pub const RUNS: &str = "Runs";
pub const RUNS_NEED_SERVER: &str = "No server answers here: this page is served as plain files. \
    Runs are the models that experiments trained, and how well they do. Start a server on their \
    data, then open its address:";
pub const NO_RUNS: &str = "No experiment yet";
pub const NO_RUNS_HELP: &str = "An experiment trains a model for each choice of a grid, on the same \
    customers, and keeps how well each does on the same customers held out. Write the grid to a \
    file:";
pub const FIRST_GRID: &str = "name = \"first\"\n\n[[grid]]\nmodel = \"logistic\"\n\
    c = [0.01, 0.1, 1.0, 10.0]\nbalanced = [false, true]\n\n[[grid]]\nmodel = \"svm\"\n\
    kernel = [\"linear\", \"rbf\"]\nc = [1.0]";
pub const FIRST_EXPERIMENT: &str = "churn experiment first.toml customers.csv --data-dir data";
pub const THEN_RUNS: &str = "Its runs appear here as they end.";
pub const NEW_EXPERIMENT: &str = "Begin an experiment";
pub const NEW_EXPERIMENT_HELP: &str = "Each choice of the grid trains a model on the customers of \
    the table, and is measured on the same ones held out.";
pub const GRID: &str = "Grid, in TOML";
pub const BEGIN: &str = "Begin";
pub const BEGUN: &str = "Begun. Its runs appear as they end.";
pub const NEEDS_NAME_AND_TABLE: &str = "Name the experiment and choose a table. Without one, \
    ingest customers on the page Tables.";
pub const FIND_RUNS: &str = "Find runs";
pub const FIND_RUNS_HINT: &str = "metrics.test_score > 0.79 and params.kernel = 'linear'";
pub const NO_SUCH_RUN: &str = "No run is like that.";
pub const RUN: &str = "Run";
pub const EXPERIMENT: &str = "Experiment";
pub const STATUS: &str = "Status";
pub const BEGAN: &str = "Began";
pub const COMPARED: &str = "Is one better?";
pub const CHOOSE_RUNS: &str = "Tick two runs or more: they are compared on the same customers held \
    out. The first one ticked is what the others are compared with.";
pub const AGAINST: &str = "Against the first";
pub const TEST_HEADS: [&str; 5] = [
    "Run",
    "Measure",
    "Difference",
    "How sure",
    "More than chance?",
];
pub const RUNS_CHART: &str = "What makes the difference?";
pub const PARAMETER: &str = "Parameter";
pub const MEASURE: &str = "Measure";

pub fn status(status: Status) -> &'static str {
    match status {
        Status::Waiting => "Waiting",
        Status::Running => "Running …",
        Status::Finished => "Finished",
        Status::Failed => "Failed",
    }
}

/// How many runs there are.
pub fn runs(shown: usize, matching: u64) -> String {
    let all = match shown as u64 == matching {
        true => String::new(),
        false => format!(" of {}", count(matching as usize)),
    };
    let things = if matching == 1 { "run" } else { "runs" };
    format!("{}{all} {things}", count(shown))
}

pub fn choose_run(name: &str) -> String {
    format!("Compare {name}")
}

/// Measure, difference, how sure it is and whether it is more than chance.
pub fn tests(test: &PairedTest) -> [[String; 4]; 3] {
    let verdict = |differs: bool| String::from(if differs { "Yes" } else { "No" });
    let range = |name: &str, of: &PairedDifference| {
        [
            name.into(),
            with_sign(of.difference, 4),
            format!(
                "{} to {} (95%)",
                with_sign(of.low, 4),
                with_sign(of.high, 4)
            ),
            verdict(of.differs),
        ]
    };
    let rows = count(test.rows as usize);
    [
        [
            "Accuracy".into(),
            with_sign(test.accuracy_difference, 4),
            format!(
                "{}: of {rows}, {} only here right, {} only there",
                p_value(test.accuracy_p_value),
                count(test.only_second as usize),
                count(test.only_first as usize)
            ),
            verdict(test.accuracy_differs),
        ],
        range("Log loss", &test.log_loss),
        range("Area under the ROC curve", &test.roc_auc),
    ]
}

/// A probability of chance alone.
pub fn p_value(p: f64) -> String {
    match p < 0.001 {
        true => "p < 0.001".into(),
        false => format!("p = {}", fixed(p, 3)),
    }
}

pub fn runs_chart(metric: &str, param: &str) -> String {
    format!("{metric}, by {param}")
}

pub const RUNS_CHART_HELP: &str = "A dot for each finished run that is listed.";
