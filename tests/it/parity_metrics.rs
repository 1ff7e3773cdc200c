//! Metrics against scikit-learn's.

use std::collections::HashMap;

use churn_core::cuts::Cuts;
use churn_core::metrics::{ClassScores, Metrics};
use serde::Deserialize;

use crate::difference::Pairs;
use crate::{golden, telco};

/// `metrics.json`, of one model.
#[derive(Deserialize)]
struct Golden {
    train: Scores,
    test: Scores,
}

#[derive(Deserialize)]
struct Scores {
    n: u64,
    accuracy: f64,
    roc_auc: f64,
    average_precision: f64,
    log_loss: f64,
    brier: f64,
    confusion_at_0_5: HashMap<String, u64>,
    classification_report: HashMap<String, serde_json::Value>,
    ece_10bins: f64,
    calibration_10_equal_width_bins: Vec<Bin>,
}

#[derive(Deserialize)]
struct Class {
    precision: f64,
    recall: f64,
    #[serde(rename = "f1-score")]
    f1: f64,
    support: f64,
}

/// A bin without rows has no mean and no share.
#[derive(Deserialize)]
struct Bin {
    lo: f64,
    hi: f64,
    n: u64,
    mean_p: Option<f64>,
    frac_churn: Option<f64>,
}

fn check(what: &str, got: &Metrics, want: &Scores) {
    assert_eq!(got.rows, want.n, "{what}: rows");
    let mut figures = Pairs::default();
    let scores = [
        got.accuracy,
        got.roc_auc,
        got.average_precision,
        got.log_loss,
        got.brier,
        got.ece,
    ];
    let wanted = [
        want.accuracy,
        want.roc_auc,
        want.average_precision,
        want.log_loss,
        want.brier,
        want.ece_10bins,
    ];
    figures.add(&scores, &wanted);
    let confusion = [
        ("tn", got.confusion.true_negatives),
        ("fp", got.confusion.false_positives),
        ("fn", got.confusion.false_negatives),
        ("tp", got.confusion.true_positives),
    ];
    for (name, count) in confusion {
        assert_eq!(count, want.confusion_at_0_5[name], "{what}: {name}");
    }
    let report = got.confusion.report();
    let report = [
        ("No", report.negative),
        ("Yes", report.positive),
        ("macro avg", report.macro_average),
        ("weighted avg", report.weighted_average),
    ];
    for (name, class) in report {
        let golden: Class =
            serde_json::from_value(want.classification_report[name].clone()).expect(name);
        let ClassScores {
            precision,
            recall,
            f1,
            support,
        } = class;
        figures.add(
            &[precision, recall, f1, support as f64],
            &[golden.precision, golden.recall, golden.f1, golden.support],
        );
    }
    let bins = &want.calibration_10_equal_width_bins;
    assert_eq!(bins.len(), 10, "{what}: bins");
    // The reference lists empty bins, too.
    let full: Vec<&Bin> = bins.iter().filter(|bin| bin.n > 0).collect();
    assert_eq!(got.calibration.len(), full.len(), "{what}: bins with rows");
    for (got, want) in got.calibration.iter().zip(full) {
        assert_eq!(got.rows, want.n, "{what}: rows of the bin from {}", want.lo);
        figures.add(
            &[got.low, got.high, got.mean_probability, got.observed],
            &[
                want.lo,
                want.hi,
                want.mean_p.expect("a mean"),
                want.frac_churn.expect("a share"),
            ],
        );
    }
    figures.assert_within(&format!("metrics of {what}"), 1e-9);
}

#[test]
fn metrics_are_those_of_scikit_learn() {
    let golden: serde_json::Value = golden::read("metrics.json");
    let split: golden::Split = golden::read("split.json");
    let models = [
        ("strict_C1", "model_strict_C1.json"),
        ("strict_Cseed", "model_strict_Cseed.json"),
        ("cv_model", "model_cv_current.json"),
    ];
    for (name, file) in models {
        let want: Golden = serde_json::from_value(golden[name].clone()).expect(name);
        let model = golden::read::<golden::ScaledModel>(file).model(telco::COMPLETE.schema());
        let p = telco::probabilities(&model);
        for (part, rows, want) in [
            ("train", &split.train_idx, &want.train),
            ("test", &split.test_idx, &want.test),
        ] {
            let of_rows: Vec<f64> = rows.iter().map(|&row| p[row]).collect();
            let got = Metrics::measure(&of_rows, &telco::labels(rows), 0.5).expect("metrics");
            check(&format!("{name}, {part}"), &got, want);
            // The same decisions, found by halving.
            let cuts = Cuts::new(&of_rows, &telco::labels(rows));
            assert_eq!(cuts.confusion(0.5), got.confusion, "{name}, {part}");
            let rates = cuts.rates(cuts.at(0.5));
            let left = got.confusion.report().positive;
            assert_eq!(rates.right, Some(left.precision));
            assert_eq!(rates.found, left.recall);
        }
    }
}
