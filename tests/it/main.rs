//! Integration tests: parity with the reference, bad input.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking, and prints what it measured"
)]

mod artefact_property;
mod bad_input;
mod csv_cases;
mod csv_property;
mod difference;
mod enumeration;
mod exact_lime_accuracy;
mod golden;
mod json_mutation;
mod lime_seeds;
mod links_property;
mod links_telco;
mod parity_contributions;
mod parity_cv;
mod parity_exact_lime;
mod parity_metrics;
mod parity_model;
mod parity_sampled_lime;
mod telco;
