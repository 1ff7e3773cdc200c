//! What the colours and arrows mean.

use churn_core::Method;
use leptos::prelude::*;

use crate::number;
use crate::scale::{Step, boundaries};
use crate::text;

/// The seven steps with the weights where they meet.
#[component]
pub fn Legend(
    /// Whose unit the boundaries are in.
    #[prop(into)]
    method: Signal<Method>,
) -> impl IntoView {
    let boundary = move |step: Step| {
        Signal::derive(move || {
            let boundaries = boundaries(method.get());
            // Each step but the last is labelled where the next one begins.
            let weight = match step.number() {
                -3 => -boundaries[2],
                -2 => -boundaries[1],
                -1 => -boundaries[0],
                0 => boundaries[0],
                1 => boundaries[1],
                _ => boundaries[2],
            };
            number::weight(weight)
        })
    };
    let swatches = Step::ALL.map(|step| {
        view! {
            <li>
                <span
                    class=format!("swatch {}", step.class())
                    role="img"
                    title=text::effect(step)
                ></span>
                {(step.number() < 3).then(|| view! {
                    <span class="boundary">{boundary(step)}</span>
                })}
            </li>
        }
    });
    view! {
        <div class="legend">
            <span>{text::LOWERS}</span>
            <ol>{swatches.into_iter().collect_view()}</ol>
            <span>{text::RAISES}</span>
        </div>
    }
}
