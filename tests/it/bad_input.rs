//! Random and broken input: CSV and models that are read or refused, and never
//! anything else. The kept cases are what fuzzing found, and seeds for more.

use std::fs;
use std::path::{Path, PathBuf};

use churn_core::train::{TrainParams, train};
use churn_core::{Predictor, progress};
use proptest::prelude::*;

use crate::json_mutation::{Random, mutate};
use crate::{artefact_property, csv_property, telco};

/// Files of `corpus/<kind>`.
fn corpus(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(kind);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no case in {}", folder.display());
    files
}

#[test]
fn kept_csv_cases() {
    for file in corpus("csv") {
        println!("{}", file.display());
        csv_property::check(&fs::read(file).expect("a file"));
    }
}

#[test]
fn kept_artefact_cases() {
    let mut loaded = 0;
    for file in corpus("artefact") {
        println!("{}", file.display());
        let text = fs::read_to_string(file).expect("a file");
        loaded += usize::from(artefact_property::check(&text));
    }
    assert!(loaded > 0, "no kept model can be loaded");
}

/// The document of a model trained on the telco data.
fn document() -> String {
    let params = TrainParams::default();
    let artefact = train(&telco::READING, &params, None, "", &mut progress::ignore);
    artefact.expect("a model").to_json().expect("a document")
}

/// A model with log-odds too large to integrate is refused in no time, and the
/// refusal says why.
#[test]
fn too_steep_a_model_is_refused() {
    let mut document: serde_json::Value = serde_json::from_str(&document()).expect("JSON");
    document["model"]["logistic"]["intercept"] = 25_000.into();
    let artefact = churn_core::ModelArtefact::from_json(&document.to_string()).expect("a model");
    let error = Predictor::new(artefact).expect_err("too steep");
    let message = error.to_string();
    assert!(
        message.starts_with("model.coefficients: expected log-odds up to 1500, got 2.5"),
        "{message}"
    );
}

#[test]
fn mutated_models() {
    let original: serde_json::Value = serde_json::from_str(&document()).expect("JSON");
    let mut loaded = 0;
    for seed in 0..300 {
        let mut random = Random(seed);
        let mut document = original.clone();
        for _ in 0..=seed % 3 {
            mutate(&mut document, &mut random);
        }
        loaded += usize::from(artefact_property::check(&document.to_string()));
    }
    println!("{loaded} of 300 mutated models can be loaded");
    assert!((1..300).contains(&loaded), "{loaded} of 300 can be loaded");
}

/// A few lines of the telco data, their bytes changed here and there.
fn mutated_csv() -> impl Strategy<Value = Vec<u8>> {
    let change = (
        any::<prop::sample::Index>(),
        prop_oneof![
            any::<u8>(),
            prop::sample::select(b",,\"\n\r 01.-e\xc3\xff".to_vec()),
        ],
    );
    (2..30_usize, prop::collection::vec(change, 0..40)).prop_map(|(lines, changes)| {
        let lines = telco::BYTES
            .split_inclusive(|&byte| byte == b'\n')
            .take(lines);
        let mut bytes = lines.collect::<Vec<_>>().concat();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    })
}

/// A table of cells that look like something.
fn table() -> impl Strategy<Value = String> {
    let cell = prop_oneof![
        "[01]",
        "-?[0-9]{1,3}(\\.[0-9]{1,2})?",
        "(Yes|No|)",
        "[a-c]",
        "(nan|inf|1e999|00|1\\.0|\"|\"a,b\"|\"\n\"| )",
    ];
    prop::collection::vec(prop::collection::vec(cell, 1..5), 0..20).prop_map(|rows| {
        let rows: Vec<String> = rows.into_iter().map(|cells| cells.join(",")).collect();
        format!("a,b,c,Churn\n{}", rows.join("\n"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_as_csv(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        csv_property::check(&bytes);
    }

    #[test]
    fn mutated_csv_lines(bytes in mutated_csv()) {
        csv_property::check(&bytes);
    }

    #[test]
    fn tables(text in table()) {
        csv_property::check(text.as_bytes());
    }

    #[test]
    fn any_text_as_model(text in ".{0,200}") {
        prop_assert!(!artefact_property::check(&text), "loaded {text:?}");
    }
}
