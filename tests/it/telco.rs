//! The bundled data, read once.

use std::path::Path;
use std::sync::LazyLock;

use churn_core::dataset::ReadOptions;
use churn_core::design::Design;
use churn_core::logistic::LogisticModel;
use churn_core::{Dataset, Reading, progress};

/// The bytes of the CSV.
pub static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/data/telco-customer-churn.csv");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
});

/// All 7,043 customers.
pub static READING: LazyLock<Reading> = LazyLock::new(|| read("Yes"));

/// The 7,032 customers without a missing value, as the reference keeps them.
pub static COMPLETE: LazyLock<Dataset> = LazyLock::new(|| {
    let data = &READING.dataset;
    data.select(&data.complete_rows())
});

/// Reads the data with the given class as the one to predict.
pub fn read(positive: &str) -> Reading {
    let options = ReadOptions {
        target: Some("Churn".into()),
        positive: Some(positive.into()),
        ..ReadOptions::default()
    };
    Dataset::read_csv(&BYTES, &options, &mut progress::ignore).expect("the bundled data")
}

/// Probabilities of all complete customers.
pub fn probabilities(model: &LogisticModel) -> Vec<f64> {
    model.probabilities(&Design::new(COMPLETE.schema()), &COMPLETE)
}

/// Labels of the given complete customers.
pub fn labels(rows: &[usize]) -> Vec<bool> {
    rows.iter()
        .map(|&row| COMPLETE.label(row).expect("a label"))
        .collect()
}
