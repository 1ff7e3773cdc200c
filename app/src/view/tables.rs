//! The tables of a server: ingested, looked into, compared.

use churn_core::tables::{TableContent, TableDifference, TableVersions};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlSelectElement, MouseEvent};

use super::handler::handler;
use super::tables_markup;
use super::wide_table::wide_table;
use crate::reactive::{Memo, RwSignal, effect};
use crate::server::Trouble;
use crate::state::State;
use crate::watch::Watch;
use crate::{tables, text};

/// Id of the field for the name of a table.
pub const NAME: &str = "table-name";

/// What the address says: the version that is looked into, as `name@version`, and
/// the one before that it is compared with.
const TABLE: &str = "table";
const FROM: &str = "from";

/// What is known of the tables; a handle, copied freely.
#[derive(Clone, Copy)]
struct Known {
    state: State,
    watch: Watch,
    versions: RwSignal<Option<TableVersions>>,
    content: RwSignal<Option<TableContent>>,
    difference: RwSignal<Option<TableDifference>>,
    /// What the last ingest came to, or that one is under way.
    done: RwSignal<String>,
    /// What was not done.
    trouble: RwSignal<String>,
}

impl Known {
    fn asked(self, name: &str) -> Option<String> {
        self.state.tables.with(|asked| {
            let found = asked.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        })
    }

    /// The version that is looked into.
    fn chosen(self) -> Option<(String, u32)> {
        let chosen = self.asked(TABLE)?;
        let (name, version) = chosen.split_once('@')?;
        Some((name.to_owned(), version.parse().ok()?))
    }

    /// The version that it is compared with.
    fn from(self) -> Option<u32> {
        self.asked(FROM)?.parse().ok()
    }

    /// Takes an answer; of a page that is gone nothing becomes.
    fn take<T>(self, place: RwSignal<Option<T>>, told: Result<T, Trouble>)
    where
        T: Send + Sync + 'static,
    {
        match told {
            Ok(told) => drop(place.try_set(Some(told))),
            Err(trouble) if trouble.is_locked() => self.watch.lock(Some(&trouble)),
            Err(trouble) => drop(self.trouble.try_set(text::trouble(&trouble))),
        }
    }

    async fn read(self) {
        self.take(self.versions, tables::list().await);
    }

    async fn look(self, name: String, version: u32) {
        self.take(self.content, tables::content(&name, version).await);
    }

    async fn compare(self, name: String, from: u32, to: u32) {
        self.take(self.difference, tables::difference(&name, from, to).await);
    }

    async fn ingest(self, name: String, file: web_sys::File) {
        self.done.set(text::INGESTING.into());
        let told = tables::ingest(&name, file).await;
        let done = told.as_ref().map(text::ingested).unwrap_or_default();
        drop(self.done.try_set(done));
        match told {
            Ok(done) => {
                let version = text::version(&done.version.name, done.version.version);
                self.read().await;
                self.show(version);
            }
            Err(trouble) => self.take::<()>(RwSignal::new(None), Err(trouble)),
        }
    }

    async fn delete(self, version: String) {
        let Some((name, version)) = version.split_once('@') else {
            return;
        };
        let told = tables::delete(name, version).await;
        self.take(RwSignal::new(None), told);
        self.read().await;
    }

    /// Looks into a version.
    fn show(self, version: String) {
        self.state.tables.set(vec![(TABLE.into(), version)]);
    }

    /// Does what the pressed button says.
    fn press(self, event: &MouseEvent) {
        let pressed = event.target();
        let Some(pressed) = pressed.and_then(|pressed| pressed.dyn_into::<Element>().ok()) else {
            return;
        };
        if let Some(version) = pressed.get_attribute("data-show") {
            self.show(version);
        }
        if let Some(version) = pressed.get_attribute("data-delete") {
            spawn_local(self.delete(version));
        }
    }
}

/// The versions of all tables, what is in one, and what changed since another; for
/// those who may, a way to ingest a file.
#[component]
pub fn TablesView(watch: Watch, may_change: bool) -> impl IntoView {
    let known = Known {
        state: expect_context(),
        watch,
        versions: RwSignal::new(None),
        content: RwSignal::new(None),
        difference: RwSignal::new(None),
        done: RwSignal::new(String::new()),
        trouble: RwSignal::new(String::new()),
    };
    spawn_local(known.read());
    let chosen = Memo::new(move |_| known.chosen());
    let from = Memo::new(move |_| known.from());
    effect(move || {
        known.content.set(None);
        known.trouble.set(String::new());
        if let Some((name, version)) = chosen.get() {
            spawn_local(known.look(name, version));
        }
    });
    effect(move || {
        known.difference.set(None);
        if let (Some((name, to)), Some(from)) = (chosen.get(), from.get()) {
            spawn_local(known.compare(name, from, to));
        }
    });
    let versions = Memo::new(move |_| {
        let chosen = known.asked(TABLE).unwrap_or_default();
        known.versions.with(|told| {
            let all = told.as_ref().map(|told| told.versions.as_slice());
            tables_markup::versions(all.unwrap_or_default(), &chosen, may_change)
        })
    });
    let is_empty = Memo::new(move |_| {
        let is_empty = |told: &TableVersions| told.versions.is_empty();
        known
            .versions
            .with(|told| told.as_ref().is_some_and(is_empty))
    });
    let of_content = move |make: fn(&TableContent) -> String| {
        Signal::derive(move || {
            let made = |told: &Option<TableContent>| told.as_ref().map(make);
            known.content.with(made).unwrap_or_default()
        })
    };
    let of_difference = move |make: fn(&TableDifference) -> String| {
        Signal::derive(move || {
            let made = |told: &Option<TableDifference>| told.as_ref().map(make);
            known.difference.with(made).unwrap_or_default()
        })
    };
    let others = Signal::derive(move || {
        let Some((name, version)) = chosen.get() else {
            return String::new();
        };
        known.versions.with(|told| {
            let all = told.as_ref().map(|told| told.versions.as_slice());
            tables_markup::others(all.unwrap_or_default(), (&name, version), from.get())
        })
    });
    let turn = move |event: Event| {
        let choice = event.target();
        let choice = choice.and_then(|choice| choice.dyn_into::<HtmlSelectElement>().ok());
        let Some(choice) = choice else { return };
        known.state.tables.update(|asked| {
            asked.retain(|(name, _)| name != FROM);
            if !choice.value().is_empty() {
                asked.push((FROM.into(), choice.value()));
            }
        });
    };
    let content_title = of_content(|told| {
        text::what_is_in(&text::version(&told.version.name, told.version.version))
    });
    let changes_title = of_difference(|told| text::what_changed(&told.from, &told.to));
    let has_content = Memo::new(move |_| known.content.with(Option::is_some));
    let has_difference = Memo::new(move |_| known.difference.with(Option::is_some));
    view! {
        <section aria-labelledby="which-tables">
            <h2 id="which-tables">{text::WHICH_TABLES}</h2>
            <p class="muted">{text::TABLES_HELP}</p>
            <div class="message" hidden=move || !is_empty.get()>
                <p>{text::NO_TABLE}</p>
                <p><code>{text::FIRST_INGEST}</code></p>
            </div>
            {may_change.then(|| ingest_form(known))}
            <p role="status">{known.done.signal()}</p>
            <p id="not-done" role="alert">{known.trouble.signal()}</p>
            <div
                hidden=is_empty.signal()
                on:click=handler(move |event: MouseEvent| known.press(&event))
            >
                {wide_table(Some("versions"), text::WHICH_TABLES, versions.signal())}
            </div>
        </section>
        <section aria-labelledby="content" hidden=move || !has_content.get()>
            <h2 id="content">{content_title}</h2>
            {wide_table(Some("quality"), text::TABLES, of_content(tables_markup::quality))}
            {wide_table(Some("rejected"), text::REJECTED_HEADS[0], of_content(tables_markup::rejected))}
            <div class="toolbar" on:change=handler(turn)>
                <label>
                    <span>{text::COMPARE_WITH}</span>
                    <select id="compare-with" inner_html=others></select>
                </label>
            </div>
        </section>
        <section aria-labelledby="changes" hidden=move || !has_difference.get()>
            <h2 id="changes">{changes_title}</h2>
            <div inner_html=of_difference(tables_markup::changes)></div>
            {wide_table(Some("moved"), text::COMPARE_WITH, of_difference(tables_markup::moved))}
        </section>
    }
}

/// The name of a table and a file for it.
fn ingest_form(known: Known) -> AnyView {
    let name = NodeRef::<Input>::new();
    let file = NodeRef::<Input>::new();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        known.trouble.set(String::new());
        let name = name.get_untracked().map(|name| name.value());
        let name = name.unwrap_or_default().trim().to_owned();
        let files = file.get_untracked().and_then(|file| file.files());
        match files.and_then(|files| files.get(0)) {
            Some(file) if !name.is_empty() => spawn_local(known.ingest(name, file)),
            _ => known.trouble.set(text::NEEDS_NAME_AND_FILE.into()),
        }
    };
    view! {
        <form class="toolbar" on:submit=handler(send)>
            <label>
                <span>{text::TABLE}</span>
                <input id=NAME class="search" autocomplete="off" spellcheck="false" node_ref=name />
            </label>
            <label>
                <span>{text::FILE}</span>
                <input id="table-file" type="file" accept=".csv,.parquet" node_ref=file />
            </label>
            <button class="button">{text::INGEST}</button>
        </form>
    }
    .into_any()
}
