//! The clipboard: what the user takes elsewhere.

use leptos::prelude::window;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::state::State;
use crate::text;
use crate::view::Toast;

/// Puts a text on the clipboard and says so, or that the browser refuses.
pub fn copy(state: State, text: &str, said: String) {
    // Without a safe connection the page is given none.
    let copied = window()
        .is_secure_context()
        .then(|| window().navigator().clipboard().write_text(text));
    spawn_local(async move {
        let is_copied = match copied {
            Some(copied) => JsFuture::from(copied).await.is_ok(),
            None => false,
        };
        let message = match is_copied {
            true => said,
            false => text::COPY_REFUSED.into(),
        };
        state.toast.set(Some(Toast {
            message,
            undo: None,
        }));
    });
}
