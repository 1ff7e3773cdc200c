//! How well LIME's simple summary stands in for the model.

use churn_core::Method;
use churn_core::math::by_size;
use leptos::prelude::*;

use super::handler::handler;
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{number, text};

/// A summary further off the model than this is a poor one.
const LARGEST_GAP: f64 = 0.2;
/// Features whose sign should agree with the model's own log-odds.
const TOP: usize = 5;

/// The fidelity sentence, and a warning where it is needed.
#[component]
pub fn Fidelity() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let sentence = Signal::derive(move || fidelity(state, what_if));
    let fit = Signal::derive(move || !is_poor(what_if));
    let shown = Signal::derive(move || what_if.method.get() == Method::Contributions);
    view! {
        <p class="fidelity">{sentence}</p>
        <p class="notice" hidden=fit>
            {text::POOR_STAND_IN} " "
            <button
                class="link"
                hidden=shown
                on:click=handler(move |_| what_if.method.set(Method::Contributions))
            >
                {text::SHOW_LOG_ODDS}
            </button>
        </p>
    }
}

/// What LIME's summary gives beside the model, and how much it captures.
pub fn fidelity(state: State, what_if: WhatIf) -> String {
    let cut = state.threshold.get();
    what_if.lime.with(|lime| {
        let local = lime.local_prediction;
        let model = number::risk(lime.probability, cut);
        let mut said = text::fidelity(local, &model, lime.r2);
        if !(0.0..=1.0).contains(&local) {
            said.push(' ');
            said += &text::impossible_summary(local);
        }
        said
    })
}

/// Whether the summary misses the model by much, or one of the features that
/// weigh most has the other sign in the model's own log-odds.
pub fn is_poor(what_if: WhatIf) -> bool {
    let log_odds = what_if.log_odds.get();
    what_if.lime.with(|lime| {
        (lime.local_prediction - lime.probability).abs() > LARGEST_GAP
            || by_size(&lime.weights)
                .into_iter()
                .take(TOP)
                .any(|feature| lime.weights[feature] * log_odds.weights[feature] < 0.0)
    })
}
