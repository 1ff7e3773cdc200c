//! The tables' page: which rows the server has, and what changed in them.

use leptos::prelude::*;

use super::served::{served, who};
use crate::text;
use crate::view::{TABLE_NAME, TablesView};
use crate::watch::Watch;

/// The tables that the server keeps; or how to start a server.
#[component]
pub fn TablesPage() -> impl IntoView {
    let show = |watch: Watch| {
        let may_change = watch
            .session
            .with_untracked(|session| session.as_ref().is_some_and(|session| session.may("admin")));
        view! {
            <div class="model-page monitoring tables">
                <div class="toolbar">
                    <h1>{text::TABLES}</h1>
                    {who(watch)}
                </div>
                <TablesView watch may_change />
            </div>
        }
        .into_any()
    };
    let watch = || Watch::new(false);
    served(
        text::TABLES,
        text::TABLES_NEED_SERVER,
        TABLE_NAME,
        watch,
        show,
    )
}
