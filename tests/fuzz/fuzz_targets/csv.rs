//! Any bytes, read as CSV.
#![no_main]

#[path = "../../it/csv_property.rs"]
mod csv_property;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| csv_property::check(bytes));
