//! Files that the page hands to the user.

use js_sys::Array;
use leptos::prelude::{document, set_timeout};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Offers a text as a file of a kind, as in `text/csv`.
pub fn save(name: &str, kind: &str, text: &str) {
    offer(name, kind, &Array::of1(&text.into()));
}

/// Offers texts, one after the other, as a file.
pub fn offer(name: &str, kind: &str, parts: &Array) {
    /// Browsers read the file after the click.
    const READ: Duration = Duration::from_secs(60);
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let file = Blob::new_with_str_sequence_and_options(parts, &options);
    let Ok(url) = file.and_then(|file| Url::create_object_url_with_blob(&file)) else {
        return;
    };
    let link = document().create_element("a").ok();
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    set_timeout(
        move || {
            let _ = Url::revoke_object_url(&url);
        },
        READ,
    );
}
