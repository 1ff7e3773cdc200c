//! One run: a model trained by a choice, and measured on who is held out.

use churn_core::design::Design;
use churn_core::metrics::Metrics;
use churn_core::progress::OnProgress;
use churn_core::runs::Metric;
use churn_core::svm::{self, SvmParams, SvmPredictor};
use churn_core::train::{TrainParams, train};
use churn_core::{Predictor, Reading, Result};

use super::choice::{Choice, Recipe};
use super::ground::Ground;
use crate::store::runs::RunResult;

/// Trains a model by a choice and measures it.
///
/// # Errors
/// As [`train`] and [`svm::train`].
pub fn run(ground: &Ground, choice: &Choice, on_progress: OnProgress<'_>) -> Result<RunResult> {
    let reading = ground.reading(choice)?;
    match &choice.recipe {
        Recipe::Logistic(params) => logistic(ground, &reading, params, on_progress),
        Recipe::Svm(params) => machine(ground, &reading, params, on_progress),
    }
}

fn logistic(
    ground: &Ground,
    reading: &Reading,
    params: &TrainParams,
    on_progress: OnProgress<'_>,
) -> Result<RunResult> {
    let params = TrainParams {
        hold_out: ground.hold_out.clone(),
        ..params.clone()
    };
    let preset = ground.preset.as_ref();
    let mut artefact = train(reading, &params, preset, &ground.hash, on_progress)?;
    let record = &mut artefact.training;
    record.table.clone_from(&ground.table);
    (record.rows, record.incomplete_rows) = ground.counts();
    let mut metrics = measured(&record.train, record.test.as_ref());
    // 0 is of a solver that does not say.
    if record.iterations > 0 {
        metrics.push(metric("iterations", 0, record.iterations as f64));
    }
    if let Some(chosen) = &record.cross_validation {
        metrics.push(metric("chosen_c", 0, chosen.best_c));
        let name = format!("cv_{}", chosen.scoring.name());
        for (step, (c, score)) in (0..).zip(chosen.cs.iter().zip(&chosen.mean_scores)) {
            metrics.push(metric("cv_c", step, *c));
            metrics.push(metric(&name, step, *score));
        }
    }
    let document = artefact.to_json()?;
    let predictor = Predictor::new(artefact)?;
    let data = &reading.dataset;
    let rows = data.select(&ground.held_out(data));
    let design = Design::new(data.schema());
    Ok(RunResult {
        metrics,
        document,
        threshold: predictor.artefact().threshold,
        probabilities: predictor.model().probabilities(&design, &rows),
    })
}

fn machine(
    ground: &Ground,
    reading: &Reading,
    params: &SvmParams,
    on_progress: OnProgress<'_>,
) -> Result<RunResult> {
    let (preset, hold_out) = (ground.preset.as_ref(), &ground.hold_out);
    let trained = svm::train(reading, params, hold_out, preset, &ground.hash, on_progress);
    let mut artefact = trained?;
    let record = &mut artefact.training;
    record.table.clone_from(&ground.table);
    let mut metrics = measured(&record.train, record.test.as_ref());
    metrics.push(metric("support_vectors", 0, record.support_vectors as f64));
    let document = artefact.to_json()?;
    let predictor = SvmPredictor::new(artefact)?;
    let data = &reading.dataset;
    Ok(RunResult {
        metrics,
        document,
        threshold: predictor.artefact().threshold,
        probabilities: predictor.probabilities(data, &ground.held_out(data)),
    })
}

fn measured(train: &Metrics, test: Option<&Metrics>) -> Vec<Metric> {
    let mut metrics = vec![metric("train_score", 0, train.accuracy)];
    if let Some(test) = test {
        metrics.push(metric("test_score", 0, test.accuracy));
        metrics.push(metric("test_roc_auc", 0, test.roc_auc));
        metrics.push(metric("test_log_loss", 0, test.log_loss));
        metrics.push(metric("test_brier", 0, test.brier));
    }
    metrics
}

fn metric(name: &str, step: i64, value: f64) -> Metric {
    Metric {
        name: name.into(),
        step,
        value,
    }
}
