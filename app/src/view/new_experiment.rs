//! A grid that is tried on a table of the server.

use leptos::ev::SubmitEvent;
use leptos::html::{Input, Select, Textarea};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::handler::handler;
use super::tables_markup;
use crate::reactive::RwSignal;
use crate::{runs, tables, text};

/// Begins experiments; `begun` counts them.
#[component]
pub fn NewExperiment(begun: RwSignal<usize>) -> impl IntoView {
    let name = NodeRef::<Input>::new();
    let table = NodeRef::<Select>::new();
    let grid = NodeRef::<Textarea>::new();
    let options = RwSignal::new(String::new());
    let done = RwSignal::new(String::new());
    let trouble = RwSignal::new(String::new());
    spawn_local(async move {
        if let Ok(told) = tables::list().await {
            drop(options.try_set(tables_markup::newest(&told.versions)));
        }
    });
    // Its name has a field of its own.
    let example = text::FIRST_GRID.split_once("\n\n").map(|(_, grid)| grid);
    let begin = move |event: SubmitEvent| {
        event.prevent_default();
        done.set(String::new());
        let name = name.get_untracked().map(|field| field.value());
        let table = table.get_untracked().map(|field| field.value());
        let grid = grid.get_untracked().map(|field| field.value());
        let [name, table, grid] = [name, table, grid].map(Option::unwrap_or_default);
        if name.trim().is_empty() || table.is_empty() {
            trouble.set(text::NEEDS_NAME_AND_TABLE.into());
            return;
        }
        trouble.set(String::new());
        spawn_local(async move {
            match runs::begin(name.trim(), &table, &grid).await {
                Ok(()) => {
                    drop(done.try_set(text::BEGUN.into()));
                    begun.update(|number| *number += 1);
                }
                Err(why) => drop(trouble.try_set(text::trouble(&why))),
            }
        });
    };
    view! {
        <section aria-labelledby="new-experiment">
            <h2 id="new-experiment">{text::NEW_EXPERIMENT}</h2>
            <p class="muted">{text::NEW_EXPERIMENT_HELP}</p>
            <form class="toolbar" on:submit=handler(begin)>
                <label>
                    <span>{text::EXPERIMENT}</span>
                    <input
                        id="experiment-name"
                        class="search"
                        autocomplete="off"
                        spellcheck="false"
                        node_ref=name
                    />
                </label>
                <label>
                    <span>{text::TABLE}</span>
                    <select id="experiment-table" node_ref=table inner_html=options.signal()></select>
                </label>
                <button class="button">{text::BEGIN}</button>
                <label class="grid">
                    <span>{text::GRID}</span>
                    <textarea
                        id="experiment-grid"
                        rows="9"
                        spellcheck="false"
                        node_ref=grid
                        prop:value=example.unwrap_or_default()
                    ></textarea>
                </label>
            </form>
            <p class="begun" role="status">{done.signal()}</p>
            <p id="not-done" role="alert">{trouble.signal()}</p>
        </section>
    }
}
