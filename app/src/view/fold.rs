//! A part of the page that is folded until somebody asks for it.

use crate::reactive::RwSignal;
use leptos::prelude::*;

/// A part under its name; what is in it is made when it is unfolded.
#[component]
pub fn Fold(
    /// Its name.
    label: &'static str,
    /// The question that it answers.
    question: &'static str,
    /// Whether it is unfolded.
    open: RwSignal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    view! {
        <details
            class="fold"
            prop:open=open.signal()
            on:toggle:target=move |event| open.set(event.target().has_attribute("open"))
        >
            <summary>
                <h2>{label}</h2>
                <span class="muted">{question}</span>
            </summary>
            {move || open.get().then(|| view! { <div class="folded">{children()}</div> })}
        </details>
    }
}
