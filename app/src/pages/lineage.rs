//! The lineage page: from files to predictions.

use leptos::prelude::*;

use super::served::{served, who};
use crate::text;
use crate::view::{LINEAGE_DRAWING, LineageView};
use crate::watch::Watch;

/// What came from what on the server; or how to start a server.
#[component]
pub fn LineagePage() -> impl IntoView {
    let show = |watch: Watch| {
        view! {
            <div class="model-page monitoring lineage">
                <div class="toolbar">
                    <h1>{text::LINEAGE}</h1>
                    {who(watch)}
                </div>
                <LineageView watch />
            </div>
        }
        .into_any()
    };
    let watch = || Watch::new(false);
    served(
        text::LINEAGE,
        text::LINEAGE_NEEDS_SERVER,
        LINEAGE_DRAWING,
        watch,
        show,
    )
}
