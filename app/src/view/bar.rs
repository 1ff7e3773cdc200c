//! A weight as a bar from a zero line: the original outlined, the edited
//! filled.

use churn_core::Method;
use leptos::prelude::*;

use crate::number;
use crate::state::State;
use crate::what_if::WhatIf;

/// The weight of one feature. All bars of a method share one scale, for every
/// customer.
#[component]
pub fn Bar(feature: usize) -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let explorer = expect_context::<State>().explorer();
    let (lime, log_odds) = (explorer.largest_weight, explorer.largest_contribution);
    let share = move |weight: f64| match what_if.method.get() {
        Method::Contributions => weight / log_odds,
        Method::Exact | Method::Sampled => weight / lime,
    };
    let share = move |weight: f64| share(weight).clamp(-1.0, 1.0);
    let edited = Signal::derive(move || share(what_if.weight(feature)));
    let original = Signal::derive(move || share(what_if.original_weight(feature)));
    let start = |share: Signal<f64>| Signal::derive(move || share.get().min(0.0).to_string());
    let length = |share: Signal<f64>| Signal::derive(move || share.get().abs().to_string());
    let label = Signal::derive(move || number::weight(what_if.weight(feature)));
    let colour = Signal::derive(move || {
        let lowers = edited.get() < 0.0;
        String::from(if lowers { "lowers" } else { "raises" })
    });
    view! {
        <svg
            class="bar"
            viewBox="-1 0 2 1"
            preserveAspectRatio="none"
            role="img"
            aria-label=label
        >
            <rect class=colour x=start(edited) y="0.2" width=length(edited) height="0.6" />
            <rect
                class="outline"
                x=start(original)
                y="0.1"
                width=length(original)
                height="0.8"
            />
            <line x1="0" x2="0" y1="0" y2="1" />
        </svg>
    }
}
