//! What the model goes by: how far each feature moves the estimates, on average.

use churn_core::Method;
use churn_core::math::by_size;
use leptos::prelude::*;

use super::chart::{Actions, Drawing};
use super::handler::handler;
use super::importance_drawing::drawing;
use super::wide_table::wide_table;
use crate::evaluation::{Basis, Evaluation};
use crate::explorer::Explorer;
use crate::markup::escaped;
use crate::reactive::RwSignal;
use crate::state::State;
use crate::{number, text};

/// Most cohorts side by side.
const MOST: usize = 5;

/// One column of sizes.
pub struct Column {
    /// Whose they are.
    pub head: String,
    /// How many customers they are averaged over.
    pub customers: usize,
    /// Mean size, per feature.
    pub sizes: Vec<f64>,
}

impl Column {
    /// The size that has the longest bar.
    pub fn most(&self) -> f64 {
        self.sizes.iter().copied().fold(f64::MIN_POSITIVE, f64::max)
    }
}

/// Mean sizes of both explanations over the cohort, or one of them by cohort.
#[component]
pub fn Importance() -> impl IntoView {
    let state = expect_context::<State>();
    let by_cohort = RwSignal::new(false);
    let by_log_odds = RwSignal::new(false);
    let columns = move || match by_cohort.get() {
        true => by_cohorts(state, by_log_odds.get()),
        false => of_cohort(state),
    };
    let markup = Signal::derive(move || table(&state.explorer(), &columns()));
    let help = Signal::derive(move || {
        String::from(match by_cohort.get() {
            true => text::IMPORTANCE_BY_COHORT,
            false => text::IMPORTANCE_HELP,
        })
    });
    let draw = Callback::new(move |()| Drawing {
        help: help.get(),
        ..drawing(&state.explorer(), &columns())
    });
    let one_method = Signal::derive(move || !by_cohort.get());
    view! {
        <section aria-labelledby="importance-title" id="importance">
            <h2 id="importance-title">{text::IMPORTANCE}</h2>
            <p class="muted">{help}</p>
            <p class="switches">
                <Check label=text::BY_COHORT on=by_cohort />
                <span hidden=one_method><Check label=text::IN_LOG_ODDS on=by_log_odds /></span>
            </p>
            <div class="importance">
                {wide_table(None, text::IMPORTANCE, markup)}
                <Actions question=text::IMPORTANCE is_drawn=true draw />
            </div>
        </section>
    }
}

/// A box to tick.
#[component]
pub fn Check(label: &'static str, on: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=on.signal()
                on:change=handler(move |_| on.update(|on| *on = !*on))
            />
            <span>{label}</span>
        </label>
    }
}

/// Both explanations over the current cohort.
fn of_cohort(state: State) -> Vec<Column> {
    let explorer = state.explorer();
    let rows = honest(&state.evaluation(), &state.cohort_rows.get());
    [
        (Method::Exact, text::MEAN_LIME),
        (Method::Contributions, text::MEAN_LOG_ODDS),
    ]
    .map(|(method, head)| column(&explorer, method, head.into(), &rows))
    .into()
}

/// One explanation over the current cohort, everyone, the cohorts that are kept,
/// and the current cohort by outcome.
fn by_cohorts(state: State, log_odds: bool) -> Vec<Column> {
    let explorer = state.explorer();
    let method = if log_odds {
        Method::Contributions
    } else {
        Method::Exact
    };
    let current = state.cohorts.current.get();
    let all: Vec<u32> = (0..).take(explorer.rows()).collect();
    let cohort = state.cohort_rows.get();
    let mut groups = Vec::new();
    if let Some(current) = &current {
        groups.push((current.name.clone(), cohort.to_vec()));
    }
    groups.push((text::ALL_CUSTOMERS.to_owned(), all));
    for kept in state.cohorts.kept().get() {
        if Some(&kept) != current.as_ref()
            && let Some(rows) = state.rows_of_cohort(&kept)
        {
            groups.push((kept.name, rows));
        }
    }
    groups.truncate(MOST - 2);
    for left in [true, false] {
        let mut rows = cohort.to_vec();
        rows.retain(|&row| explorer.data.label(row as usize) == Some(left));
        groups.push((text::of_outcome(left).to_owned(), rows));
    }
    let shown = groups.into_iter().map(|(head, rows)| {
        let evaluation = Evaluation::of(&rows, &explorer, state.all_rows.get());
        let rows = honest(&evaluation, &rows);
        column(&explorer, method, head, &rows)
    });
    shown.collect()
}

/// The rows of a cohort that figures are honest on; where nobody's outcome is
/// known, all.
fn honest(evaluation: &Evaluation, cohort: &[u32]) -> Vec<usize> {
    match evaluation.basis {
        Basis::NoOutcomes => cohort.iter().map(|&row| row as usize).collect(),
        _ => evaluation.rows.clone(),
    }
}

fn column(explorer: &Explorer, method: Method, head: String, rows: &[usize]) -> Column {
    Column {
        head,
        customers: rows.len(),
        sizes: explorer.mean_sizes(method, rows),
    }
}

/// The inside of a table: a feature per row, the largest of the first column
/// first, sizes as numbers and bars.
fn table(explorer: &Explorer, columns: &[Column]) -> String {
    let mut out = format!("<tr><th scope=\"col\">{}</th>", text::FEATURE);
    for column in columns {
        out += &format!(
            "<th scope=\"col\">{}<span class=\"muted\">{}</span></th>",
            escaped(&column.head),
            text::customers(column.customers)
        );
    }
    out += "</tr>";
    let order = columns.first().map(|first| by_size(&first.sizes));
    for feature in order.unwrap_or_default() {
        out += &format!(
            "<tr><th scope=\"row\">{}</th>",
            escaped(explorer.label(feature))
        );
        for column in columns {
            let size = column.sizes[feature];
            let width = number::decimal(100.0 * size / column.most(), 1);
            let shown = match column.customers {
                0 => text::NO_RATE.to_owned(),
                _ => text::three_decimals(size),
            };
            out += &format!(
                "<td><svg class=\"size\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" \
                 aria-hidden=\"true\"><rect width=\"{width}\" height=\"8\"/></svg>{shown}</td>"
            );
        }
        out += "</tr>";
    }
    out
}
