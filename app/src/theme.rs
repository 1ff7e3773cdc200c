//! Light or dark: as the system says, until the user chooses.

use leptos::prelude::{document, window};

use crate::storage;

/// Attribute of the root element and key in the browser's storage.
const ATTRIBUTE: &str = "data-theme";
const DARK: &str = "dark";
const LIGHT: &str = "light";

/// Applies the choice of an earlier visit.
pub fn restore() {
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
