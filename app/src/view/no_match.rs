//! What an empty list says.

use leptos::prelude::*;

use super::handler::handler;
use crate::listing::Audience;
use crate::state::State;
use crate::text;

/// That nobody matches, with every way out that there is.
#[component]
pub fn NoMatch() -> impl IntoView {
    let state = expect_context::<State>();
    let remove_last = move |_| {
        state.edit_filter(|filter| {
            filter.conditions.pop();
        });
    };
    let clear = move |_| state.edit_filter(|filter| filter.conditions.clear());
    let widen = move |_| {
        state
            .listing
            .update(|listing| listing.audience = Audience::Everyone)
    };
    let matched = Signal::derive(move || state.listed.with(|rows| !rows.is_empty()));
    let unfiltered = Signal::derive(move || state.filter.with(|filter| filter.is_empty()));
    let is_wide = Signal::derive(move || {
        state
            .listing
            .with(|listing| listing.audience == Audience::Everyone)
    });
    view! {
        <div class="message" role="status" hidden=matched>
            <p>{text::NO_MATCH}</p>
            <p class="actions">
                <button class="button" hidden=unfiltered on:click=handler(remove_last)>
                    {text::REMOVE_LAST}
                </button>
                <button class="button" hidden=unfiltered on:click=handler(clear)>{text::CLEAR_ALL}</button>
                <button class="button" hidden=is_wide on:click=handler(widen)>{text::EVERYONE}</button>
            </p>
        </div>
    }
}
