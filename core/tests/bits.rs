//! The same bits everywhere: what a model says is pinned, and the pins hold
//! natively and in WebAssembly.
//!
//! A hash that differs in one build alone is a bug (a function of the platform,
//! an order of sums left to chance). One that differs in all of them alike
//! follows from a change of the arithmetic: pin what the test prints.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use churn_core::artefact::{Model, sha256};
use churn_core::dataset::ReadOptions;
use churn_core::train::{TrainParams, train};
use churn_core::{Dataset, Links, ModelArtefact, Predictor, Preset, progress};

const CSV: &[u8] = include_bytes!("../../public/data/telco-customer-churn.csv");
const PRESET: &str = include_str!("../../public/data/telco-customer-churn.preset.json");

/// First 16 digits of the SHA-256 of each result.
const PINNED: [(&str, &str); 9] = [
    ("model document", "b2b73d317257283f"),
    ("document reloaded", "b2b73d317257283f"),
    ("probabilities", "016c5e1c84655f35"),
    ("exact LIME", "57bc06c46884ff5b"),
    ("contributions", "29c5fbcad6cbaa29"),
    ("pool codes", "1f253a7d1192b88d"),
    ("pool probabilities", "460cc6e9e4d6eeaf"),
    ("sampled LIME", "c34c867fcfcd410d"),
    ("links", "271ea6c6b62e66e8"),
];

/// Little-endian bytes of numbers.
fn bytes(numbers: &[f64]) -> Vec<u8> {
    numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// A model of short coefficients, so that a faster solver, which sums in
/// another order, changes nothing that is measured of it.
fn rounded(mut artefact: ModelArtefact) -> ModelArtefact {
    let short = |x: f64| libm::round(x * 1e6) / 1e6;
    let Model::Logistic(model) = &mut artefact.model;
    model.intercept = short(model.intercept);
    for coefficient in &mut model.coefficients {
        *coefficient = short(*coefficient);
    }
    artefact
}

fn measured() -> Vec<(&'static str, Vec<u8>)> {
    let preset = Preset::from_json(PRESET).expect("a preset");
    let options = ReadOptions {
        id: Some(preset.id.clone()),
        target: Some(preset.target.clone()),
        positive: Some(preset.positive.clone()),
        ..ReadOptions::default()
    };
    let reading = Dataset::read_csv(CSV, &options, &mut progress::ignore).expect("data");
    let params = TrainParams::default();
    let mut artefact = train(
        &reading,
        &params,
        Some(&preset),
        &sha256(CSV),
        &mut progress::ignore,
    )
    .expect("a model");
    // Its name changes with every release, and nothing else.
    artefact.training.program.clear();
    let document = artefact.to_json().expect("a document");
    let reloaded = ModelArtefact::from_json(&document).expect("the document again");
    let again = reloaded.to_json().expect("the document again");

    let predictor = Predictor::new(rounded(artefact)).expect("tables");
    let (data, imputed) = predictor.complete_all(&reading.dataset);
    assert_eq!((data.rows(), imputed.len()), (7043, 11));
    let exact = predictor.exact_weights(&data);
    let pool = predictor.pool(5000, 0).expect("a pool");
    let sampled = (0..data.rows()).step_by(100).flat_map(|row| {
        let explanation = predictor.explain_sampled(&data.row(row), &pool, 10);
        let mut figures = explanation.weights;
        figures.extend([explanation.intercept, explanation.local_prediction]);
        figures.extend(explanation.r2);
        figures
    });
    // What the rules of numbers say, unrounded: a price list and a product.
    let links = Links::learn(&reading.dataset, None);
    let rules = links.following().iter();
    let followed: Vec<f64> = rules
        .flat_map(|following| (0..data.rows()).map(|row| following.rule(&data.row(row))))
        .map(|number| number.expect("a complete row"))
        .collect();
    let exact = [
        exact.weights,
        exact.intercepts,
        exact.local_predictions,
        exact.r2,
    ]
    .concat();
    vec![
        ("model document", document.into_bytes()),
        ("document reloaded", again.into_bytes()),
        ("probabilities", bytes(&predictor.probabilities(&data))),
        ("exact LIME", bytes(&exact)),
        (
            "contributions",
            bytes(&predictor.contribution_matrix(&data)),
        ),
        ("pool codes", pool.codes().to_vec()),
        ("pool probabilities", bytes(pool.probabilities())),
        ("sampled LIME", bytes(&sampled.collect::<Vec<f64>>())),
        ("links", bytes(&followed)),
    ]
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn every_build_gives_the_same_bits() {
    let hashes: Vec<(&str, String)> = measured()
        .iter()
        .map(|(name, bytes)| (*name, sha256(bytes)[..16].to_owned()))
        .collect();
    let pinned = PINNED.map(|(name, hash)| (name, hash.to_owned()));
    assert_eq!(hashes, pinned, "measured, pinned");
}
