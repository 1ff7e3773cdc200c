//! Drift against Evidently's and SciPy's figures, estimates against NannyML's.

use std::collections::HashMap;

use churn_core::cbpe::Estimate;
use churn_core::drift::{Grid, jensen_shannon, psi};
use churn_core::marginals::{Marginal, Marginals};
use churn_core::metrics::Confusion;
use churn_core::{Column, Dataset};
use serde::Deserialize;

use crate::difference::Pairs;
use crate::{golden, telco};

/// `monitoring.json`.
#[derive(Deserialize)]
struct Golden {
    windows: HashMap<String, Window>,
    estimates: Estimates,
}

/// Some rows against all.
#[derive(Deserialize)]
struct Window {
    rows: Vec<usize>,
    levels: HashMap<String, Levels>,
    numbers: HashMap<String, Numbers>,
}

#[derive(Deserialize)]
struct Levels {
    psi: f64,
    jensen_shannon: f64,
}

/// Of the raw numbers, and where only percentiles are known.
#[derive(Deserialize)]
struct Numbers {
    wasserstein: f64,
    ks: f64,
    grid_wasserstein: f64,
    grid_ks: f64,
}

#[derive(Deserialize)]
struct Estimates {
    size: usize,
    estimated: HashMap<String, Vec<f64>>,
    realized: HashMap<String, Vec<f64>>,
}

fn scores() -> Vec<f64> {
    golden::column("probabilities.csv", "p_strict_C1")
}

fn marginals(data: &Dataset) -> Marginals {
    let rows: Vec<usize> = (0..data.rows()).collect();
    Marginals::measure(data, &rows, scores())
}

#[test]
fn levels_drift_as_evidently_says() {
    let golden: Golden = golden::read("monitoring.json");
    let data = &telco::COMPLETE;
    let background = marginals(data);
    let mut figures = Pairs::default();
    for window in golden.windows.values() {
        for (name, want) in &window.levels {
            let feature = data.schema().position(name).unwrap();
            let Marginal::Categorical { counts } = &background.features[feature] else {
                panic!("{name} has no levels")
            };
            let now = data.level_counts(feature, &window.rows);
            let got = [psi(counts, &now), jensen_shannon(counts, &now)];
            figures.add(&got, &[want.psi, want.jensen_shannon]);
        }
    }
    figures.assert_within("PSI and Jensen-Shannon", 1e-12);
}

#[test]
fn numbers_drift_as_scipy_and_evidently_say() {
    let golden: Golden = golden::read("monitoring.json");
    let data = &telco::COMPLETE;
    let background = marginals(data);
    let scores = scores();
    let (mut same_base, mut farthest) = (Pairs::default(), Pairs::default());
    let (mut many, mut one) = (Pairs::default(), Pairs::default());
    for (name, window) in &golden.windows {
        for (number, want) in &window.numbers {
            let (values, marginal) = match data.schema().position(number) {
                None => (&scores, &background.score),
                Some(feature) => {
                    let (Column::Numeric(x), Marginal::Numeric(marginal)) =
                        (&data.columns()[feature], &background.features[feature])
                    else {
                        panic!("{number} is no number")
                    };
                    (x, marginal)
                }
            };
            let now: Vec<f64> = window.rows.iter().map(|&row| values[row]).collect();
            let (distance, gap) = Grid::new(marginal).distances(&now);
            println!("{name}, {number}: {distance:.4} {gap:.4}");
            same_base.add(&[distance, gap], &[want.grid_wasserstein, want.grid_ks]);
            farthest.add(&[gap], &[want.ks]);
            let distances = if now.len() > 1 { &mut many } else { &mut one };
            distances.add(&[distance], &[want.wasserstein]);
        }
    }
    same_base.assert_within("both, on the same base", 1e-12);
    // What it costs to know percentiles only: a step of one percent, and for a
    // single number half a cell.
    many.assert_within("Wasserstein of the raw numbers", 5e-3);
    one.assert_within("Wasserstein of one raw number", 5e-2);
    farthest.assert_within("Kolmogorov-Smirnov of the raw numbers", 1e-2);
}

#[test]
fn accuracy_is_estimated_as_nannyml_does() {
    let Golden { estimates, .. } = golden::read("monitoring.json");
    let rows: Vec<usize> = (0..telco::COMPLETE.rows()).collect();
    let (labels, scores) = (telco::labels(&rows), scores());
    let (mut estimated, mut realized) = (Pairs::default(), Pairs::default());
    for (chunk, p) in scores.chunks(estimates.size).enumerate() {
        let labels = &labels[chunk * estimates.size..][..p.len()];
        let (estimate, truth) = (Estimate::at(p, 0.5), Confusion::at(p, labels, 0.5));
        let report = truth.report();
        let figures = [
            ("accuracy", estimate.accuracy(), truth.accuracy()),
            ("precision", estimate.precision(), report.positive.precision),
            ("recall", estimate.recall(), report.positive.recall),
            (
                "specificity",
                estimate.specificity(),
                report.negative.recall,
            ),
            ("f1", estimate.f1(), report.positive.f1),
        ];
        for (metric, by_estimate, by_truth) in figures {
            estimated.add(&[by_estimate], &[estimates.estimated[metric][chunk]]);
            realized.add(&[by_truth], &[estimates.realized[metric][chunk]]);
        }
        // On data that the model knows, the truth is where it is expected.
        let sds = (truth.accuracy() - estimate.accuracy()).abs() / estimate.accuracy_sd();
        assert!(sds < 4.0, "chunk {chunk}: {sds} standard deviations");
    }
    estimated.assert_within("estimated from probabilities", 1e-12);
    realized.assert_within("realized", 1e-12);
}
