//! How well LIME's simple summary stands in for the model.

use churn_core::math::by_size;
use churn_core::{Explanation, Method};
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
    let threshold = expect_context::<State>().threshold;
    let sentence = Signal::derive(move || {
        what_if.lime.with(|lime| {
            let model = number::risk(lime.probability, threshold.get());
            text::fidelity(lime.local_prediction, &model, lime.r2)
        })
    });
    let impossible = Signal::derive(move || {
        let local = what_if.lime.with(|lime| lime.local_prediction);
        if (0.0..=1.0).contains(&local) {
            String::new()
        } else {
            text::impossible_summary(local)
        }
    });
    let fit = Signal::derive(move || {
        what_if
            .lime
            .with(|lime| what_if.log_odds.with(|log_odds| !is_poor(lime, log_odds)))
    });
    let shown = Signal::derive(move || what_if.method.get() == Method::Contributions);
    view! {
        <p class="fidelity">{sentence} " " {impossible}</p>
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

/// Whether the summary misses the model by much, or one of the features that
/// weigh most has the other sign in the model's own log-odds.
fn is_poor(lime: &Explanation, log_odds: &Explanation) -> bool {
    (lime.local_prediction - lime.probability).abs() > LARGEST_GAP
        || by_size(&lime.weights)
            .into_iter()
            .take(TOP)
            .any(|feature| lime.weights[feature] * log_odds.weights[feature] < 0.0)
}
