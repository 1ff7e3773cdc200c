//! A button that unfolds a panel of choices.

use super::handler::handler;
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::{Details, Summary};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Node;

/// Folds again at Escape and as soon as the focus is elsewhere.
#[component]
pub fn Menu(
    /// Text of the button.
    label: &'static str,
    /// What is unfolded.
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<Details>::new();
    let summary = NodeRef::<Summary>::new();
    let fold = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            fold();
            if let Some(summary) = summary.get_untracked() {
                let _ = summary.focus();
            }
        }
    };
    let on_focusout = move |event: FocusEvent| {
        let next = event
            .related_target()
            .and_then(|next| next.dyn_into::<Node>().ok());
        let inside = details
            .get_untracked()
            .is_some_and(|it| it.contains(next.as_ref()));
        if !inside {
            fold();
        }
    };
    // On a phone its shade covers the page.
    let on_click = move |event: web_sys::MouseEvent| {
        if event.target() == event.current_target() {
            fold();
        }
    };
    view! {
        <details
            class="menu"
            node_ref=details
            on:keydown=handler(on_keydown)
            on:focusout=handler(on_focusout)
            on:click=handler(on_click)
        >
            <summary class="button" node_ref=summary>{label} " ▾"</summary>
            // Takes the focus of a press between its controls, so that it stays.
            <div class="panel" tabindex="-1">{children()}</div>
        </details>
    }
}
