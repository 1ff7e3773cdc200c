//! The customers page: whom to contact?

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use crate::view::{AudienceSwitch, Chips, QueryBox, Table, TableTools};

/// Who is listed, how many, and the table.
#[component]
pub fn CustomersPage() -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let threshold = explorer.threshold();
    let imputed = explorer.imputed_rows();
    let listed = Signal::derive(move || {
        let all = state.cohort_rows.with(|rows| rows.len());
        text::of_all(state.listed.with(|rows| rows.len()), all)
    });
    let at_risk = Signal::derive(move || {
        let explorer = state.explorer();
        state.listed.with(|rows| {
            let risks = rows.iter().map(|&row| explorer.probabilities[row as usize]);
            text::at_risk(risks.filter(|&risk| risk >= threshold).count(), threshold)
        })
    });
    view! {
        <div class="toolbar">
            {explorer.has_outcomes().then(|| view! { <AudienceSwitch /> })}
            <p class="counts">
                <output class="count">{listed}</output>
                <span class="muted">{at_risk}</span>
            </p>
        </div>
        <div class="toolbar">
            <QueryBox />
            <Chips />
            <TableTools />
            {(imputed > 0).then(|| view! {
                <span class="muted imputed-legend">{text::imputed_legend(imputed)}</span>
            })}
        </div>
        <Table />
    }
}
