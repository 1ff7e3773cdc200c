//! The churn explorer in the browser: every customer with their risk and its
//! reasons, and what would change it. Needs static files only.
//!
//! # Layout
//!
//! Data, free of the browser:
//! * `explorer`: everything loaded, scored and explained; only read.
//! * `listing`: which customers the table lists. `filter`: the conditions,
//!   their text and who satisfies them. `column_key`: the table's columns.
//! * `chosen_columns`, `marks`: what the user wants to see of them.
//! * `arrangement`: how it presents them. `order`, `ranks`: in which order.
//!   `export`: the list as lines of text. `call_sheet`: a customer on paper.
//! * `exploration`: how the columns are spread, by outcome, and go together.
//! * `family`: features whose weights are read as a sum.
//! * `draft`: a customer under edits, step by step. `edits`: values as text and back.
//! * `rule`: who is flagged. `evaluation`: the rows that figures are honest on.
//!   `money`: what an offer costs and brings. `rival`: another model on the same customers.
//! * `response`: the estimate over one number. `neighbours`: customers like one.
//! * `agreement`: how far two explanations agree. `scenarios`: named edits, kept.
//! * `scale`: the one colour scale. `number`: how numbers are written.
//! * `text`: every text of the page. `markup`: texts within HTML.
//!
//! The page around it:
//! * `source`: loads data, preset and model. `server`: questions to a server, if
//!   there is one; `monitor`: what it recorded; `runs`, `tables`, `jobs`:
//!   experiments and rows that it keeps, and what it does by itself; `lineage`: what came
//!   from what; `access`: what the page is to it.
//! * `trainer`, `task`, `worker`: without a model, a worker trains one.
//! * `fragment`, `route`: the page's address and what it means.
//! * `state`: what the user changes. `what_if`: one customer under edits. `watch`:
//!   what the monitoring page knows.
//! * `cohorts`: groups of customers that the user named. `download`, `clipboard`:
//!   what the user takes elsewhere.
//! * `reactive`: signals and memos, with little code.
//! * `release`: the page without a network, and its next release.
//! * `storage`: what the browser keeps. `theme`: light or dark.
//! * `page`: the few calls to the browser that the above need.
//!
//! What is seen:
//! * `parts`: code that is loaded when it is needed.
//! * `pages`: customers, customer, model, data, monitoring, runs, tables, jobs, lineage,
//!   failure.
//!   `view`: their parts.

mod access;
mod agreement;
mod arrangement;
mod call_sheet;
mod chosen_columns;
mod clipboard;
mod cohorts;
mod column_key;
mod download;
mod draft;
mod edits;
mod evaluation;
mod exploration;
mod explorer;
mod export;
mod family;
mod filter;
mod fragment;
mod jobs;
mod lineage;
mod listing;
mod marks;
mod markup;
mod money;
mod monitor;
mod neighbours;
mod number;
mod order;
mod page;
mod pages;
pub mod parts;
mod ranks;
mod reactive;
mod registry;
mod release;
mod response;
mod retraining;
mod rival;
mod route;
mod rule;
mod runs;
mod scale;
mod scenarios;
mod server;
mod source;
mod state;
mod storage;
mod tables;
mod task;
mod text;
mod theme;
mod trainer;
mod view;
mod watch;
mod what_if;
mod worker;

use std::sync::Arc;

use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

pub use crate::parts::Parts;
use crate::source::Failure;
pub use crate::state::Open;
pub use crate::view::{Errand, Sheet};
pub use crate::worker::answer_page;

/// Loads the data behind the loading screen, then shows the explorer.
pub fn start(parts: Parts) {
    console_error_panic_hook::set_once();
    theme::restore();
    number::adopt(&page::sample_number());
    open(false, parts);
}

/// Loads and shows; with `retrain` a model file is not looked for.
fn open(retrain: bool, parts: Parts) {
    spawn_local(async move {
        let loaded = source::load(retrain).await;
        let Some(root) = page::empty_root() else {
            return;
        };
        match loaded {
            Ok(explorer) => {
                let explorer = Arc::new(explorer);
                mount_to(root, move || view! { <pages::App explorer parts /> }).forget();
            }
            Err(failure) => show_failure(root, failure, parts),
        }
    });
}

fn show_failure(root: web_sys::HtmlElement, failure: Failure, parts: Parts) {
    mount_to(root, move || {
        view! { <pages::FailurePage failure on_train=move || open(true, parts) /> }
    })
    .forget();
}
