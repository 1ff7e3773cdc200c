//! The reference's figures, as `tests/golden` has them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use churn_core::Schema;
use churn_core::logistic::LogisticModel;
use churn_core::scaling::Scaling;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A file of the golden folder.
fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("golden")
        .join(file)
}

/// A JSON file of the golden folder.
pub fn read<T: DeserializeOwned>(file: &str) -> T {
    let text = text(file);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// One column of numbers of a CSV file of the golden folder.
pub fn column(file: &str, name: &str) -> Vec<f64> {
    let text = text(file);
    let mut lines = text.lines();
    let header = lines.next().expect("a header");
    let at = header
        .split(',')
        .position(|column| column == name)
        .unwrap_or_else(|| panic!("{file} has no column {name}"));
    lines
        .map(|line| line.split(',').nth(at).expect("a field").parse().unwrap())
        .collect()
}

fn text(file: &str) -> String {
    std::fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// `model_*.json`: one-hot names, standardisation and coefficients.
#[derive(Deserialize)]
pub struct ScaledModel {
    #[serde(rename = "C")]
    pub c: f64,
    onehot_names: Vec<String>,
    scaler_mean: Vec<f64>,
    scaler_scale: Vec<f64>,
    coef_on_scaled: Vec<f64>,
    pub intercept: f64,
}

impl ScaledModel {
    /// The coefficients in the order of our design columns.
    pub fn coefficients(&self, schema: &Schema) -> Vec<f64> {
        self.in_design(schema, &self.coef_on_scaled)
    }

    /// The standardisation in the order of our design columns.
    pub fn scaling(&self, schema: &Schema) -> Scaling {
        Scaling {
            mean: self.in_design(schema, &self.scaler_mean),
            sd: self.in_design(schema, &self.scaler_scale),
        }
    }

    /// The model as a table of log-odds.
    pub fn model(&self, schema: &Schema) -> LogisticModel {
        LogisticModel::from_scaled(
            self.intercept,
            &self.coefficients(schema),
            &self.scaling(schema),
        )
    }

    /// The reference has all one-hot columns first and numbers last; the design
    /// has both in schema order.
    fn in_design(&self, schema: &Schema, values: &[f64]) -> Vec<f64> {
        let by_name: HashMap<&str, f64> = self
            .onehot_names
            .iter()
            .map(String::as_str)
            .zip(values.iter().copied())
            .collect();
        let of = |name: String| {
            *by_name
                .get(name.as_str())
                .unwrap_or_else(|| panic!("the reference has no column {name}"))
        };
        let mut ordered = Vec::new();
        for feature in &schema.features {
            if feature.is_numeric() {
                ordered.push(of(feature.name.clone()));
            }
            for level in feature.levels() {
                ordered.push(of(format!("{}={level}", feature.name)));
            }
        }
        assert_eq!(ordered.len(), values.len(), "columns of the design");
        ordered
    }
}

/// `split.json`: rows of the cleaned data, and a fold per training row.
#[derive(Deserialize)]
pub struct Split {
    pub train_idx: Vec<usize>,
    pub test_idx: Vec<usize>,
    cv_fold_of_train_row: String,
}

impl Split {
    pub fn folds(&self) -> Vec<usize> {
        self.cv_fold_of_train_row
            .bytes()
            .map(|digit| usize::from(digit - b'0'))
            .collect()
    }
}

/// `cv_strict_grid.json`: scores at the exact optimum, by fold and C.
#[derive(Deserialize)]
pub struct CvGrid {
    #[serde(rename = "Cs")]
    pub cs: Vec<f64>,
    pub accuracy: Vec<Vec<f64>>,
    pub mean_accuracy: Vec<f64>,
    pub log_loss: Vec<Vec<f64>>,
    pub mean_log_loss: Vec<f64>,
    #[serde(rename = "C_by_accuracy")]
    pub c_by_accuracy: f64,
    #[serde(rename = "C_by_log_loss")]
    pub c_by_log_loss: f64,
}

/// `schema.json`: levels, frequencies and quartile bins.
#[derive(Deserialize)]
pub struct SchemaFacts {
    pub n_rows: u64,
    pub feature_order: Vec<String>,
    pub categories: HashMap<String, Vec<String>>,
    pub category_counts: HashMap<String, Vec<f64>>,
    pub numeric_stats: HashMap<String, NumericFacts>,
    pub default_data: HashMap<String, serde_json::Value>,
}

/// One number's bins.
#[derive(Deserialize)]
pub struct NumericFacts {
    #[serde(rename = "lime_bin_freq")]
    pub frequencies: Vec<f64>,
    #[serde(rename = "lime_bin_mean")]
    pub means: Vec<f64>,
    #[serde(rename = "lime_bin_std")]
    pub sds: Vec<f64>,
    #[serde(rename = "lime_bin_min")]
    pub lows: Vec<f64>,
    #[serde(rename = "lime_bin_max")]
    pub highs: Vec<f64>,
}
