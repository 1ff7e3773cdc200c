//! The cohort that all pages are about, and the way to another one.

use std::sync::Arc;

use churn_core::cohorts::Cohort;
use churn_core::session;
use leptos::prelude::*;

use super::file_button::{Document, FileButton};
use super::handler::handler;
use super::popover::Popover;
use super::sheet::Sheet;
use super::toast::Toast;
use crate::parts::drawn;
use crate::reactive::RwSignal;
use crate::state::State;
use crate::{download, number, page, text};

/// Names the cohort; opens the others.
#[component]
pub fn CohortMenu() -> impl IntoView {
    let state = expect_context::<State>();
    let name = Signal::derive(move || {
        let cohort = state.cohorts.current.get();
        cohort.map_or_else(|| text::ALL_CUSTOMERS.into(), |cohort| cohort.name)
    });
    let label = Signal::derive(move || text::opens(&name.get()));
    let spoken = Signal::derive(move || text::cohort_is(&name.get()));
    view! {
        <Popover id="cohorts" label name=spoken class="button cohort">
            {drawn(|parts| parts.sheets, Sheet::Cohorts)}
        </Popover>
    }
}

/// The cohorts that are kept, and what can be done with them.
#[component]
pub fn CohortSheet() -> impl IntoView {
    let state = expect_context::<State>();
    let cohorts = state.cohorts;
    let message = RwSignal::new(String::new());
    let renamed = RwSignal::new(None::<usize>);
    let kept = move || {
        let kept = cohorts.kept().get().into_iter().enumerate();
        kept.map(|(place, cohort)| {
            if renamed.get() == Some(place) {
                let done = move |name: Option<String>| {
                    renamed.set(None);
                    if let Some(name) = name {
                        cohorts.rename(place, &name);
                    }
                    // Everyone comes first.
                    page::focus_soon(format!(".cohorts li:nth-child({}) .choice", place + 2));
                };
                view! {
                    <li><NameForm label=text::NEW_NAME.into() value=cohort.name action=text::RENAME done=Callback::new(done) /></li>
                }
                .into_any()
            } else {
                view! { <KeptCohort place cohort renamed /> }.into_any()
            }
        })
        .collect_view()
    };
    let everyone = Signal::derive(move || cohorts.current.with(Option::is_none).to_string());
    let number = number::count(state.explorer().rows());
    let save = move |name: Option<String>| {
        if let Some(name) = name {
            state.save_cohort(&name);
            // Nothing is left to be saved.
            page::focus_soon(".cohorts [aria-pressed=true]".into());
        }
    };
    let unfiltered = Signal::derive(move || state.filter.with(|filter| filter.is_empty()));
    let filtered = Signal::derive(move || !unfiltered.get());
    let none_kept = Signal::derive(move || cohorts.kept().with(Vec::is_empty));
    let warning = Signal::derive(move || !cohorts.unkept.get());
    let export = move |_| {
        let document = cohorts.document();
        download::save(text::COHORTS_FILE, "application/json", &document);
    };
    let save_session = move |_| {
        download::save(text::SESSION_FILE, "application/json", &state.session());
    };
    let import = move |Document { content, .. }| {
        message.set(if content.contains(session::FORMAT) {
            state.take_up(&content)
        } else {
            cohorts.import(&content, &state.explorer())
        });
    };
    view! {
        <p class="muted">{text::COHORTS_HELP}</p>
        <ul class="cohorts">
            <li>
                <button
                    class="choice"
                    aria-pressed=everyone
                    on:click=handler(move |_| cohorts.current.set(None))
                >
                    <span>{text::ALL_CUSTOMERS}</span>
                    <span class="muted">{number}</span>
                </button>
            </li>
            {kept}
        </ul>
        <div hidden=unfiltered>
            <NameForm label=text::SAVE_AS.into() value=String::new() action=text::SAVE done=Callback::new(save) />
        </div>
        <p class="muted" hidden=filtered>{text::FILTER_FIRST}</p>
        <p class="notice" role="status" hidden=warning>{text::COHORTS_NOT_KEPT}</p>
        <p role="status">{Signal::<String>::from(message)}</p>
        <p class="actions">
            <FileButton label=text::IMPORT take=Callback::new(import) />
            <button class="button" disabled=none_kept on:click=handler(export)>{text::EXPORT_COHORTS}</button>
            <button class="button" title=text::SAVE_SESSION_HELP on:click=handler(save_session)>
                {text::SAVE_SESSION}
            </button>
        </p>
    }
}

/// A cohort that is kept: chosen, renamed, deleted.
#[component]
fn KeptCohort(place: usize, cohort: Cohort, renamed: RwSignal<Option<usize>>) -> impl IntoView {
    let state = expect_context::<State>();
    let cohorts = state.cohorts;
    let name = cohort.name.clone();
    let this = cohort.clone();
    let pressed = Signal::derive(move || {
        let current = |current: &Option<Cohort>| current.as_ref() == Some(&this);
        cohorts.current.with(current).to_string()
    });
    let rows = state.rows_of_cohort(&cohort);
    let number = rows
        .map(|rows| number::count(rows.len()))
        .unwrap_or_default();
    let remove = move |_| {
        if let Some(removed) = cohorts.remove(place) {
            state.toast.set(Some(Toast {
                message: text::deleted(&removed.cohort.name),
                undo: Some(Arc::new(move || cohorts.restore(removed.clone()))),
            }));
            page::focus_soon(".toast button".into());
        }
    };
    let rename = move |_| {
        renamed.set(Some(place));
        page::focus_soon(".cohorts input".into());
    };
    let (rename_label, delete_label) = (text::rename(&name), text::delete(&name));
    view! {
        <li>
            <button
                class="choice"
                aria-pressed=pressed
                title=cohort.filter.clone()
                on:click=handler(move |_| cohorts.current.set(Some(cohort.clone())))
            >
                <span>{name}</span>
                <span class="muted">{number}</span>
            </button>
            <button class="icon" title=rename_label.clone() aria-label=rename_label on:click=handler(rename)>
                "✎"
            </button>
            <button class="icon" title=delete_label.clone() aria-label=delete_label on:click=handler(remove)>
                "✕"
            </button>
        </li>
    }
}

/// A field for a name and a button. Gives the name, or none where there is
/// nothing to do.
#[component]
fn NameForm(
    label: String,
    value: String,
    action: &'static str,
    done: Callback<Option<String>>,
) -> impl IntoView {
    let field = NodeRef::<leptos::html::Input>::new();
    let old = value.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(field) = field.get_untracked() {
            let name = field.value().trim().to_owned();
            done.run(Some(name).filter(|name| !name.is_empty() && *name != old));
        }
    };
    view! {
        <form class="name" on:submit=handler(submit)>
            <input
                class="search"
                type="text"
                autocomplete="off"
                maxlength="60"
                placeholder=label.clone()
                aria-label=label
                prop:value=value
                node_ref=field
            />
            <button class="button">{action}</button>
        </form>
    }
}
