//! Times the jobs that the reference is timed on, one thread, and prints one
//! JSON object: job → median milliseconds. `cargo xtask bench` sets them beside
//! the reference's.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark on known data"
)]

use std::hint::black_box;
use std::time::Instant;

use churn_core::cross_validation::{FoldedRows, Scoring, cross_validate, default_grid};
use churn_core::dataset::ReadOptions;
use churn_core::scaling::Scaling;
use churn_core::split::{HoldOut, Split, stratified_folds};
use churn_core::train::{self, Solver, TrainParams};
use churn_core::{Dataset, Predictor, Preset, progress};

const CSV: &[u8] = include_bytes!("../../public/data/telco-customer-churn.csv");
const PRESET: &str = include_str!("../../public/data/telco-customer-churn.preset.json");

/// Median milliseconds of one call, after a warm-up.
fn median_ms(mut job: impl FnMut()) -> f64 {
    const RUNS: usize = 31;
    job();
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            job();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times[RUNS / 2]
}

fn main() {
    let preset = Preset::from_json(PRESET).unwrap();
    let options = ReadOptions {
        id: Some(preset.id.clone()),
        target: Some(preset.target.clone()),
        positive: Some(preset.positive.clone()),
        ..ReadOptions::default()
    };
    let read = || Dataset::read_csv(CSV, &options, &mut progress::ignore).unwrap();
    let reading = read();
    let params = TrainParams::default();
    let artefact =
        train::train(&reading, &params, Some(&preset), "", &mut progress::ignore).unwrap();
    let predictor = Predictor::new(artefact).unwrap();

    let data = &reading.dataset;
    let complete = data.complete_rows();
    let clean = data.select(&complete);
    let split = Split::new(
        data,
        &complete,
        &HoldOut::Fraction {
            fraction: 0.25,
            seed: 42,
        },
    )
    .unwrap();
    let weights = vec![1.0; split.train.len()];
    let folds = stratified_folds(&data.left(&split.train), 5).unwrap();
    let fit = |c: f64| {
        let scaling = Scaling::measure(data, &split.train);
        let solver = Solver::NewtonCholesky;
        train::fit(data, &split.train, weights.clone(), &scaling, solver, c).unwrap()
    };
    let cross = || {
        let scaling = Scaling::measure(data, &split.train);
        let folded = FoldedRows {
            data,
            rows: &split.train,
            folds: &folds,
            weights: &weights,
            scaling: &scaling,
        };
        let grid = default_grid();
        let result =
            cross_validate(folded, &grid, Scoring::Accuracy, &mut progress::ignore).unwrap();
        fit(result.best_c)
    };
    let pool = predictor.pool(5000, 0).unwrap();
    let codes = predictor.artefact().background.all_codes(&clean);
    let width = data.schema().features.len();
    let mut room = predictor.exact().workspace();
    let mut out = vec![0.0; width];

    let one_by_one = median_ms(|| {
        for codes in codes.chunks_exact(width) {
            black_box(
                predictor
                    .exact()
                    .explain(black_box(codes), &mut out, &mut room),
            );
        }
    });
    let row = clean.row(0);
    let results = [
        ("exact_one", one_by_one / clean.rows() as f64),
        (
            "exact_all",
            median_ms(|| drop(black_box(predictor.exact_weights(&clean)))),
        ),
        (
            "sampled_one",
            median_ms(|| drop(black_box(predictor.explain_sampled(&row, &pool, 10)))),
        ),
        ("fit", median_ms(|| drop(black_box(fit(1.0))))),
        ("cross_validation", median_ms(|| drop(black_box(cross())))),
        (
            "predict_all",
            median_ms(|| drop(black_box(predictor.probabilities(&clean)))),
        ),
        ("read", median_ms(|| drop(black_box(read())))),
    ];
    let object: serde_json::Map<String, serde_json::Value> = results
        .iter()
        .map(|(job, ms)| ((*job).to_owned(), (*ms).into()))
        .collect();
    println!("{}", serde_json::Value::Object(object));
    if std::env::args().any(|a| a == "--detail") {
        let one = fit(1.0);
        println!(
            "fit C=1: {} iterations, gradient {:e}",
            one.iterations, one.gradient_norm
        );
        println!("nodes {}", predictor.exact().quadrature().nodes());
    }
}
