//! Any text, loaded as a model; half of the changes keep it JSON.
#![no_main]

#[path = "../../it/artefact_property.rs"]
mod artefact_property;
#[path = "../../it/json_mutation.rs"]
mod json_mutation;

use json_mutation::{Random, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|text: &str| {
    artefact_property::check(text);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if seed % 2 == 0
        && let Ok(mut document) = serde_json::from_slice(&data[..size])
    {
        mutate(&mut document, &mut Random(seed.into()));
        let text = document.to_string();
        if text.len() <= max_size {
            data[..text.len()].copy_from_slice(text.as_bytes());
            return text.len();
        }
    }
    fuzzer_mutate(data, size, max_size)
});
