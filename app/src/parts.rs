//! Parts of the page's code that are loaded when they are needed: all but the table
//! of customers, which is there first. The program says how they are loaded.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use wasm_bindgen_futures::spawn_local;

use crate::pages;
use crate::reactive::RwSignal;
use crate::state::{Open, State};
use crate::view::{Errand, Sheet, Toast, handler};
use crate::{monitor, page, text};

/// Why a part is not there.
#[derive(Clone, Copy, Debug)]
pub struct NotLoaded;

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// What a part draws, or does, once the part is there.
pub type Act<T, R> = fn(T) -> R;

/// A part on its way.
pub type Loading<T, R = AnyView> = Pin<Box<dyn Future<Output = Result<Act<T, R>, NotLoaded>>>>;

/// How each part is loaded; at once where it is there already.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// What opens over the pages: [`draw_sheet`].
    pub sheets: fn() -> Loading<Sheet>,
    /// What a click or a key does, of the same part: [`run_errand`].
    pub errands: fn() -> Loading<Errand, ()>,
    /// The pages of one customer and of two: [`draw_customer`].
    pub customer: fn() -> Loading<Open>,
    /// The pages of figures: [`draw_figures`].
    pub figures: fn() -> Loading<Open>,
    /// The pages of what a server keeps: [`draw_served`].
    pub served: fn() -> Loading<Open>,
}

/// Draws a sheet.
pub fn draw_sheet(sheet: Sheet) -> AnyView {
    sheet.draw()
}

/// Runs an errand.
pub fn run_errand(errand: Errand) {
    errand.run();
}

/// Draws the page of one customer or of two.
pub fn draw_customer(open: Open) -> AnyView {
    match open {
        Open::Customer(row) => view! { <pages::CustomerPage row /> }.into_any(),
        Open::Compare(first, second) => view! { <pages::ComparePage first second /> }.into_any(),
        _ => ().into_any(),
    }
}

/// Draws a page of figures.
pub fn draw_figures(open: Open) -> AnyView {
    match open {
        Open::Model => view! { <pages::ModelPage /> }.into_any(),
        Open::Data => view! { <pages::DataPage /> }.into_any(),
        _ => ().into_any(),
    }
}

/// Draws a page of what a server keeps.
pub fn draw_served(open: Open) -> AnyView {
    match open {
        Open::Monitoring => view! { <pages::MonitoringPage /> }.into_any(),
        Open::Runs => view! { <pages::RunsPage /> }.into_any(),
        Open::Tables => view! { <pages::TablesPage /> }.into_any(),
        Open::Jobs => view! { <pages::JobsPage /> }.into_any(),
        Open::Lineage => view! { <pages::LineagePage /> }.into_any(),
        _ => ().into_any(),
    }
}

impl Parts {
    /// Loads all that may be needed, after what is needed now. What cannot be loaded
    /// is asked for again when it is needed.
    pub async fn load_ahead(self) {
        /// Milliseconds in which the first page is drawn.
        const FIRST: i32 = 500;
        page::wait(FIRST).await;
        let _ = (self.sheets)().await;
        let _ = (self.customer)().await;
        let _ = (self.figures)().await;
        if monitor::is_served() {
            let _ = (self.served)().await;
        }
    }
}

/// What a part draws, as soon as it is loaded.
pub fn drawn<T>(part: fn(Parts) -> fn() -> Loading<T>, what: T) -> AnyView
where
    T: Clone + Send + 'static,
{
    let part = part(expect_context());
    if let Some(draw) = ready(part()) {
        return draw(what);
    }
    let loaded = RwSignal::new(None);
    let load = move || {
        loaded.set(None);
        spawn_local(async move {
            let part = part().await;
            // By now something else may be shown.
            loaded.try_set(Some(part.ok()));
        });
    };
    load();
    (move || match loaded.get() {
        Some(Some(draw)) => draw(what.clone()),
        Some(None) => view! { <Missing again=load /> }.into_any(),
        None => view! {
            <div class="message" aria-busy="true"><p role="status">{text::LOADING}</p></div>
        }
        .into_any(),
    })
    .into_any()
}

/// What a part gives, where it is there already.
fn ready<T, R>(part: Loading<T, R>) -> Option<Act<T, R>> {
    let polled = pin!(part).poll(&mut Context::from_waker(Waker::noop()));
    match polled {
        Poll::Ready(Ok(act)) => Some(act),
        Poll::Ready(Err(_)) | Poll::Pending => None,
    }
}

/// Runs errands; a handle, copied freely.
#[derive(Clone, Copy)]
pub struct Errands {
    part: fn() -> Loading<Errand, ()>,
    toast: RwSignal<Option<Toast>>,
}

impl Errands {
    /// Of the parts in the context.
    pub fn new(state: State) -> Self {
        Self {
            part: expect_context::<Parts>().errands,
            toast: state.toast,
        }
    }

    /// Runs an errand as soon as its part is loaded, or says that it cannot be.
    pub fn run(self, errand: Errand) {
        let Self { part, toast } = self;
        if let Some(run) = ready(part()) {
            return run(errand);
        }
        spawn_local(async move {
            match part().await {
                Ok(run) => run(errand),
                Err(NotLoaded) => toast.set(Some(Toast {
                    message: text::NOT_LOADED.into(),
                    undo: None,
                })),
            }
        });
    }
}

/// A release that has replaced the page's own has other parts.
#[component]
fn Missing(again: impl Fn() + Copy + 'static) -> impl IntoView {
    view! {
        <div class="message">
            <p role="alert">{text::NOT_LOADED}</p>
            <p class="actions">
                <button class="button" on:click=handler(move |_| again())>{text::TRY_AGAIN}</button>
                <button class="button" on:click=handler(|_| page::reload())>{text::RELOAD}</button>
            </p>
        </div>
    }
}
