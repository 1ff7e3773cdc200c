//! The head of every page.

use leptos::prelude::*;

use super::cohort_menu::CohortMenu;
use super::errand::Errand;
use super::handler::handler;
use crate::parts::Errands;
use crate::state::{Open, State};
use crate::{clipboard, monitor, page, text, theme};

/// Name, pages, cohort, theme.
#[component]
pub fn Header() -> impl IntoView {
    let state = expect_context::<State>();
    let dataset = state
        .explorer()
        .preset
        .as_ref()
        .map(|preset| preset.name.clone());
    // The customers' pages are all under the first one.
    let current = move |page: Option<Open>| {
        Signal::derive(move || {
            let open = state.open.get();
            let open = [
                Open::Model,
                Open::Data,
                Open::Monitoring,
                Open::Runs,
                Open::Tables,
                Open::Jobs,
                Open::Lineage,
            ]
            .into_iter()
            .find(|page| *page == open);
            (open == page).then(|| String::from("page"))
        })
    };
    let errands = Errands::new(state);
    let monitoring = monitor::is_served().then(|| {
        let pages = [
            Open::Monitoring,
            Open::Runs,
            Open::Tables,
            Open::Jobs,
            Open::Lineage,
        ];
        let [monitoring, runs, tables, jobs, lineage] = pages.map(|page| current(Some(page)));
        view! {
            <a href="#/monitoring" aria-current=monitoring>{text::MONITORING}</a>
            <a href="#/runs" aria-current=runs>{text::RUNS}</a>
            <a href="#/tables" aria-current=tables>{text::TABLES}</a>
            <a href="#/jobs" aria-current=jobs>{text::JOBS}</a>
            <a href="#/lineage" aria-current=lineage>{text::LINEAGE}</a>
        }
    });
    view! {
        <header class="head">
            <span class="brand">{text::PRODUCT}</span>
            <nav aria-label=text::PAGES>
                <a href=state.table_address aria-current=current(None)>{text::CUSTOMERS}</a>
                <a href=move || state.model_address() aria-current=current(Some(Open::Model))>
                    {text::MODEL}
                </a>
                <a href=move || state.data_address() aria-current=current(Some(Open::Data))>
                    {text::DATA}
                </a>
                {monitoring}
            </nav>
            <CohortMenu />
            <span class="dataset muted">{dataset}</span>
            <button
                class="button quiet copy-link"
                title=text::COPY_LINK_HELP
                on:click=handler(move |_| {
                    state.write_address();
                    clipboard::copy(state, &page::address(), text::LINK_COPIED.into());
                })
            >
                {text::COPY_LINK}
            </button>
            <button
                class="icon"
                aria-label=text::SWITCH_THEME
                title=text::SWITCH_THEME
                on:click=handler(|_| theme::switch())
            >
                "◐"
            </button>
            <button
                class="icon show-keys"
                aria-label=text::SHOW_KEYS
                title=text::SHOW_KEYS
                on:click=handler(move |_| errands.run(Errand::Keys(state)))
            >
                "?"
            </button>
        </header>
    }
}
