//! Folds and the choice of C against the reference's grid.

use churn_core::cross_validation::{
    CrossValidation, FoldedRows, Scoring, cross_validate, default_grid,
};
use churn_core::progress;
use churn_core::scaling::Scaling;
use churn_core::split::stratified_folds;

use crate::difference::assert_within;
use crate::{golden, telco};

fn scored(scoring: Scoring) -> CrossValidation {
    let split: golden::Split = golden::read("split.json");
    let grid: golden::CvGrid = golden::read("cv_strict_grid.json");
    let folded = FoldedRows {
        data: &telco::COMPLETE,
        rows: &split.train_idx,
        folds: &split.folds(),
        weights: &vec![1.0; split.train_idx.len()],
        scaling: &Scaling::measure(&telco::COMPLETE, &split.train_idx),
    };
    cross_validate(folded, &grid.cs, scoring, &mut progress::ignore).expect("scores")
}

#[test]
fn folds_are_those_of_the_reference() {
    let split: golden::Split = golden::read("split.json");
    let folds = stratified_folds(&telco::labels(&split.train_idx), 5).expect("folds");
    assert!(folds == split.folds(), "folds differ");
}

#[test]
fn grid_is_that_of_the_reference() {
    let grid: golden::CvGrid = golden::read("cv_strict_grid.json");
    let ours = default_grid();
    let relative: Vec<f64> = ours.iter().zip(&grid.cs).map(|(a, b)| a / b).collect();
    assert_within("grid of C, relative", &relative, &[1.0; 10], f64::EPSILON);
    assert!(
        ours.contains(&grid.c_by_accuracy),
        "{} not to the bit",
        grid.c_by_accuracy
    );
}

#[test]
fn accuracy_chooses_the_reference_c() {
    let grid: golden::CvGrid = golden::read("cv_strict_grid.json");
    let found = scored(Scoring::Accuracy);
    for (fold, (got, want)) in found.scores.iter().zip(&grid.accuracy).enumerate() {
        assert_within(&format!("accuracy of fold {fold}"), got, want, 1e-9);
    }
    assert_within(
        "mean accuracy",
        &found.mean_scores,
        &grid.mean_accuracy,
        1e-9,
    );
    assert_eq!(found.best_c, grid.c_by_accuracy);
}

#[test]
fn log_loss_chooses_the_reference_c() {
    let grid: golden::CvGrid = golden::read("cv_strict_grid.json");
    let found = scored(Scoring::LogLoss);
    for (fold, (got, want)) in found.scores.iter().zip(&grid.log_loss).enumerate() {
        assert_within(&format!("log loss of fold {fold}"), got, want, 1e-9);
    }
    assert_within(
        "mean log loss",
        &found.mean_scores,
        &grid.mean_log_loss,
        1e-9,
    );
    assert_eq!(found.best_c, grid.c_by_log_loss);
}
