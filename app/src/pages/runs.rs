//! The runs page: what experiments tried, and which of it is better.

use leptos::prelude::*;

use super::served::{served, who};
use crate::reactive::RwSignal;
use crate::text;
use crate::view::{FIND_RUNS, NewExperiment, RunsView};
use crate::watch::Watch;

/// The runs that the server keeps; or how to start a server.
#[component]
pub fn RunsPage() -> impl IntoView {
    let show = |watch: Watch| {
        let begun = RwSignal::new(0);
        let may_begin = watch
            .session
            .with_untracked(|session| session.as_ref().is_some_and(|session| session.may("admin")));
        view! {
            <div class="model-page monitoring runs">
                <div class="toolbar">
                    <h1>{text::RUNS}</h1>
                    {who(watch)}
                </div>
                <RunsView watch begun />
                {may_begin.then(|| view! { <NewExperiment begun /> })}
            </div>
        }
        .into_any()
    };
    let watch = || Watch::new(false);
    served(text::RUNS, text::RUNS_NEED_SERVER, FIND_RUNS, watch, show)
}
