//! The search field.

use leptos::prelude::*;

use crate::state::State;
use crate::{page, text};

/// Searches ids and values; `/` jumps to it.
#[component]
pub fn SearchBox() -> impl IntoView {
    let state = expect_context::<State>();
    let field = NodeRef::<leptos::html::Input>::new();
    let slash = window_event_listener(leptos::ev::keydown, move |event| {
        let typing = document()
            .active_element()
            .is_some_and(|element| page::takes_typing(&element));
        if event.key() == "/"
            && !typing
            && let Some(field) = field.get_untracked()
        {
            event.prevent_default();
            let _ = field.focus();
        }
    });
    let search = Signal::derive(move || state.listing.with(|listing| listing.search.clone()));
    on_cleanup(move || slash.remove());
    view! {
        <input
            class="search"
            type="search"
            aria-label=text::SEARCH
            placeholder=text::SEARCH_HINT
            autocomplete="off"
            spellcheck="false"
            node_ref=field
            prop:value=search
            on:input:target=move |event| {
                let search = event.target().value();
                state.listing.update(|listing| listing.search = search);
            }
        />
    }
}
