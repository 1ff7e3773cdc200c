//! The jobs' page: what the server does by itself, and how that went.

use leptos::prelude::*;

use super::served::{served, who};
use crate::text;
use crate::view::{JOBS_TABLE, JobsView};
use crate::watch::Watch;

/// The jobs of the server; or how to start a server.
#[component]
pub fn JobsPage() -> impl IntoView {
    let show = |watch: Watch| {
        let may_change = watch
            .session
            .with_untracked(|session| session.as_ref().is_some_and(|session| session.may("admin")));
        view! {
            <div class="model-page monitoring jobs">
                <div class="toolbar">
                    <h1>{text::JOBS}</h1>
                    {who(watch)}
                </div>
                <JobsView watch may_change />
            </div>
        }
        .into_any()
    };
    let watch = || Watch::new(false);
    served(text::JOBS, text::JOBS_NEED_SERVER, JOBS_TABLE, watch, show)
}
