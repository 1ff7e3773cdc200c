//! `lime_seeds.json`: 51 customers, 200 runs of LIME each, and the limit.

use churn_core::background::Background;
use churn_core::logistic::LogisticModel;
use serde::Deserialize;

use crate::{golden, telco};

#[derive(Deserialize)]
pub struct LimeSeeds {
    pub customers: Vec<Customer>,
}

#[derive(Deserialize)]
pub struct Customer {
    /// Row of the complete data; none for the example of the README.
    pub row: Option<usize>,
    pub p: f64,
    pub bins_codes: Vec<u8>,
    /// Mean weights over 200 runs with all 19 features.
    pub w19_mean: Vec<f64>,
    /// The limit with the ridge shrinkage of 5,000 samples.
    pub limit_n5000: Limit,
    /// The limit itself.
    pub limit_inf: Limit,
}

#[derive(Deserialize)]
pub struct Limit {
    pub w: Vec<f64>,
    pub intercept: f64,
    pub local_pred: f64,
    pub score: f64,
}

/// The model of the runs.
pub fn model() -> LogisticModel {
    golden::read::<golden::ScaledModel>("model_cv_current.json").model(telco::COMPLETE.schema())
}

/// The background of the runs: all complete customers.
pub fn background() -> Background {
    let rows: Vec<usize> = (0..telco::COMPLETE.rows()).collect();
    Background::measure(&telco::COMPLETE, &rows)
}
