//! Light or dark: as the system says, until the user chooses.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::Event;

use crate::storage;

/// Attribute of the root element and key in the browser's storage.
const ATTRIBUTE: &str = "data-theme";
const DARK: &str = "dark";
const LIGHT: &str = "light";

/// Event of the window when the theme changes.
pub const CHANGED: &str = "themechange";

/// Applies the choice of an earlier visit, and follows the system.
pub fn restore() {
    if let Ok(Some(system)) = window().match_media("(prefers-color-scheme: dark)") {
        let told = Closure::<dyn Fn()>::new(tell);
        system.set_onchange(Some(told.as_ref().unchecked_ref()));
        // For the life of the page, as is what it is set on.
        told.forget();
        std::mem::forget(system);
    }
    let chosen = storage::read(ATTRIBUTE);
    let known = |theme: &&str| [DARK, LIGHT].contains(theme);
    if let Some(theme) = chosen.as_deref().filter(known) {
        apply(theme);
    }
}

/// Switches to the other theme and remembers it.
pub fn switch() {
    let theme = if is_dark() { LIGHT } else { DARK };
    apply(theme);
    storage::write(ATTRIBUTE, theme);
}

fn apply(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(ATTRIBUTE, theme);
    }
    tell();
}

/// Tells those who draw with colours of the style sheet that they are others.
fn tell() {
    if let Ok(event) = Event::new(CHANGED) {
        let _ = window().dispatch_event(&event);
    }
}

fn is_dark() -> bool {
    let chosen = document()
        .document_element()
        .and_then(|root| root.get_attribute(ATTRIBUTE));
    match chosen {
        Some(theme) => theme == DARK,
        None => window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches()),
    }
}
