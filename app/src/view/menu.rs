//! A button that unfolds a panel of choices.

use super::handler::handler;
use leptos::ev::{Event, FocusEvent, KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, HtmlElement, Node};

/// Folds again at Escape and as soon as the focus is elsewhere.
#[component]
pub fn Menu(
    /// Text of the button.
    label: &'static str,
    /// What is unfolded.
    children: Children,
) -> impl IntoView {
    let on_keydown = |event: KeyboardEvent| {
        if event.key() == "Escape" {
            fold(&event);
            let details = details(&event);
            let summary = details.and_then(|it| it.first_element_child());
            if let Some(summary) = summary.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                let _ = summary.focus();
            }
        }
    };
    let on_focusout = |event: FocusEvent| {
        let next = event
            .related_target()
            .and_then(|next| next.dyn_into::<Node>().ok());
        let inside = details(&event).is_some_and(|it| it.contains(next.as_ref()));
        if !inside {
            fold(&event);
        }
    };
    // On a phone its shade covers the page.
    let on_click = |event: MouseEvent| {
        if event.target() == event.current_target() {
            fold(&event);
        }
    };
    view! {
        <details
            class="menu"
            on:keydown=handler(on_keydown)
            on:focusout=handler(on_focusout)
            on:click=handler(on_click)
        >
            <summary class="button">{label} " ▾"</summary>
            // Takes the focus of a press between its controls, so that it stays.
            <div class="panel" tabindex="-1">{children()}</div>
        </details>
    }
}

/// The menu that listens for an event.
fn details(event: &Event) -> Option<HtmlDetailsElement> {
    event.current_target()?.dyn_into().ok()
}

fn fold(event: &Event) {
    if let Some(details) = details(event) {
        details.set_open(false);
    }
}
