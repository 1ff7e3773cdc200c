//! A field for a count.

use leptos::prelude::*;

use crate::number;
use crate::reactive::RwSignal;

/// What is typed counts as far as it is in bounds; what is no number leaves the
/// count as it was.
#[component]
pub fn CountField(
    /// What is counted.
    label: &'static str,
    /// The count.
    value: RwSignal<usize>,
    /// The smallest one.
    least: usize,
    /// The largest one.
    most: usize,
    /// Whether it cannot be changed at present.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <label>
            {label} " "
            <input
                type="number"
                min=least.to_string()
                max=most.to_string()
                disabled=disabled
                prop:value=move || value.get().to_string()
                on:change:target=move |event| {
                    let typed = number::parse(&event.target().value());
                    // A cast of what is out of range stays in range.
                    let typed = typed.map_or(value.get_untracked(), |typed| typed as usize);
                    value.set(typed.clamp(least, most));
                    event.target().set_value(&value.get_untracked().to_string());
                }
            />
        </label>
    }
}
