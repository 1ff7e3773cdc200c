//! The switch between those who can still be kept and everyone.

use leptos::prelude::*;

use super::handler::handler;
use crate::listing::Audience;
use crate::state::State;
use crate::text;

/// Still customers, or everyone.
#[component]
pub fn AudienceSwitch() -> impl IntoView {
    let state = expect_context::<State>();
    let choice = move |audience: Audience, label: &'static str| {
        let chosen =
            Signal::derive(move || state.listing.with(|listing| listing.audience == audience));
        view! {
            <label class="segment">
                <input
                    type="radio"
                    name="audience"
                    prop:checked=chosen
                    on:change=handler(move |_| state.listing.update(|listing| listing.audience = audience))
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="segments">
            <legend class="spoken">{text::AUDIENCE}</legend>
            {choice(Audience::Active, text::ACTIVE_ONLY)}
            {choice(Audience::Everyone, text::EVERYONE)}
        </fieldset>
    }
}
