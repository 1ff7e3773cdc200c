//! The service worker: by it the page works without a network, and learns that
//! another release of it is there.

use gloo_net::http::Request;
use js_sys::Reflect;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, ServiceWorkerContainer, ServiceWorkerRegistration};

use crate::page;
use crate::reactive::RwSignal;

/// Where the build puts the worker.
const WORKER: &str = "./sw.js";

/// Milliseconds between two looks for another release.
const PAUSE: i32 = 3_600_000;

/// Starts the worker, for the life of the page; gives whether another release
/// has taken the place of the page's own.
pub fn follow() -> RwSignal<bool> {
    let is_old = RwSignal::new(false);
    // It is missing at an address that is not secure.
    let navigator = window().navigator();
    let workers = Reflect::get(&navigator, &"serviceWorker".into()).ok();
    let Some(workers) = workers.and_then(|it| it.dyn_into::<ServiceWorkerContainer>().ok()) else {
        return is_old;
    };
    let changed = Closure::<dyn Fn()>::new(move || {
        spawn_local(async move {
            if is_replaced().await {
                is_old.try_set(true);
            }
        });
    });
    workers.set_oncontrollerchange(Some(changed.as_ref().unchecked_ref()));
    changed.forget();
    // Where it cannot start, or look, the page works as it would without one.
    spawn_local(async move {
        let Ok(registration) = JsFuture::from(workers.register(WORKER)).await else {
            return;
        };
        let registration: ServiceWorkerRegistration = registration.unchecked_into();
        loop {
            page::wait(PAUSE).await;
            if let Ok(update) = registration.update() {
                let _ = JsFuture::from(update).await;
            }
        }
    });
    is_old
}

/// Whether the page that the host has now is made of other files.
async fn is_replaced() -> bool {
    let Ok(response) = Request::get("./").send().await else {
        return false;
    };
    let Ok(page) = response.text().await else {
        return false;
    };
    let own = document().query_selector_all("[integrity]");
    own.is_ok_and(|own| {
        (0..own.length()).any(|place| {
            let file = own.item(place).and_then(|it| it.dyn_into::<Element>().ok());
            let hash = file.and_then(|file| file.get_attribute("integrity"));
            hash.is_some_and(|hash| !page.contains(&hash))
        })
    })
}
