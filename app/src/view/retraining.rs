//! Rules on the model that is watched: whether they hold, and what was decided.

use churn_core::retraining::Retraining;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::retraining_markup;
use super::wide_table::wide_table;
use crate::reactive::{RwSignal, effect};
use crate::{page, retraining, text};

/// Milliseconds between two questions to the server.
const PAUSE: i32 = 5000;

/// What is known of the rules of a model; a handle, copied freely.
#[derive(Clone, Copy)]
pub struct KnownRules {
    /// Rules that are broken, in a sentence.
    pub alerts: RwSignal<String>,
    rules: RwSignal<String>,
    decisions: RwSignal<String>,
    /// What is said where there is no table.
    note: RwSignal<String>,
}

impl KnownRules {
    /// Nothing is known yet. Asks for the rules of a model, whose name may change,
    /// again and again until the page is left.
    pub fn follow(model: Signal<(String, usize)>) -> Self {
        let nothing = || RwSignal::new(String::new());
        let known = Self {
            alerts: nothing(),
            rules: nothing(),
            decisions: nothing(),
            note: nothing(),
        };
        // At once when another model is watched, or another build answers.
        effect(move || {
            model.track();
            spawn_local(async move {
                known.read(model).await;
            });
        });
        spawn_local(async move {
            while known.read(model).await.is_some() {
                page::wait(PAUSE).await;
            }
        });
        known
    }

    /// Asks once; none when the page is gone.
    async fn read(self, model: Signal<(String, usize)>) -> Option<()> {
        let (model, _) = model.try_get_untracked()?;
        if model.is_empty() {
            return Some(());
        }
        // What is wrong with the server is said elsewhere.
        if let Ok(told) = retraining::read(&model).await {
            self.tell(&told)?;
        }
        Some(())
    }

    fn tell(self, told: &Retraining) -> Option<()> {
        let note = match (&told.rules, told.checks.first()) {
            (None, _) => text::NO_RULES.to_owned(),
            (Some(_), None) => text::NOT_LOOKED.to_owned(),
            (Some(_), Some(last)) => text::looked(last.version, &page::moment(last.at_ms)),
        };
        for (signal, markup) in [
            (self.alerts, retraining_markup::alerts(told)),
            (self.rules, retraining_markup::rules(told)),
            (self.decisions, retraining_markup::decisions(told)),
            (self.note, note),
        ] {
            // Tables that stay as they are keep the focus and the selection.
            if signal.try_get_untracked()? != markup {
                signal.set(markup);
            }
        }
        Some(())
    }
}

/// Whether the rules of the model hold, and what was decided by them.
#[component]
pub fn Rules(
    /// What is known of them.
    known: KnownRules,
) -> impl IntoView {
    view! {
        <section aria-labelledby="rules-title">
            <h2 id="rules-title">{text::RULES}</h2>
            <p class="muted">{known.note.signal()}</p>
            {wide_table(Some("rules"), text::RULES, known.rules)}
            {wide_table(Some("decisions"), text::DECISIONS, known.decisions)}
        </section>
    }
}
