//! The customer page: what moves this estimate?

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use web_sys::wasm_bindgen::JsCast;

use crate::family::{self, Family};
use crate::state::State;
use crate::view::{FeatureCaptions, FeatureRows, Legend, MethodSwitch, RiskPanel, WeightSentence};
use crate::what_if::WhatIf;
use crate::{page, text};

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
    // A narrow page unfolds only what weighs most.
    let narrow = page::is_narrow();
    let largest = family::ranked(&families, explorer.weights(row as usize))
        .first()
        .map(|(family, _)| family.label.clone());
    let keys = window_event_listener(leptos::ev::keydown, move |event| walk(state, row, &event));
    on_cleanup(move || keys.remove());
    let all_taken = Signal::derive(move || state.refused.with(String::is_empty));
    view! {
        <p class="notice" hidden=all_taken>{Signal::<String>::from(state.refused)}</p>
        <div class="customer">
            <RiskPanel />
            <section class="features" aria-label=text::ALL_FEATURES>
                <div class="toolbar">
                    <MethodSwitch />
                    <Legend method=what_if.method />
                </div>
                <WeightSentence />
                <FeatureCaptions />
                {families
                    .into_iter()
                    .map(|family| {
                        let open = !narrow || largest.as_deref() == Some(&family.label);
                        view! { <FeatureRows family open /> }
                    })
                    .collect_view()}
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
