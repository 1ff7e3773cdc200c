//! A short message that comes and goes, with a way back from what was done.

use std::sync::Arc;
use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use super::handler::handler;
use crate::reactive::{StoredValue, effect};
use crate::state::State;
use crate::text;

/// What was done, and how to undo it.
#[derive(Clone)]
pub struct Toast {
    /// What was done.
    pub message: String,
    /// Takes it back.
    pub undo: Option<Arc<dyn Fn() + Send + Sync>>,
}

/// Shows the state's toast for a while.
#[component]
pub fn ToastLine() -> impl IntoView {
    const SHOWN: Duration = Duration::from_secs(10);
    let toast = expect_context::<State>().toast;
    let timer = StoredValue::new(None::<TimeoutHandle>);
    effect(move || {
        let new = toast
            .with(Option::is_some)
            .then(|| set_timeout_with_handle(move || toast.set(None), SHOWN).ok())
            .flatten();
        timer.update_value(|timer| {
            if let Some(old) = std::mem::replace(timer, new) {
                old.clear();
            }
        });
    });
    let shown = move || {
        toast.get().map(|Toast { message, undo }| {
            view! {
                <div class="toast">
                    <span>{message}</span>
                    {undo.map(|undo| view! {
                        <button class="link" on:click=handler(move |_| {
                            toast.set(None);
                            undo();
                        })>{text::TAKE_BACK}</button>
                    })}
                </div>
            }
        })
    };
    view! { <div class="toasts" role="status">{shown}</div> }
}
