//! A key for the server behind the page.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

use super::handler::handler;
use crate::reactive::RwSignal;
use crate::text;

/// Id of the field, which has no name: nothing can send it but this form.
pub const KEY_FIELD: &str = "key";

/// Id of what is wrong.
const REFUSED: &str = "refused";

/// A field for a key and a button, and why the last one was `refused`. The field
/// is emptied before the key is given away.
#[component]
pub fn SignIn(refused: RwSignal<String>, done: Callback<String>) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else {
            return;
        };
        let key = field.value().trim().to_owned();
        field.set_value("");
        let _ = field.focus();
        match key.is_empty() {
            true => refused.set(text::NO_KEY.into()),
            false => done.run(key),
        }
    };
    let is_wrong = Signal::derive(move || refused.with(|refused| !refused.is_empty()).to_string());
    view! {
        <form class="message sign-in" on:submit=handler(submit)>
            <h1>{text::ASKS_FOR_KEY}</h1>
            <div class="name">
                <label for=KEY_FIELD>{text::KEY}</label>
                <input
                    id=KEY_FIELD
                    class="search"
                    type="password"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-describedby=REFUSED
                    aria-invalid=is_wrong
                    node_ref=field
                />
                <button class="button">{text::SIGN_IN}</button>
            </div>
            <p id=REFUSED role="alert">{refused.signal()}</p>
            <p class="muted">{text::KEY_HELP}</p>
            <p><code>{text::CREATE_KEY}</code></p>
        </form>
    }
}
