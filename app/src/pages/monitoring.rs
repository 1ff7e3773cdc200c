//! The monitoring page: is the model still right?

use churn_core::monitoring::Monitoring;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlSelectElement, MouseEvent};

use crate::reactive::{Memo, RwSignal};
use crate::view::{MonitorCharts, handler, monitor_tables, wide_table};
use crate::{monitor, page, text};

/// Id of the choice of a deployment.
const DEPLOYMENT: &str = "deployment";

/// Milliseconds between two questions to the server.
const PAUSE: i32 = 1000;

/// What the page shows at present; a handle, copied freely.
#[derive(Clone, Copy)]
struct Watch {
    /// Counts what was told.
    version: RwSignal<usize>,
    /// What is wrong, if anything is.
    trouble: RwSignal<String>,
    /// Milliseconds to look back; 0 for all.
    range: RwSignal<String>,
    /// Name of the deployment; empty for the newest.
    deployment: RwSignal<String>,
    /// The newest predictions, as markup. They stay until others are asked for:
    /// nothing moves below the pointer.
    recent: RwSignal<String>,
}

/// How the deployments of the server do, live; or how to start a server.
#[component]
pub fn MonitoringPage() -> impl IntoView {
    if !monitor::is_served() {
        return view! {
            <div class="message">
                <h1 class="spoken">{text::MONITORING}</h1>
                <p>{text::NO_SERVER}</p>
                <p><code>{text::START_SERVER}</code></p>
            </div>
        }
        .into_any();
    }
    let watch = Watch {
        version: RwSignal::new(0),
        trouble: RwSignal::new(String::new()),
        range: RwSignal::new(String::from("0")),
        deployment: RwSignal::new(String::new()),
        recent: RwSignal::new(String::new()),
    };
    spawn_local(watch.keep());
    let figures = watch.markup(monitor_tables::figures);
    let drift = watch.markup(monitor_tables::drift);
    let deployments = watch.markup(monitor_tables::deployments);
    let state = Signal::derive(move || {
        let trouble = watch.trouble.get();
        if trouble.is_empty() {
            String::from(text::WATCHING)
        } else {
            trouble
        }
    });
    view! {
        <div class="model-page monitoring">
            <h1 class="spoken">{text::MONITORING}</h1>
            <div class="toolbar" on:change=handler(move |event: Event| watch.choose(&event))>
                <label>
                    <span>{text::DEPLOYMENT}</span>
                    <select id=DEPLOYMENT inner_html=deployments></select>
                </label>
                <label>
                    <span>{text::RANGE}</span>
                    <select inner_html=monitor_tables::ranges()></select>
                </label>
                <p id="live" role="status">{state}</p>
            </div>
            <section aria-labelledby="still-right">
                <h2 id="still-right">{text::IS_IT_RIGHT}</h2>
                {wide_table(Some("figures"), text::IS_IT_RIGHT, figures)}
                <p class="muted">{text::WHAT_EACH_SEES}</p>
                <MonitorCharts version=watch.version />
            </section>
            <section aria-labelledby="moved">
                <h2 id="moved">{text::HAS_IT_MOVED}</h2>
                <p class="muted">{text::DRIFT_HELP}</p>
                {wide_table(Some("drift"), text::HAS_IT_MOVED, drift)}
            </section>
            <section aria-labelledby="newest">
                <h2 id="newest">{text::NEWEST}</h2>
                <p class="muted">{text::NEWEST_HELP}</p>
                <p><button class="button" on:click=handler(move |_| spawn_local(watch.read_recent()))>{text::SHOW_NEWEST}</button></p>
                <div on:click=handler(move |event: MouseEvent| watch.take_outcome(&event))>
                    {wide_table(Some("recent"), text::NEWEST, watch.recent)}
                </div>
            </section>
        </div>
    }
    .into_any()
}

impl Watch {
    /// A text made of what was told.
    fn markup(self, make: fn(&Monitoring) -> String) -> Signal<String> {
        let markup = move |_: Option<&String>| {
            self.version.track();
            monitor::with(make).unwrap_or_default()
        };
        Memo::new(markup).signal()
    }

    /// Asks again and again until the page is left.
    async fn keep(self) {
        // The signals end with the page.
        while self.refresh().await.is_some() {
            page::wait(PAUSE).await;
        }
    }

    /// Asks once; none when the page is gone.
    async fn refresh(self) -> Option<()> {
        let query = self.query()?;
        let told = monitor::refresh(&query).await;
        let trouble = told.as_ref().err().cloned().unwrap_or_default();
        if self.trouble.try_get_untracked()? != trouble {
            self.trouble.set(trouble);
        }
        if told == Ok(true) {
            self.version.set(self.version.get_untracked() + 1);
            if self.recent.get_untracked().is_empty() {
                self.read_recent().await;
            }
        }
        Some(())
    }

    /// What is asked for; none when the page is gone.
    fn query(self) -> Option<String> {
        let range = self.range.try_get_untracked()?;
        let deployment = self.deployment.try_get_untracked()?;
        let mut query = String::from("?limit=50");
        if !deployment.is_empty() {
            query += "&deployment=";
            query += &deployment;
        }
        if let Ok(back @ 1..) = range.parse::<i64>() {
            query += "&from_ms=";
            query += &(page::clock_ms() - back).max(0).to_string();
        }
        Some(query)
    }

    /// Takes another deployment or range.
    fn choose(self, event: &Event) {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        let Some(choice) = target else { return };
        let what = match choice.id() == DEPLOYMENT {
            true => self.deployment,
            false => self.range,
        };
        what.set(choice.value());
        self.recent.set(String::new());
        spawn_local(async move {
            self.refresh().await;
        });
    }

    async fn read_recent(self) {
        let Some(query) = self.query() else { return };
        let markup = monitor::recent(&query).await.map(|recent| {
            monitor::with(|told| monitor_tables::recent(&recent, told)).unwrap_or_default()
        });
        match markup {
            Ok(markup) => drop(self.recent.try_set(markup)),
            Err(trouble) => drop(self.trouble.try_set(trouble)),
        }
    }

    /// Takes an outcome from the button that was pressed, if one was.
    fn take_outcome(self, event: &MouseEvent) {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let Some(button) = target else { return };
        let Some(uuid) = button.get_attribute("data-uuid") else {
            return;
        };
        let left = button.get_attribute("data-left").as_deref() == Some("true");
        spawn_local(async move {
            match monitor::label(&uuid, left).await {
                Ok(()) => {
                    self.read_recent().await;
                    page::keep_focus(format!("[data-uuid='{uuid}'][data-left='{left}']"));
                    self.refresh().await;
                }
                Err(trouble) => drop(self.trouble.try_set(trouble)),
            }
        });
    }
}
