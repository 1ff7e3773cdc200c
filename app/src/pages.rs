//! The pages and the frame around them.

mod compare;
mod customer;
mod customers;
mod data;
mod failure;
mod jobs;
mod lineage;
mod model;
mod monitoring;
mod runs;
mod served;
mod tables;

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::explorer::Explorer;
use crate::parts::{Parts, drawn};
use crate::reactive::{Memo, effect, watch};
use crate::state::{Open, State};
use crate::view::{Footer, Header, ToastLine, handler, show_keys_on_demand};
use crate::{page, text};

pub use compare::ComparePage;
pub use customer::CustomerPage;
use customers::CustomersPage;
pub use data::DataPage;
pub use failure::FailurePage;
pub use jobs::JobsPage;
pub use lineage::LineagePage;
pub use model::ModelPage;
pub use monitoring::MonitoringPage;
pub use runs::RunsPage;
pub use tables::TablesPage;

/// Header, the open page, footer.
#[component]
pub fn App(explorer: Arc<Explorer>, parts: Parts) -> impl IntoView {
    let notices = explorer.notices.clone();
    let state = State::new(explorer);
    provide_context(state);
    provide_context(parts);
    let name = Memo::new(move |_| page_name(state));
    effect(move || page::set_title(&text::title(&name.get())));
    // On a phone there are more pages than fit.
    effect(move || {
        state.open.track();
        page::reveal_soon("nav [aria-current]");
    });
    // What had the focus may be gone with its page: the keyboard goes on here.
    watch(
        move || state.open.track(),
        || page::keep_focus("main".into()),
    );
    show_keys_on_demand(state);
    spawn_local(parts.load_ahead());
    view! {
        <button class="skip" on:click=handler(|_| page::focus("main"))>{text::SKIP}</button>
        <Header />
        <main tabindex="-1">
            {notices.into_iter().map(|notice| view! { <p class="notice">{notice}</p> }).collect_view()}
            {move || match state.open.get() {
                Open::Customers => view! { <CustomersPage /> }.into_any(),
                Open::Unknown(id) => view! { <UnknownCustomer id /> }.into_any(),
                open @ (Open::Customer(_) | Open::Compare(..)) => drawn(|parts| parts.customer, open),
                open @ (Open::Model | Open::Data) => drawn(|parts| parts.figures, open),
                open => drawn(|parts| parts.served, open),
            }}
        </main>
        <Footer />
        <ToastLine />
    }
}

fn page_name(state: State) -> String {
    match state.open.get() {
        Open::Customers => text::CUSTOMERS.into(),
        Open::Customer(row) => {
            let edited = state.drafts.with(|drafts| drafts.is_edited(row));
            text::customer(state.explorer().id(row as usize), edited)
        }
        Open::Compare(first, second) => {
            let explorer = state.explorer();
            let id = |row: u32| explorer.id(row as usize);
            text::compared(id(first), id(second))
        }
        Open::Unknown(id) => id,
        Open::Model => text::MODEL.into(),
        Open::Data => text::DATA.into(),
        Open::Monitoring => text::MONITORING.into(),
        Open::Runs => text::RUNS.into(),
        Open::Tables => text::TABLES.into(),
        Open::Jobs => text::JOBS.into(),
        Open::Lineage => text::LINEAGE.into(),
    }
}

/// What an address with a wrong id shows.
#[component]
fn UnknownCustomer(id: String) -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <div class="message">
            <h1>{text::unknown_customer(&id)}</h1>
            <a class="button" href=state.table_address>{text::CUSTOMERS}</a>
        </div>
    }
}
