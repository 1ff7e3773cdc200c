//! The list as a file.

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::handler::handler;
use crate::column_key::ColumnKey;
use crate::export::Export;
use crate::reactive::RwSignal;
use crate::state::State;
use crate::{download, page, text};

/// Exports the listed customers in their order; says how far it is when it
/// takes long, and can be stopped.
#[component]
pub fn ExportButton() -> impl IntoView {
    let state = expect_context::<State>();
    let run = RwSignal::new(0_u32);
    let progress = RwSignal::new(None::<f64>);
    let start = move |_| {
        run.update(|run| *run += 1);
        spawn_local(export(state, run, progress));
    };
    let stop = move |_| {
        run.update(|run| *run += 1);
        progress.set(None);
    };
    let label = Signal::derive(move || text::export(state.listed.with(|rows| rows.len())));
    let help = Signal::derive(move || text::export_help(state.listed.with(|rows| rows.len())));
    let said = Signal::derive(move || progress.get().map(text::exporting).unwrap_or_default());
    let empty = Signal::derive(move || state.listed.with(|rows| rows.is_empty()));
    let running = Signal::derive(move || progress.with(Option::is_some));
    let resting = Signal::derive(move || !running.get());
    view! {
        <span class="export">
            <button
                class="button"
                title=help
                disabled=empty
                hidden=running
                on:click=handler(start)
            >
                <span class="words">{label}</span>
            </button>
            <span role="status">{said}</span>
            <button class="button" hidden=resting on:click=handler(stop)>{text::CANCEL}</button>
        </span>
    }
}

/// Writes the file between frames; another run ends this one.
async fn export(state: State, run: RwSignal<u32>, progress: RwSignal<Option<f64>>) {
    /// Milliseconds of work between two frames.
    const SLICE: f64 = 12.0;
    /// Milliseconds after which progress is told.
    const LONG: f64 = 300.0;
    /// Lines between two looks at the clock.
    const LINES: usize = 32;
    let explorer = state.explorer();
    let rows = state.listed.get_untracked();
    let columns = state.columns.get_untracked();
    let mut features = explorer.columns.clone();
    features.retain(|&feature| {
        columns.shows(ColumnKey::Value(feature)) || columns.shows(ColumnKey::Weight(feature))
    });
    let export = Export {
        explorer: &explorer,
        features: &features,
        outcome: explorer.has_outcomes() && columns.shows(ColumnKey::Outcome),
        part: explorer.has_parts() && columns.shows(ColumnKey::Part),
        threshold: state.threshold.get_untracked(),
        rule: state.rule.get_untracked().text(),
        model: explorer.predictor.id(),
    };
    let this = run.get_untracked();
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
                progress.set(Some((done * LINES) as f64 / rows.len() as f64));
            }
            page::pause().await;
            if run.get_untracked() != this {
                return;
            }
            slice = page::now();
        }
    }
    parts.push(&text.as_str().into());
    progress.set(None);
    download::offer(text::EXPORT_FILE, "text/csv", &parts);
}
