//! How well LIME's simple summary stands in for the model.

use churn_core::{Explanation, Method};
use leptos::prelude::*;

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
    let threshold = expect_context::<State>().explorer().threshold();
    let sentence = move || {
        what_if.lime.with(|lime| {
            let model = number::risk(lime.probability, threshold);
            text::fidelity(lime.local_prediction, &model, lime.r2)
        })
    };
    let impossible = move || {
        what_if.lime.with(|lime| {
            (!(0.0..=1.0).contains(&lime.local_prediction))
                .then(|| text::impossible_summary(lime.local_prediction))
        })
    };
    let poor = Memo::new(move |_| {
        what_if
            .lime
            .with(|lime| what_if.log_odds.with(|log_odds| is_poor(lime, log_odds)))
    });
    let to_log_odds = move |_| what_if.method.set(Method::Contributions);
    view! {
        <p class="fidelity">{sentence} " " {impossible}</p>
        <Show when=move || poor.get()>
            <p class="notice">
                {text::POOR_STAND_IN} " "
                <Show when=move || what_if.method.get() != Method::Contributions>
                    <button class="link" on:click=to_log_odds>{text::SHOW_LOG_ODDS}</button>
                </Show>
            </p>
        </Show>
    }
}

/// Whether the summary misses the model by much, or one of the features that
/// weigh most has the other sign in the model's own log-odds.
fn is_poor(lime: &Explanation, log_odds: &Explanation) -> bool {
    (lime.local_prediction - lime.probability).abs() > LARGEST_GAP
        || lime
            .ranked()
            .into_iter()
            .take(TOP)
            .any(|(feature, weight)| weight * log_odds.weights[feature] < 0.0)
}
