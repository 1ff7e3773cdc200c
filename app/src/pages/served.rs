//! What pages share that show what a server keeps: how to start one, and a key for
//! it.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::reactive::{Memo, effect};
use crate::view::{KEY_FIELD, SignIn, handler};
use crate::watch::{Shown, Watch};
use crate::{monitor, page, text};

/// A page of this name: what it shows to who may look, of which the keyboard goes
/// on at `focus`; or why a server is `needed`.
pub fn served(
    name: &'static str,
    needed: &'static str,
    focus: &'static str,
    watch: fn() -> Watch,
    show: fn(Watch) -> AnyView,
) -> AnyView {
    if !monitor::is_served() {
        return view! {
            <div class="message">
                <h1 class="spoken">{name}</h1>
                <p>{needed}</p>
                <p><code>{text::START_SERVER}</code></p>
            </div>
        }
        .into_any();
    }
    let watch = watch();
    spawn_local(watch.keep());
    let shown = Memo::new(move |_| watch.session.with(|session| Shown::of(session.as_ref())));
    let mut before = Shown::Waiting;
    effect(move || {
        let now = shown.get();
        // The keyboard goes on where somebody has signed in or out.
        match (before, now) {
            (Shown::SignIn, Shown::Figures) => page::focus_soon(format!("#{focus}")),
            (Shown::Figures, Shown::SignIn) => page::focus_soon(format!("#{KEY_FIELD}")),
            _ => {}
        }
        before = now;
    });
    let sign_in = Callback::new(move |key| spawn_local(watch.sign_in(key)));
    (move || match shown.get() {
        Shown::Waiting => {
            let state = watch.state(text::ASKING);
            view! { <div class="message"><p role="status">{state}</p></div> }.into_any()
        }
        Shown::SignIn => view! { <SignIn refused=watch.refused done=sign_in /> }.into_any(),
        Shown::Figures => show(watch),
    })
    .into_any()
}

/// Who has signed in, if somebody has, and the way out.
pub fn who(watch: Watch) -> AnyView {
    let name = watch
        .session
        .with_untracked(|session| session.clone()?.name);
    let who = name.map(|name| {
        view! {
            <p class="who">{text::signed_in(&name)}</p>
            <button class="button" on:click=handler(move |_| spawn_local(watch.sign_out()))>
                {text::SIGN_OUT}
            </button>
        }
    });
    who.into_any()
}
