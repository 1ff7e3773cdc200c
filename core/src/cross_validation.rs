//! Choosing C by stratified cross-validation.

use serde::{Deserialize, Serialize};

use crate::dataset::Dataset;
use crate::design::Design;
use crate::error::{Error, ErrorCode, Result};
use crate::hessian::TrainingRows;
use crate::logistic::LogisticModel;
use crate::metrics::{curve, log_loss, roc_auc};
use crate::newton::Newton;
use crate::progress::{OnProgress, report};
use crate::scaling::Scaling;

/// What C is chosen by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scoring {
    /// Share of right decisions at probability ½.
    Accuracy,
    /// Mean log loss; smaller is better.
    LogLoss,
    /// Area under the ROC curve.
    RocAuc,
}

impl std::str::FromStr for Scoring {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "accuracy" => Ok(Self::Accuracy),
            "log_loss" => Ok(Self::LogLoss),
            "roc_auc" => Ok(Self::RocAuc),
            other => Err(Error::mismatch(
                ErrorCode::Parameter,
                "accuracy, log_loss or roc_auc",
                format!("'{other}'"),
            )
            .in_field("scoring")),
        }
    }
}

impl Scoring {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::LogLoss => "log_loss",
            Self::RocAuc => "roc_auc",
        }
    }
}

/// Scores of every fold and C.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossValidation {
    /// What was scored.
    pub scoring: Scoring,
    /// The grid, ascending.
    pub cs: Vec<f64>,
    /// One row per fold, one score per C.
    pub scores: Vec<Vec<f64>>,
    /// Mean over the folds, per C.
    pub mean_scores: Vec<f64>,
    /// The C with the best mean; the first of equals.
    pub best_c: f64,
}

/// The reference's grid: 10 values from 1e-4 to 1e4, evenly spaced on the
/// logarithm.
pub fn default_grid() -> Vec<f64> {
    (0..10)
        .map(|k| libm::pow(10.0, -4.0 + f64::from(k) * (8.0 / 9.0)))
        .collect()
}

/// Rows to learn from, each in a fold.
#[derive(Clone, Copy, Debug)]
pub struct FoldedRows<'a> {
    /// The data.
    pub data: &'a Dataset,
    /// Complete, labelled rows.
    pub rows: &'a [usize],
    /// Fold of each of `rows`, from 0.
    pub folds: &'a [usize],
    /// Weight of each of `rows`.
    pub weights: &'a [f64],
    /// Standardisation over all of `rows`.
    pub scaling: &'a Scaling,
}

/// Scores every C of an ascending grid on every fold: fitted to the exact
/// optimum on the other folds, warm from one C to the next.
///
/// # Errors
/// [`ErrorCode::Cancelled`], or [`ErrorCode::Numeric`] when a fit does not
/// converge.
pub fn cross_validate(
    folded: FoldedRows<'_>,
    cs: &[f64],
    scoring: Scoring,
    on_progress: OnProgress<'_>,
) -> Result<CrossValidation> {
    let FoldedRows {
        data,
        rows,
        folds,
        weights,
        scaling,
    } = folded;
    let count = folds.iter().max().map_or(0, |fold| fold + 1);
    let design = Design::new(data.schema());
    let mut scores = Vec::with_capacity(count);
    for fold in 0..count {
        let of = |inside: bool| {
            let picked = (0..rows.len()).filter(move |&at| (folds[at] == fold) == inside);
            picked.collect::<Vec<usize>>()
        };
        let (train, test) = (of(false), of(true));
        let train_rows: Vec<usize> = train.iter().map(|&at| rows[at]).collect();
        let train_weights = train.iter().map(|&at| weights[at]).collect();
        let training = TrainingRows::new(data, &train_rows, train_weights, scaling);
        let test_rows: Vec<usize> = test.iter().map(|&at| rows[at]).collect();
        let labels = data.left(&test_rows);
        let held_out = data.select(&test_rows);
        let mut newton = Newton::new(&training, scaling);
        let mut of_fold = Vec::with_capacity(cs.len());
        for (at, &c) in cs.iter().enumerate() {
            let fit = newton.fit(c);
            if !fit.converged {
                return Err(not_converged(c));
            }
            let model = LogisticModel::from_scaled(fit.intercept, &fit.coefficients, scaling);
            let probabilities = model.probabilities(&design, &held_out);
            of_fold.push(scoring.score(&probabilities, &labels));
            report(
                on_progress,
                "cross-validation",
                fold * cs.len() + at + 1,
                count * cs.len(),
            )?;
        }
        scores.push(of_fold);
    }
    let mean_scores: Vec<f64> = (0..cs.len())
        .map(|at| scores.iter().map(|fold| fold[at]).sum::<f64>() / count as f64)
        .collect();
    let mut best = 0;
    for at in 1..cs.len() {
        if scoring.is_better(mean_scores[at], mean_scores[best]) {
            best = at;
        }
    }
    let best_c = cs.get(best).copied().unwrap_or(1.0);
    Ok(CrossValidation {
        scoring,
        cs: cs.to_vec(),
        scores,
        mean_scores,
        best_c,
    })
}

/// The error for a fit that was given up.
pub(crate) fn not_converged(c: f64) -> Error {
    Error::new(
        ErrorCode::Numeric,
        format!("the fit at C = {c} did not converge; try a smaller C"),
    )
}

impl Scoring {
    fn score(self, probabilities: &[f64], labels: &[bool]) -> f64 {
        match self {
            Self::Accuracy => {
                let right = probabilities
                    .iter()
                    .zip(labels)
                    .filter(|(p, y)| (**p > 0.5) == **y);
                right.count() as f64 / labels.len() as f64
            }
            Self::LogLoss => log_loss(probabilities, labels),
            Self::RocAuc => roc_auc(&curve(probabilities, labels)),
        }
    }

    fn is_better(self, new: f64, old: f64) -> bool {
        match self {
            Self::Accuracy | Self::RocAuc => new > old,
            Self::LogLoss => new < old,
        }
    }
}
