//! The foot of every page: which model, and what it took.

use leptos::prelude::*;

use crate::state::State;
use crate::{page, text};

/// Characters of a hash that are shown.
const SHORT_HASH: usize = 12;

/// Model, data, privacy, and the measured time, which a click measures again.
#[component]
pub fn Footer() -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let training = &explorer.predictor.artefact().training;
    let model = text::model(training.c, training.rows as usize);
    let hash: String = training.data_hash.chars().take(SHORT_HASH).collect();
    let customers = explorer.rows();
    let milliseconds = RwSignal::new(explorer.explained_in);
    let identical = RwSignal::new(None);
    let rerun = move |_| {
        let (took, same) = state.explorer().explain_again(page::now);
        milliseconds.set(took);
        identical.set(Some(same));
    };
    view! {
        <footer class="foot muted">
            <span class="model">{model} " · " {text::data_hash(&hash)}</span>
            <span>{text::PRIVATE}</span>
            <button class="proof" title=text::RERUN on:click=rerun>
                {move || text::explained(customers, milliseconds.get())}
                {move || identical.get().map(|same| format!(" · {}", text::rerun(same)))}
            </button>
        </footer>
    }
}
