//! The monitoring page: is the model still right?

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlSelectElement, MouseEvent};

use super::served::{served, who};
use crate::reactive::Memo;
use crate::view::{
    KnownRules, MonitorCharts, Registry, Rules, handler, monitor_tables, wide_table,
};
use crate::watch::Watch;
use crate::{monitor, text};

/// Id of the choice of a deployment.
const DEPLOYMENT: &str = "deployment";

/// How the deployments of the server do, live; or how to start a server.
#[component]
pub fn MonitoringPage() -> impl IntoView {
    let show = |watch| view! { <Watched watch /> }.into_any();
    let watch = || Watch::new(true);
    served(text::MONITORING, text::NO_SERVER, DEPLOYMENT, watch, show)
}

/// What the server recorded.
#[component]
fn Watched(watch: Watch) -> impl IntoView {
    let figures = watch.markup(monitor_tables::figures);
    let drift = watch.markup(monitor_tables::drift);
    let deployments = watch.markup(monitor_tables::deployments);
    let state = watch.state(text::WATCHING);
    // Asked for again when another build was deployed.
    let model = Memo::new(move |_| {
        watch.version.track();
        monitor::with(|told| (told.model().to_owned(), told.deployments.len())).unwrap_or_default()
    });
    let may_change = watch
        .session
        .with_untracked(|session| session.as_ref().is_some_and(|session| session.may("admin")));
    let rules = KnownRules::follow(model.signal());
    view! {
        <div class="model-page monitoring">
            <h1 class="spoken">{text::MONITORING}</h1>
            <div class="toolbar" on:change=handler(move |event: Event| choose(watch, &event))>
                <label>
                    <span>{text::DEPLOYMENT}</span>
                    <select id=DEPLOYMENT inner_html=deployments></select>
                </label>
                <label>
                    <span>{text::RANGE}</span>
                    <select inner_html=monitor_tables::ranges()></select>
                </label>
                <p id="live" role="status">{state}</p>
                {who(watch)}
            </div>
            <p id="alerts" role="alert">{rules.alerts.signal()}</p>
            <section aria-labelledby="still-right">
                <h2 id="still-right">{text::IS_IT_RIGHT}</h2>
                {wide_table(Some("figures"), text::IS_IT_RIGHT, figures)}
                <p class="muted">{text::WHAT_EACH_SEES}</p>
                <MonitorCharts version=watch.version />
            </section>
            <Rules known=rules />
            <section aria-labelledby="moved">
                <h2 id="moved">{text::HAS_IT_MOVED}</h2>
                <p class="muted">{text::DRIFT_HELP}</p>
                {wide_table(Some("drift"), text::HAS_IT_MOVED, drift)}
            </section>
            <section aria-labelledby="newest">
                <h2 id="newest">{text::NEWEST}</h2>
                <p class="muted">{text::NEWEST_HELP}</p>
                <p><button class="button" on:click=handler(move |_| spawn_local(watch.read_recent()))>{text::SHOW_NEWEST}</button></p>
                <p id="not-taken" role="alert">{watch.not_taken.signal()}</p>
                <div on:click=handler(move |event: MouseEvent| take_outcome(watch, &event))>
                    {wide_table(Some("recent"), text::NEWEST, watch.recent)}
                </div>
            </section>
            <Registry of=model.signal() may_change />
        </div>
    }
}

/// Takes another deployment or range.
fn choose(watch: Watch, event: &Event) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
    let Some(choice) = target else { return };
    let what = match choice.id() == DEPLOYMENT {
        true => watch.deployment,
        false => watch.range,
    };
    what.set(choice.value());
    spawn_local(watch.look_anew());
}

/// Takes an outcome from the button that was pressed, if one was.
fn take_outcome(watch: Watch, event: &MouseEvent) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let Some(button) = target else { return };
    let Some(uuid) = button.get_attribute("data-uuid") else {
        return;
    };
    let left = button.get_attribute("data-left").as_deref() == Some("true");
    spawn_local(async move {
        if watch.say(uuid, left).await {
            // The list stays: others may have become the newest.
            for of in [
                button.previous_element_sibling(),
                button.next_element_sibling(),
            ] {
                let _ = of.map(|other| other.set_attribute("aria-pressed", "false"));
            }
            let _ = button.set_attribute("aria-pressed", "true");
        }
        watch.refresh().await;
    });
}
