//! The fitted model against the unique optimum that scikit-learn was polished to.

use churn_core::Dataset;
use churn_core::design::Design;
use churn_core::logistic::LogisticModel;
use churn_core::newton::Fit;
use churn_core::scaling::Scaling;
use churn_core::split::{HoldOut, Split};
use churn_core::train::{Solver, fit};

use crate::difference::assert_within;
use crate::{golden, telco};

const MODELS: [(&str, &str); 2] = [
    ("model_strict_C1.json", "p_strict_C1"),
    ("model_strict_Cseed.json", "p_strict_Cseed"),
];

/// A fit on the reference's training rows of `data`, at weight 1.
fn fitted(data: &Dataset, solver: Solver, c: f64) -> (Fit, LogisticModel) {
    let rows = golden::read::<golden::Split>("split.json").train_idx;
    let scaling = Scaling::measure(data, &rows);
    let fit = fit(data, &rows, vec![1.0; rows.len()], &scaling, solver, c).expect("a fit");
    assert!(fit.converged, "C = {c}: gradient {:e}", fit.gradient_norm);
    let model = LogisticModel::from_scaled(fit.intercept, &fit.coefficients, &scaling);
    (fit, model)
}

/// The complete customers with "No" as the class to predict: the majority.
fn flipped() -> Dataset {
    let data = telco::read("No").dataset;
    data.select(&data.complete_rows())
}

#[test]
fn split_is_that_of_the_reference() {
    let golden: golden::Split = golden::read("split.json");
    let rows: Vec<usize> = (0..telco::COMPLETE.rows()).collect();
    let hold_out = HoldOut::Fraction {
        fraction: 0.25,
        seed: 42,
    };
    let split = Split::new(&telco::COMPLETE, &rows, &hold_out).expect("a split");
    assert!(split.test == golden.test_idx, "test rows differ");
    assert!(split.train == golden.train_idx, "training rows differ");
}

#[test]
fn scaling_is_that_of_the_reference() {
    let data = &telco::COMPLETE;
    let golden: golden::ScaledModel = golden::read("model_strict_C1.json");
    let want = golden.scaling(data.schema());
    let rows = golden::read::<golden::Split>("split.json").train_idx;
    let scaling = Scaling::measure(data, &rows);
    assert_within("scaling means", &scaling.mean, &want.mean, 1e-9);
    assert_within("scaling deviations", &scaling.sd, &want.sd, 1e-9);
}

#[test]
fn newton_reaches_the_strict_optimum() {
    let data = &telco::COMPLETE;
    for (file, column) in MODELS {
        let golden: golden::ScaledModel = golden::read(file);
        let (fit, model) = fitted(data, Solver::NewtonCholesky, golden.c);
        let what = format!("newton-cholesky, C = {}", golden.c);
        let want = golden.coefficients(data.schema());
        assert_within(
            &format!("{what}, coefficients"),
            &fit.coefficients,
            &want,
            1e-8,
        );
        assert_within(
            &format!("{what}, intercept"),
            &[fit.intercept],
            &[golden.intercept],
            1e-8,
        );
        let p = telco::probabilities(&model);
        let want = golden::column("probabilities.csv", column);
        assert_eq!(p.len(), 7032);
        assert_within(&format!("{what}, P"), &p, &want, 1e-9);
    }
}

#[test]
fn lbfgs_comes_close() {
    for (file, column) in MODELS {
        let c = golden::read::<golden::ScaledModel>(file).c;
        let (_, model) = fitted(&telco::COMPLETE, Solver::Lbfgs, c);
        let want = golden::column("probabilities.csv", column);
        assert_within(
            &format!("lbfgs, C = {c}, P"),
            &telco::probabilities(&model),
            &want,
            1e-4,
        );
    }
}

/// linfa takes the more frequent class as the positive one, whatever the labels
/// say: a solver must not care which class is asked for.
#[test]
fn either_class_can_be_predicted() {
    let data = flipped();
    for (solver, tolerance) in [(Solver::NewtonCholesky, 1e-9), (Solver::Lbfgs, 1e-4)] {
        for (file, column) in MODELS {
            let c = golden::read::<golden::ScaledModel>(file).c;
            let (_, model) = fitted(&data, solver, c);
            let stays = model.probabilities(&Design::new(data.schema()), &data);
            let leaves: Vec<f64> = stays.iter().map(|p| 1.0 - p).collect();
            let want = golden::column("probabilities.csv", column);
            assert_within(
                &format!("{solver:?} of the majority, C = {c}"),
                &leaves,
                &want,
                tolerance,
            );
        }
    }
}

/// The reference's own fit stops before its optimum; ours at the same C is as
/// close to it as the optimum is.
#[test]
fn strict_optimum_is_close_to_the_pinned_reference() {
    let (_, model) = fitted(&telco::COMPLETE, Solver::NewtonCholesky, 21.54434690031882);
    let want = golden::column("prob_cv_pinned.csv", "p_cv");
    assert_within(
        "P against the pinned fit",
        &telco::probabilities(&model),
        &want,
        0.00086,
    );
}

/// A row of weight 2 counts as the same row twice.
#[test]
fn weights_count_as_repeated_rows() {
    let data = &telco::COMPLETE;
    let rows: Vec<usize> = (0..1000).collect();
    let scaling = Scaling::measure(data, &rows);
    let weights: Vec<f64> = rows
        .iter()
        .map(|row| f64::from(u8::from(row % 3 == 0)) + 1.0)
        .collect();
    let repeated: Vec<usize> = rows
        .iter()
        .flat_map(|&row| std::iter::repeat_n(row, weights[row] as usize))
        .collect();
    let solver = Solver::NewtonCholesky;
    let weighted = fit(data, &rows, weights, &scaling, solver, 1.0).expect("a fit");
    let ones = vec![1.0; repeated.len()];
    let plain = fit(data, &repeated, ones, &scaling, solver, 1.0).expect("a fit");
    assert_within(
        "weights, coefficients",
        &weighted.coefficients,
        &plain.coefficients,
        1e-10,
    );
}
