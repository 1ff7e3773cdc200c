//! The list as a file, and on the clipboard.

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::errand::Errand;
use super::handler::handler;
use crate::column_key::ColumnKey;
use crate::export::Export;
use crate::parts::Errands;
use crate::reactive::{Memo, RwSignal};
use crate::state::State;
use crate::{clipboard, download, page, text};

/// A run that writes the customers, and how far it is.
#[derive(Clone, Copy)]
pub struct Run {
    state: State,
    /// Counts the runs: another one ends those before.
    number: RwSignal<u32>,
    /// The part that is done, once it takes long.
    progress: RwSignal<Option<f64>>,
}

/// Exports or copies the listed customers in their order, or copies the pinned
/// ones; says how far it is when it takes long, and can be stopped.
#[component]
pub fn ExportButton() -> impl IntoView {
    let state = expect_context::<State>();
    let run = Run {
        state,
        number: RwSignal::new(0),
        progress: RwSignal::new(None),
    };
    let listed = Memo::new(move |_| state.listed.with(|rows| rows.len()));
    let pinned = Memo::new(move |_| state.marks.with(|marks| marks.pins().len()));
    let label = Signal::derive(move || text::export(listed.get()));
    let help = Signal::derive(move || text::export_help(listed.get()));
    let copy_help = Signal::derive(move || text::copy_help(listed.get()));
    let copy_pinned = Signal::derive(move || text::copy_pinned(pinned.get()));
    let said = Signal::derive(move || run.progress.get().map(text::exporting).unwrap_or_default());
    let empty = Signal::derive(move || listed.get() == 0);
    let running = Signal::derive(move || run.progress.with(Option::is_some));
    let resting = Signal::derive(move || !running.get());
    let unpinned = Signal::derive(move || running.get() || pinned.get() == 0);
    let all = move || state.listed.get_untracked().to_vec();
    let pins = move || state.marks.with_untracked(|marks| marks.pins().to_vec());
    let errands = Errands::new(state);
    let write = move |rows, separator| errands.run(Errand::Customers(run, rows, separator));
    let stop = move |_| {
        run.number.update(|number| *number += 1);
        run.progress.set(None);
    };
    view! {
        <span class="export">
            <button
                class="button"
                title=help
                disabled=empty
                hidden=running
                on:click=handler(move |_| write(all(), ','))
            >
                <span class="words">{label}</span>
            </button>
            <button
                class="button copy"
                title=copy_help
                disabled=empty
                hidden=running
                on:click=handler(move |_| write(all(), TAB))
            >
                {text::COPY}
            </button>
            <button
                class="button copy"
                hidden=unpinned
                on:click=handler(move |_| write(pins(), TAB))
            >
                {copy_pinned}
            </button>
            <span role="status">{said}</span>
            <button class="button" hidden=resting on:click=handler(stop)>{text::CANCEL}</button>
        </span>
    }
}

/// What spreadsheets take from the clipboard.
const TAB: char = '\t';

impl Run {
    /// Writes customers: with tabs onto the clipboard, else into a file.
    pub fn start(self, rows: Vec<u32>, separator: char) {
        self.number.update(|number| *number += 1);
        spawn_local(async move {
            let Some(parts) = self.write(&rows, separator).await else {
                return;
            };
            if separator == TAB {
                let text = String::from(parts.join(""));
                clipboard::copy(self.state, &text, text::copied(rows.len()));
            } else {
                download::offer(text::EXPORT_FILE, "text/csv", &parts);
            }
        });
    }

    /// Writes between frames; nothing if it was stopped.
    async fn write(self, rows: &[u32], separator: char) -> Option<Array> {
        /// Milliseconds of work between two frames.
        const SLICE: f64 = 12.0;
        /// Milliseconds after which progress is told.
        const LONG: f64 = 300.0;
        /// Lines between two looks at the clock.
        const LINES: usize = 32;
        let state = self.state;
        let explorer = state.explorer();
        let columns = state.columns.get_untracked();
        let mut features = explorer.columns.clone();
        features.retain(|&feature| {
            columns.shows(ColumnKey::Value(feature)) || columns.shows(ColumnKey::Weight(feature))
        });
        let export = Export {
            separator,
            explorer: &explorer,
            features: &features,
            outcome: explorer.has_outcomes() && columns.shows(ColumnKey::Outcome),
            part: explorer.has_parts() && columns.shows(ColumnKey::Part),
            threshold: state.threshold.get_untracked(),
            rule: state.rule.get_untracked().text(),
            model: explorer.predictor.id(),
        };
        let this = self.number.get_untracked();
        let parts = Array::new();
        let mut text = String::new();
        export.head(&mut text);
        let start = page::now();
        let mut slice = start;
        for (done, lines) in rows.chunks(LINES).enumerate() {
            for &row in lines {
                export.line(row, &mut text);
            }
            let now = page::now();
            if now - slice > SLICE {
                parts.push(&text.as_str().into());
                text.clear();
                if now - start > LONG {
                    let done = (done * LINES) as f64 / rows.len() as f64;
                    self.progress.set(Some(done));
                }
                page::pause().await;
                // A page that was left ends it, too.
                if self.number.try_get_untracked() != Some(this) {
                    return None;
                }
                slice = page::now();
            }
        }
        parts.push(&text.as_str().into());
        self.progress.set(None);
        Some(parts)
    }
}
