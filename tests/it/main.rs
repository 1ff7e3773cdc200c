//! Integration tests: parity with the reference, bad input, the page
//! in a browser.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking, and prints what it measured"
)]

mod artefact_cases;
mod artefact_property;
mod bad_input;
mod browser;
mod csv_columns;
mod csv_property;
mod csv_reading;
mod csv_text;
mod difference;
mod enumeration;
mod exact_lime_accuracy;
mod exact_lime_fine_grid;
mod golden;
mod json_mutation;
mod lime_seeds;
mod links_property;
mod links_telco;
mod palette;
mod parity_contributions;
mod parity_cv;
mod parity_exact_lime;
mod parity_exploration;
mod parity_metrics;
mod parity_model;
mod parity_monitoring;
mod parity_sampled_lime;
mod parity_svm;
mod telco;
mod training;
