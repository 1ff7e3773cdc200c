//! A weight as a bar from a zero line: the original outlined, the edited
//! filled.

use leptos::prelude::*;

use crate::number;
use crate::what_if::WhatIf;

/// The weight of one feature. All bars of a method share one scale, for every
/// customer.
#[component]
pub fn Bar(feature: usize) -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let weight = Memo::new(move |_| what_if.with_weights(|weights| weights[feature]));
    let share = move |weight: f64| (weight / what_if.full_bar.get()).clamp(-1.0, 1.0);
    let edited = move || share(weight.get());
    let original = move || share(what_if.original_weight(feature));
    view! {
        <svg
            class="bar"
            viewBox="-1 0 2 1"
            preserveAspectRatio="none"
            role="img"
            aria-label=move || number::weight(weight.get())
        >
            <rect
                class=move || if edited() < 0.0 { "lowers" } else { "raises" }
                x=move || edited().min(0.0)
                y="0.2"
                width=move || edited().abs()
                height="0.6"
            />
            <rect
                class="outline"
                class:hidden=move || !what_if.is_changed(feature)
                x=move || original().min(0.0)
                y="0.1"
                width=move || original().abs()
                height="0.8"
            />
            <line x1="0" x2="0" y1="0" y2="1" />
        </svg>
    }
}
