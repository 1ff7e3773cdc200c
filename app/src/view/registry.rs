//! Which build of a model answers: to be seen, and changed by those who may.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, MouseEvent};

use super::handler::handler;
use super::registry_tables;
use super::wide_table::wide_table;
use crate::reactive::{RwSignal, effect};
use crate::{registry, text};

/// What is known of a model's builds.
#[derive(Clone, Copy)]
struct Known {
    builds: RwSignal<String>,
    history: RwSignal<String>,
    /// Why something was not done, if it was not.
    trouble: RwSignal<String>,
    may_change: bool,
}

impl Known {
    /// Asks for the builds of a model.
    async fn read(self, model: String) {
        let told = registry::builds(&model).await;
        let history = registry::history(&model).await;
        match (told, history) {
            (Ok(builds), Ok(history)) => {
                let markup = registry_tables::builds(&builds, self.may_change);
                drop(self.builds.try_set(markup));
                drop(self.history.try_set(registry_tables::history(&history)));
            }
            (Err(trouble), _) | (_, Err(trouble)) => {
                drop(self.trouble.try_set(text::trouble(&trouble)));
            }
        }
    }

    /// Lets the build of a version answer, or the one before where none is named.
    async fn change(self, model: String, version: Option<String>) {
        let done = match version {
            Some(version) => registry::promote(&model, &version).await,
            None => registry::roll_back(&model).await,
        };
        let trouble = done.err().as_ref().map(text::trouble);
        drop(self.trouble.try_set(trouble.unwrap_or_default()));
        self.read(model).await;
    }
}

/// The builds of a model and which of them answered when. They are asked for
/// when the model or its deployments change.
#[component]
pub fn Registry(
    /// Name of the model and how many deployments there are.
    of: Signal<(String, usize)>,
    /// Whether the page may change what answers.
    may_change: bool,
) -> impl IntoView {
    let nothing = || RwSignal::new(String::new());
    let known = Known {
        builds: nothing(),
        history: nothing(),
        trouble: nothing(),
        may_change,
    };
    effect(move || {
        let (model, _) = of.get();
        if !model.is_empty() {
            spawn_local(known.read(model));
        }
    });
    let model = move || of.get_untracked().0;
    let promote = move |event: MouseEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let version = target.and_then(|button| button.get_attribute("data-version"));
        if version.is_some() {
            spawn_local(known.change(model(), version));
        }
    };
    let roll_back = may_change.then(|| {
        view! {
            <p>
                <button
                    class="button"
                    on:click=handler(move |_| spawn_local(known.change(model(), None)))
                >
                    {text::ROLL_BACK}
                </button>
            </p>
        }
    });
    view! {
        <section aria-labelledby="registry">
            <h2 id="registry">{text::WHICH_ANSWERS}</h2>
            <p class="muted">{text::REGISTRY_HELP}</p>
            <p id="not-done" role="alert">{known.trouble.signal()}</p>
            <div on:click=handler(promote)>
                {wide_table(Some("builds"), text::WHICH_ANSWERS, known.builds)}
            </div>
            <h3>{text::WHEN_ANSWERED}</h3>
            {roll_back}
            {wide_table(Some("history"), text::WHEN_ANSWERED, known.history)}
        </section>
    }
}
