//! The conditions of the filter.

use leptos::prelude::*;

use super::handler::handler;
use crate::state::State;
use crate::{page, text};

/// A button for each condition, which removes it.
#[component]
pub fn Chips() -> impl IntoView {
    let state = expect_context::<State>();
    let unfiltered = Signal::derive(move || state.filter.with(|filter| filter.is_empty()));
    let remove = move |place: usize| {
        state.edit_filter(|filter| {
            if place < filter.conditions.len() {
                filter.conditions.remove(place);
            }
        });
        // The next chip takes the place of this one.
        let last = state
            .filter
            .with_untracked(|filter| filter.conditions.len());
        page::focus_soon(match last {
            0 => ".search".into(),
            last => format!(".chips li:nth-child({}) button", (place + 1).min(last)),
        });
    };
    let clear = move |_| {
        state.edit_filter(|filter| filter.conditions.clear());
        page::focus_soon(".search".into());
    };
    let chips = move || {
        let explorer = state.explorer();
        let conditions = state.filter.get();
        let words = conditions
            .conditions
            .iter()
            .map(|condition| condition.words(&explorer));
        let chip = |(place, words): (usize, String)| {
            let action = text::remove_condition(&words);
            view! {
                <li>
                    <button
                        class="chip"
                        title=action.clone()
                        aria-label=action
                        on:click=handler(move |_| remove(place))
                    >
                        <span>{words}</span>
                        <span aria-hidden="true">"✕"</span>
                    </button>
                </li>
            }
        };
        words.enumerate().map(chip).collect_view()
    };
    view! {
        <ul class="chips" aria-label=text::CONDITIONS hidden=unfiltered>
            {chips}
            <li><button class="link" on:click=handler(clear)>{text::CLEAR_ALL}</button></li>
        </ul>
    }
}
