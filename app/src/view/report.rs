//! The classification report: precision, recall and F1 of both outcomes.

use churn_core::metrics::ClassScores;
use leptos::prelude::*;

use super::chart::table_markup;
use super::wide_table::wide_table;
use crate::state::State;
use crate::text;

/// The report at the cut.
#[component]
pub fn Report() -> impl IntoView {
    let state = expect_context::<State>();
    let markup = Signal::derive(move || {
        let evaluation = state.evaluation();
        let cuts = evaluation.cuts.as_ref();
        let cut = state.threshold.get();
        let rows = cuts.map_or_else(Vec::new, |cuts| rows(cuts.confusion(cut).report()));
        table_markup(&text::REPORT_HEADS, &rows)
    });
    view! {
        <section class="chart report">
            <h3>{text::REPORT}</h3>
            <p class="muted">{text::REPORT_HELP}</p>
            {wide_table(None, text::REPORT, markup)}
        </section>
    }
}

/// A row per outcome, and their averages.
pub fn rows(report: churn_core::metrics::Report) -> Vec<Vec<String>> {
    let of = |name: &str, scores: &ClassScores| {
        let mut row = vec![name.to_owned()];
        row.extend([scores.precision, scores.recall, scores.f1].map(text::two_decimals));
        row.push(text::rows(scores.support));
        row
    };
    vec![
        of(text::LEFT, &report.positive),
        of(text::STAYED, &report.negative),
        of(text::PLAIN_MEAN, &report.macro_average),
        of(text::WEIGHTED_MEAN, &report.weighted_average),
    ]
}
