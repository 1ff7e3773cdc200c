//! The customer page: what moves this estimate?

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use web_sys::wasm_bindgen::JsCast;

use crate::family::Family;
use crate::page;
use crate::state::State;
use crate::text;
use crate::view::{FeatureRows, Legend, MethodSwitch, RiskPanel, WeightSentence};
use crate::what_if::WhatIf;

/// The estimate on the left, every feature with its editor on the right.
#[component]
pub fn CustomerPage(
    /// Row of the data.
    row: u32,
) -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let what_if = WhatIf::new(state, row);
    provide_context(what_if);
    let families = if explorer.families.is_empty() {
        vec![Family::of_all(explorer.schema())]
    } else {
        explorer.families.clone()
    };
    let keys = window_event_listener(leptos::ev::keydown, move |event| walk(state, row, &event));
    on_cleanup(move || keys.remove());
    let refused = move || {
        let refused = state.refused.get();
        (!refused.is_empty())
            .then(|| view! { <p class="notice">{text::refused_edits(&refused)}</p> })
    };
    view! {
        {refused}
        <div class="customer">
            <RiskPanel />
            <section class="features" aria-label=text::ALL_FEATURES>
                <div class="toolbar">
                    <MethodSwitch />
                    <Legend method=what_if.method />
                </div>
                <WeightSentence />
                {families.into_iter().map(|family| view! { <FeatureRows family /> }).collect_view()}
            </section>
        </div>
    }
}

/// J and K walk through the customers of the table.
fn walk(state: State, row: u32, event: &KeyboardEvent) {
    let typing = event
        .target()
        .and_then(|target| target.dyn_into().ok())
        .is_some_and(|element| page::takes_typing(&element));
    if typing || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let neighbour = match event.key().as_str() {
        "j" => state.neighbour(row, 1),
        "k" => state.neighbour(row, -1),
        _ => return,
    };
    if let Some(row) = neighbour {
        state.open_customer(row);
    }
}
