//! Any bytes, read as CSV.
#![no_main]

#[path = "../../it/csv_property.rs"]
mod csv_property;

use csv_property::{check, check_under, ways};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // One way per input, as most of the time goes into making CSV readers;
    // all of them now and then.
    let ways = ways(bytes);
    match ways.get(bytes.len() % 5) {
        Some(options) => check_under(bytes, options),
        None => check(bytes),
    }
});
