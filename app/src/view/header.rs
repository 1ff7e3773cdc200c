//! The head of every page.

use leptos::prelude::*;

use super::cohort_menu::CohortMenu;
use super::handler::handler;
use crate::state::{Open, State};
use crate::{text, theme};

/// Name, pages, cohort, theme.
#[component]
pub fn Header() -> impl IntoView {
    let state = expect_context::<State>();
    let dataset = state
        .explorer()
        .preset
        .as_ref()
        .map(|preset| preset.name.clone());
    let current = move |model: bool| {
        Signal::derive(move || {
            let open = state.open.with(|open| *open == Open::Model);
            (open == model).then(|| String::from("page"))
        })
    };
    view! {
        <header class="head">
            <span class="brand">{text::PRODUCT}</span>
            <nav>
                <a href=state.table_address aria-current=current(false)>{text::CUSTOMERS}</a>
                <a href=move || state.model_address() aria-current=current(true)>{text::MODEL}</a>
            </nav>
            <CohortMenu />
            <span class="dataset muted">{dataset}</span>
            <button
                class="icon"
                aria-label=text::SWITCH_THEME
                title=text::SWITCH_THEME
                on:click=handler(|_| theme::switch())
            >
                "◐"
            </button>
        </header>
    }
}
