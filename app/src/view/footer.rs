//! The foot of every page: which model, and what it took.

use leptos::prelude::*;

use super::handler::handler;
use crate::reactive::RwSignal;
use crate::state::State;
use crate::{monitor, page, release, text};

/// Characters of a hash that are shown.
const SHORT_HASH: usize = 12;

/// Model, data, privacy, and the measured time, which a click measures again;
/// and a new release of the page, once there is one.
#[component]
pub fn Footer() -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let training = &explorer.predictor.artefact().training;
    let left_out = training.incomplete_rows + training.held_out.len() as u64;
    let trained_on = training.rows.saturating_sub(left_out);
    let model = text::model(
        training.c,
        usize::try_from(trained_on).unwrap_or(usize::MAX),
    );
    let hash: String = training.data_hash.chars().take(SHORT_HASH).collect();
    let customers = explorer.rows();
    let proof = RwSignal::new(text::explained(customers, explorer.explained_in));
    let rerun = move |_| {
        let (milliseconds, identical) = state.explorer().explain_again(page::now);
        let explained = text::explained(customers, milliseconds);
        proof.set(format!("{explained} · {}", text::rerun(identical)));
    };
    let privacy = match monitor::is_served() {
        true => text::PRIVATE_SERVED,
        false => text::PRIVATE,
    };
    // Nothing is loaded anew under the user's hands.
    let is_old = release::follow();
    let new_release = move || {
        is_old.get().then(|| {
            view! {
                {text::NEW_RELEASE}
                <button class="link" on:click=handler(|_| page::reload())>{text::RELOAD}</button>
            }
        })
    };
    view! {
        <footer class="foot muted">
            <span class="release" role="status">{new_release}</span>
            <span class="model">{model} " · " {text::data_hash(&hash)}</span>
            <span>{privacy}</span>
            <button class="proof" title=text::RERUN on:click=handler(rerun)>
                {Signal::<String>::from(proof)}
            </button>
        </footer>
    }
}
