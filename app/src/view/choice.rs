//! A choice of one of a few, as a row of buttons.

use super::handler::handler;
use leptos::prelude::*;

/// Radio buttons side by side under a caption.
#[component]
pub fn Choice<T: Copy + PartialEq + Send + Sync + 'static>(
    /// Name of the group, one of its own on the page.
    name: &'static str,
    /// What is chosen.
    caption: &'static str,
    /// The choices and their texts.
    options: Vec<(T, &'static str)>,
    /// What is chosen at present.
    chosen: Signal<T>,
    /// Called with another choice.
    choose: Callback<T>,
) -> impl IntoView {
    let option = |(value, label): (T, &'static str)| {
        let is_chosen = Signal::derive(move || chosen.get() == value);
        view! {
            <label class="segment">
                <input
                    type="radio"
                    name=name
                    prop:checked=is_chosen
                    on:change=handler(move |_| choose.run(value))
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="segments captioned">
            <legend>{caption}</legend>
            {options.into_iter().map(option).collect_view()}
        </fieldset>
    }
}
