//! Which method explains, and what its numbers mean.

use churn_core::{Method, Value};
use leptos::prelude::*;

use super::handler::handler;
use crate::explorer::Explorer;
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{number, text};

/// LIME, or log-odds contributions.
#[component]
pub fn MethodSwitch() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let choice = move |method: Method, label: &'static str| {
        let chosen = Signal::derive(move || what_if.method.get() == method);
        view! {
            <label class="segment">
                <input
                    type="radio"
                    name="method"
                    prop:checked=chosen
                    on:change=handler(move |_| what_if.method.set(method))
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="segments captioned">
            <legend>{text::METHOD}</legend>
            {choice(Method::Exact, text::LIME)}
            {choice(Method::Contributions, text::LOG_ODDS)}
        </fieldset>
    }
}

/// What the weight of the feature in focus means; without one, of the feature
/// that weighs most.
#[component]
pub fn WeightSentence() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let sentence = Signal::derive(move || {
        let explorer = state.explorer();
        what_if.with_weights(|weights| {
            let largest = || {
                let places = 0..weights.len();
                places.max_by(|&a, &b| weights[a].abs().total_cmp(&weights[b].abs()))
            };
            let Some(feature) = what_if.focus.get().or_else(largest) else {
                return String::new();
            };
            let weight = weights[feature];
            match what_if.method.get() {
                Method::Contributions => text::contribution_effect(explorer.label(feature), weight),
                Method::Exact | Method::Sampled => {
                    let value = what_if.shown.with(|step| step.row.value(feature));
                    let effect = text::lime_effect(&condition(&explorer, feature, value), weight);
                    if explorer.feature(feature).is_numeric() {
                        effect + " " + text::TICKS
                    } else {
                        effect
                    }
                }
            }
        })
    });
    view! { <p class="sentence muted">{sentence}</p> }
}

/// What LIME compares with its opposite: a level, or a range of numbers.
fn condition(explorer: &Explorer, feature: usize, value: Value) -> String {
    let Value::Number(_) = value else {
        return text::having(&explorer.text(feature, value), explorer.label(feature));
    };
    let background = &explorer.predictor.artefact().background.features[feature];
    let Some(bin) = background.bins.get(usize::from(background.code(value))) else {
        return text::being_in_range(&explorer.text_with_unit(feature, value));
    };
    let end = |number| explorer.text(feature, Value::Number(number));
    let range = format!("{}–{}", end(bin.low), end(bin.high));
    text::being_in_range(&number::with_unit(&range, explorer.unit(feature)))
}
