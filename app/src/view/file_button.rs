//! A button that takes a document from a file of the user's.

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, HtmlInputElement};

use super::handler::handler;

/// A document that was chosen.
#[derive(Debug)]
pub struct Document {
    /// Its file's name.
    pub name: String,
    /// What is in it; nothing, where the file cannot be read.
    pub content: String,
}

/// Lets the user choose a JSON document.
#[component]
pub fn FileButton(
    /// What it is for.
    label: &'static str,
    /// Called with each document that is chosen.
    take: Callback<Document>,
) -> impl IntoView {
    let read = move |input: HtmlInputElement| {
        let Some(file) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        spawn_local(async move {
            let content = JsFuture::from(file.text()).await.ok();
            let content = content
                .and_then(|text| text.as_string())
                .unwrap_or_default();
            // The same file may be chosen again.
            input.set_value("");
            let name = file.name();
            // The page may be another one by now.
            take.try_run(Document { name, content });
        });
    };
    view! {
        <label class="button file">
            {label}
            <input
                class="spoken"
                type="file"
                accept=".json,application/json"
                on:change=handler(move |event: Event| read(event_target(&event)))
            />
        </label>
    }
}
