//! The page that says why there is nothing to show, and how to mend it.

use leptos::prelude::*;

use crate::source::Failure;
use crate::view::handler;
use crate::{page, text};

/// A failure with its ways out.
#[component]
pub fn FailurePage(
    /// What went wrong.
    failure: Failure,
    /// Called to train a model on the data instead.
    on_train: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <main class="failure"><div class="message" role="alert">
            <h1 class="error">"⚠ " {text::CANNOT_OPEN}</h1>
            <p>{failure.message}</p>
            <p class="actions">
                <button class="button" on:click=handler(|_| page::reload())>{text::TRY_AGAIN}</button>
                {failure.train_instead.then(|| view! {
                    <button class="button" on:click=handler(move |_| on_train())>{text::TRAIN_ON_DATA}</button>
                })}
            </p>
        </div></main>
    }
}
