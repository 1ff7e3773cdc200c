//! Training as the command line does it, from the CSV to the model document.

use churn_core::cross_validation::Scoring;
use churn_core::split::HoldOut;
use churn_core::train::{Regularisation, Solver, TrainParams, train};
use churn_core::{ErrorCode, ModelArtefact, Predictor, Value, progress};

use crate::difference::assert_within;
use crate::{golden, telco};

fn trained(params: &TrainParams) -> ModelArtefact {
    train(
        &telco::READING,
        params,
        None,
        "a hash",
        &mut progress::ignore,
    )
    .expect("a model")
}

#[test]
fn cross_validated_model_is_that_of_the_reference() {
    let params = TrainParams {
        regularisation: Regularisation::CrossValidated {
            folds: 5,
            scoring: Scoring::Accuracy,
        },
        ..TrainParams::default()
    };
    let artefact = trained(&params);
    let record = artefact.training.clone();
    assert_eq!(record.c, 21.54434690031882);
    assert_eq!(
        (record.rows, record.incomplete_rows, record.skipped_rows),
        (7043, 11, 0)
    );
    assert_eq!(
        (record.held_out.len(), record.seed, record.converged),
        (1758, Some(42), true)
    );
    let metrics: serde_json::Value = golden::read("metrics.json");
    let want = &metrics["strict_Cseed"]["test"];
    let test = record.test.expect("scores of the rows held out");
    assert_within(
        "test accuracy and log loss",
        &[test.accuracy, test.log_loss],
        &["accuracy", "log_loss"].map(|name| want[name].as_f64().expect(name)),
        1e-9,
    );
    let predictor = Predictor::new(artefact).expect("tables");
    let p = predictor.probabilities(&telco::COMPLETE);
    let want = golden::column("probabilities.csv", "p_strict_Cseed");
    assert_within("P of the cross-validated model", &p, &want, 1e-9);
}

/// Rows are held out by position in the source, whatever was left out before.
#[test]
fn held_out_positions_are_those_of_the_source() {
    let split: golden::Split = golden::read("split.json");
    let complete = telco::READING.dataset.complete_rows();
    let mut want: Vec<u32> = split
        .test_idx
        .iter()
        .map(|&row| complete[row] as u32)
        .collect();
    want.sort_unstable();
    assert!(
        trained(&TrainParams::default()).training.held_out == want,
        "positions differ"
    );
}

#[test]
fn rows_can_be_held_out_by_id() {
    let data = &telco::READING.dataset;
    let params = |ids: &[&str]| TrainParams {
        hold_out: HoldOut::Ids(ids.iter().map(|&id| id.to_owned()).collect()),
        ..TrainParams::default()
    };
    let artefact = trained(&params(&["7590-VHVEG", "5575-GNVDE"]));
    assert_eq!(artefact.training.held_out, [0, 1]);
    assert_eq!(data.id(0), "7590-VHVEG");
    let refused = params(&["7590-VHVEG", "nobody"]);
    let error = train(&telco::READING, &refused, None, "", &mut progress::ignore);
    let error = error.expect_err("an unknown id");
    assert_eq!(error.code, ErrorCode::Parameter);
    assert!(error.to_string().contains("'nobody'"), "{error}");
}

/// Balanced classes are rows weighted by n / (2 · rows of their class).
#[test]
fn balanced_is_a_weight_per_class() {
    let balanced = trained(&TrainParams {
        balanced: true,
        ..TrainParams::default()
    });
    let data = &telco::READING.dataset;
    // Rows of the training split: 3,863 who stayed and 1,411 who left.
    let weight = |row| {
        5274.0
            / (2.0
                * if data.label(row) == Some(true) {
                    1411.0
                } else {
                    3863.0
                })
    };
    let weighted = trained(&TrainParams {
        sample_weights: Some((0..data.rows()).map(weight).collect()),
        ..TrainParams::default()
    });
    let [balanced, weighted] = [balanced, weighted].map(|artefact| {
        let predictor = Predictor::new(artefact).expect("tables");
        predictor.probabilities(&telco::COMPLETE)
    });
    assert_within("P, balanced and weighted", &balanced, &weighted, 1e-12);
    let mean = balanced.iter().sum::<f64>() / balanced.len() as f64;
    assert!(
        mean > 0.35,
        "balancing lifts the mean probability, here to {mean}"
    );
}

/// The 11 customers without TotalCharges are scored with what stands in for it.
#[test]
fn missing_values_are_filled_in() {
    let predictor = Predictor::new(trained(&TrainParams::default())).expect("tables");
    let data = &telco::READING.dataset;
    let (complete, imputed) = predictor.complete_all(data);
    assert_eq!(imputed.len(), 11);
    let total = data.schema().position("TotalCharges").expect("a column");
    for &(row, feature) in &imputed {
        assert_eq!(feature, total);
        assert_eq!(data.value(row, feature), Value::Missing);
        let (alone, features) = predictor.complete(&data.row(row));
        assert_eq!(features, [total]);
        assert_eq!(alone, complete.row(row));
        assert_eq!(alone.0[total], Value::Number(1397.475), "the median");
    }
}

#[test]
fn settings_out_of_range_are_refused() {
    let refusal = |params: TrainParams| {
        train(&telco::READING, &params, None, "", &mut progress::ignore)
            .expect_err("refused")
            .to_string()
    };
    let fixed = |c| TrainParams {
        regularisation: Regularisation::Fixed(c),
        ..TrainParams::default()
    };
    assert_eq!(refusal(fixed(0.0)), "C: expected a number above 0, got 0");
    assert_eq!(
        refusal(fixed(f64::NAN)),
        "C: expected a number above 0, got NaN"
    );
    let fraction = TrainParams {
        hold_out: HoldOut::Fraction {
            fraction: 1.0,
            seed: 1,
        },
        ..TrainParams::default()
    };
    assert_eq!(
        refusal(fraction),
        "test fraction: expected 0 up to below 1, got 1"
    );
    let weighted = TrainParams {
        solver: Solver::Lbfgs,
        balanced: true,
        ..TrainParams::default()
    };
    assert_eq!(
        refusal(weighted),
        "solver: weights need the solver newton-cholesky"
    );
    let folds = TrainParams {
        regularisation: Regularisation::CrossValidated {
            folds: 1,
            scoring: Scoring::LogLoss,
        },
        ..TrainParams::default()
    };
    assert_eq!(
        refusal(folds),
        "cross-validation: expected 2 to 1411 folds (rows of the smaller class), got 1"
    );
}

#[test]
fn training_can_be_cancelled() {
    let mut stop = |_| std::ops::ControlFlow::Break(());
    let error = train(
        &telco::READING,
        &TrainParams::default(),
        None,
        "",
        &mut stop,
    );
    assert_eq!(error.expect_err("cancelled").code, ErrorCode::Cancelled);
}
