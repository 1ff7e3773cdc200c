//! A choice of one of a few, as a row of buttons.

use super::handler::handler;
use leptos::prelude::*;

/// Radio buttons side by side under a caption.
#[component]
pub fn Choice(
    /// Name of the group, one of its own on the page.
    name: &'static str,
    /// What is chosen.
    caption: &'static str,
    /// The texts of the choices.
    options: Vec<&'static str>,
    /// The place of what is chosen at present.
    #[prop(into)]
    chosen: Signal<usize>,
    /// Called with the place of another choice.
    choose: Callback<usize>,
) -> impl IntoView {
    let option = |(place, label): (usize, &'static str)| {
        let is_chosen = Signal::derive(move || chosen.get() == place);
        view! {
            <label class="segment">
                <input
                    type="radio"
                    name=name
                    prop:checked=is_chosen
                    on:change=handler(move |_| choose.run(place))
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="segments captioned">
            <legend>{caption}</legend>
            {options.into_iter().enumerate().map(option).collect_view()}
        </fieldset>
    }
}
