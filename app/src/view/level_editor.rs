//! Editors for levels: a row of buttons, or a list.

use churn_core::Value;
use leptos::prelude::*;

use crate::state::State;
use crate::what_if::WhatIf;

/// Longest level that a button shows in the body size.
const SHORT: usize = 12;

/// One button per level; the arrow keys choose.
#[component]
pub fn LevelButtons(feature: usize) -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let explorer = expect_context::<State>().explorer();
    let levels = explorer.feature(feature).levels().iter();
    let buttons = (0_u8..).zip(levels).map(|(code, level)| {
        let value = Value::Level(code);
        let long = if level.chars().count() > SHORT {
            " long"
        } else {
            ""
        };
        let original = if what_if.original_value(feature) == value {
            " from"
        } else {
            ""
        };
        let class = format!("segment{long}{original}");
        let chosen = Signal::derive(move || what_if.value(feature) == value);
        view! {
            <label
                class=class
            >
                <input
                    type="radio"
                    name=format!("feature-{feature}")
                    value=level.clone()
                    prop:checked=chosen
                    on:change=move |_| what_if.set(feature, value)
                />
                <span>{level.clone()}</span>
            </label>
        }
    });
    view! { <div class="segments">{buttons.collect_view()}</div> }
}

/// A list to choose from.
#[component]
pub fn LevelList(feature: usize) -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let options = explorer
        .feature(feature)
        .levels()
        .iter()
        .map(|level| view! { <option value=level.clone()>{level.clone()}</option> })
        .collect_view();
    let label = explorer.label(feature).to_owned();
    let current = Signal::derive(move || state.explorer().text(feature, what_if.value(feature)));
    let choose =
        move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlSelectElement>| {
            if let Some(code) = explorer.feature(feature).code_of(&event.target().value()) {
                what_if.set(feature, Value::Level(code));
            }
        };
    view! {
        <select aria-label=label prop:value=current on:change:target=choose>{options}</select>
    }
}
