//! The head of every page.

use leptos::prelude::*;

use super::cohort_menu::CohortMenu;
use crate::state::State;
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
    view! {
        <header class="head">
            <span class="brand">{text::PRODUCT}</span>
            <nav>
                <a href=state.table_address aria-current="page">{text::CUSTOMERS}</a>
            </nav>
            <CohortMenu />
            <span class="dataset muted">{dataset}</span>
            <button
                class="icon"
                aria-label=text::SWITCH_THEME
                title=text::SWITCH_THEME
                on:click=|_| theme::switch()
            >
                "◐"
            </button>
        </header>
    }
}
