//! What the browser keeps between visits. A full or forbidden storage only
//! forgets.

use leptos::prelude::window;
use web_sys::Storage;

/// What was kept under a key.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a text under a key; says whether there was room.
pub fn write(key: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// All keys, in no order.
pub fn keys() -> Vec<String> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let places = 0..storage.length().unwrap_or(0);
    places
        .filter_map(|place| storage.key(place).ok()?)
        .collect()
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
