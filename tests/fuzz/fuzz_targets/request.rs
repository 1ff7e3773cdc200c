//! Any body, sent to any route that takes one; half of the changes keep it JSON.
#![no_main]

#[path = "../../it/json_mutation.rs"]
mod json_mutation;
#[path = "../../../server/tests/api/request_property.rs"]
mod request_property;

use std::cell::RefCell;

use json_mutation::{Random, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use request_property::Served;

thread_local! {
    static SERVED: RefCell<Served> = RefCell::new(Served::new(
        &std::env::temp_dir().join(format!("churn-fuzz-{}", std::process::id())),
    ));
}

fuzz_target!(|case: &[u8]| {
    SERVED.with_borrow_mut(|served| served.check(case));
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    // What follows the letter of the route.
    if seed % 2 == 0
        && size > 1
        && let Ok(mut document) = serde_json::from_slice(&data[1..size])
    {
        mutate(&mut document, &mut Random(seed.into()));
        let text = document.to_string();
        if text.len() < max_size {
            data[1..=text.len()].copy_from_slice(text.as_bytes());
            return text.len() + 1;
        }
    }
    fuzzer_mutate(data, size, max_size)
});
