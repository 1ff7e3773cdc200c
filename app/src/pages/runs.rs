//! The runs page: what experiments tried, and which of it is better.

use leptos::prelude::*;

use super::served::{served, who};
use crate::text;
use crate::view::{FIND_RUNS, RunsView};
use crate::watch::Watch;

/// The runs that the server keeps; or how to start a server.
#[component]
pub fn RunsPage() -> impl IntoView {
    let show = |watch: Watch| {
        view! {
            <div class="model-page monitoring runs">
                <div class="toolbar">
                    <h1>{text::RUNS}</h1>
                    {who(watch)}
                </div>
                <RunsView watch />
            </div>
        }
        .into_any()
    };
    let watch = || Watch::new(false);
    served(text::RUNS, text::RUNS_NEED_SERVER, FIND_RUNS, watch, show)
}
