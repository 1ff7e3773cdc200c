//! The classification report: precision, recall and F1 of both outcomes.

use churn_core::metrics::{self, ClassScores};
use leptos::prelude::*;

use super::chart::{Actions, Drawing, table_markup};
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
    let draw = Callback::new(move |()| {
        let evaluation = state.evaluation();
        let cuts = evaluation.cuts.as_ref();
        let cut = state.threshold.get();
        let report = cuts.map(|cuts| cuts.confusion(cut).report());
        Drawing {
            name: "classification-report".into(),
            question: text::REPORT.into(),
            help: text::figures_caption(cut, evaluation.basis),
            heads: text::REPORT_HEADS.map(str::to_owned).into(),
            rows: report.map_or_else(Vec::new, exact_rows),
            ..Drawing::default()
        }
    });
    view! {
        <section class="chart report">
            <h3>{text::REPORT}</h3>
            <p class="muted">{text::REPORT_HELP}</p>
            {wide_table(None, text::REPORT, markup)}
            <Actions question=text::REPORT is_drawn=false draw />
        </section>
    }
}

/// A row per outcome, and their averages, to be read.
pub fn rows(report: metrics::Report) -> Vec<Vec<String>> {
    written(&report, text::two_decimals, text::rows)
}

/// The same in full precision.
fn exact_rows(report: metrics::Report) -> Vec<Vec<String>> {
    written(
        &report,
        |figure| figure.to_string(),
        |rows| rows.to_string(),
    )
}

fn written(
    report: &metrics::Report,
    figure: fn(f64) -> String,
    count: fn(u64) -> String,
) -> Vec<Vec<String>> {
    let of = |name: &str, scores: &ClassScores| {
        let mut row = vec![name.to_owned()];
        row.extend([scores.precision, scores.recall, scores.f1].map(figure));
        row.push(count(scores.support));
        row
    };
    vec![
        of(text::LEFT, &report.positive),
        of(text::STAYED, &report.negative),
        of(text::PLAIN_MEAN, &report.macro_average),
        of(text::WEIGHTED_MEAN, &report.weighted_average),
    ]
}
