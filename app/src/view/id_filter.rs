//! Which customers are asked for by their ids.

use leptos::html::Textarea;
use leptos::prelude::*;

use crate::filter::Pasted;
use crate::reactive::{RwSignal, effect};
use crate::state::State;
use crate::text;

/// A field for many ids, and what of it is no id.
#[component]
pub fn IdFilter() -> impl IntoView {
    let state = expect_context::<State>();
    let field = NodeRef::<Textarea>::new();
    let message = RwSignal::new(String::new());
    // Text that already names these customers stays as it was typed.
    effect(move || {
        let explorer = state.explorer();
        let filter = state.filter.get();
        let asked = filter.ids();
        if let Some(field) = field.get()
            && Pasted::read(&field.value(), &explorer).rows != asked
        {
            let ids = asked.iter().map(|&row| explorer.id(row as usize));
            field.set_value(&ids.collect::<Vec<_>>().join("\n"));
            message.set(String::new());
        }
    });
    view! {
        <label class="captioned-field">
            <span class="muted">{text::IDS_HELP}</span>
            <textarea
                class="ids"
                rows="8"
                spellcheck="false"
                node_ref=field
                on:input:target=move |event| {
                    message.set(state.ask_for_ids(&event.target().value()));
                }
            ></textarea>
        </label>
        <p role="status">{Signal::<String>::from(message)}</p>
    }
}
