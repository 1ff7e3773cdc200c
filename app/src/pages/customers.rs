//! The customers page: whom to contact?

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use crate::view::{
    AudienceSwitch, CallSheetsButton, Chips, ExportButton, QueryBox, RuleBar, Table, TableTools,
};

/// Who is listed, how many, who of them is flagged, and the table.
#[component]
pub fn CustomersPage() -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let imputed = explorer.imputed_rows();
    let listed = Signal::derive(move || {
        let all = state.cohort_rows.with(|rows| rows.len());
        text::of_all(state.listed.with(|rows| rows.len()), all)
    });
    view! {
        <h1 class="spoken">{text::WHOM_TO_CONTACT}</h1>
        <div class="toolbar">
            {explorer.has_outcomes().then(|| view! { <AudienceSwitch /> })}
            <p class="counts">
                <output class="count">{listed}</output>
            </p>
            <Chips />
            <CallSheetsButton />
            <ExportButton />
        </div>
        <RuleBar />
        <div class="toolbar">
            <QueryBox />
            <TableTools />
            {(imputed > 0).then(|| view! {
                <span class="muted imputed-legend">{text::imputed_legend(imputed)}</span>
            })}
        </div>
        <Table />
    }
}
