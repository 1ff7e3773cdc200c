//! The decisions at the cut against what came of them.

use churn_core::interval::Interval;
use churn_core::metrics::Confusion;
use leptos::prelude::*;

use crate::evaluation::Basis;
use crate::filter::{Field, Filter, Range, Test};
use crate::reactive::Memo;
use crate::state::State;
use crate::text;

/// A count of the matrix.
type Count = fn(&Confusion) -> u64;

/// The confusion matrix with its rates.
#[component]
pub fn Matrix() -> impl IntoView {
    let state = expect_context::<State>();
    let counts = Memo::new(move |_| {
        let evaluation = state.evaluation();
        let cuts = evaluation.cuts.as_ref();
        let cut = state.threshold.get();
        cuts.map_or_else(Confusion::default, |cuts| cuts.confusion(cut))
    });
    let cell = move |class: &'static str, name: &'static str, who: (bool, bool), of: Count| {
        let address = Signal::derive(move || state.address_of(&customers(state, who)));
        let count = Signal::derive(move || text::rows(of(&counts.get())));
        let share = Signal::derive(move || {
            let counts = counts.get();
            text::share(of(&counts), counts.rows())
        });
        view! {
            <td class=class>
                <a href=address title=name>{count}</a>
                <span class="muted">{share}</span>
            </td>
        }
    };
    let rate = move |class: &'static str, name: &'static str, hits: Count, of: Count| {
        let shown = Signal::derive(move || {
            let counts = counts.get();
            let (hits, rows) = (hits(&counts), of(&counts));
            if rows == 0 {
                return text::NO_RATE.into();
            }
            let interval = Interval::of_share(hits, rows);
            text::rate(hits as f64 / rows as f64, interval)
        });
        view! {
            <div class=class>
                <dt>{name}</dt>
                <dd>{shown}</dd>
            </div>
        }
    };
    let caption = Signal::derive(move || {
        text::matrix_caption(state.threshold.get(), state.evaluation().basis)
    });
    view! {
        <section class="chart matrix">
            <h3>{text::MATRIX}</h3>
            <p class="muted">{caption}</p>
            <table>
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">{text::FLAGGED}</th>
                        <th scope="col">{text::NOT_FLAGGED}</th>
                    </tr>
                </thead>
                <tbody>
                    <tr>
                        <th scope="row">{text::outcome(Some(true))}</th>
                        {cell("tp", text::TRUE_POSITIVES, (true, true), |counts| counts.true_positives)}
                        {cell("fn", text::FALSE_NEGATIVES, (true, false), |counts| counts.false_negatives)}
                    </tr>
                    <tr>
                        <th scope="row">{text::STAYED}</th>
                        {cell("fp", text::FALSE_POSITIVES, (false, true), |counts| counts.false_positives)}
                        {cell("tn", text::TRUE_NEGATIVES, (false, false), |counts| counts.true_negatives)}
                    </tr>
                </tbody>
            </table>
            <dl class="rates">
                {rate("precision", text::PRECISION, |c| c.true_positives, |c| {
                    c.true_positives + c.false_positives
                })}
                {rate("recall", text::RECALL, |c| c.true_positives, |c| {
                    c.true_positives + c.false_negatives
                })}
                {rate("alarms", text::ALARMS, |c| c.false_positives, |c| {
                    c.false_positives + c.true_negatives
                })}
            </dl>
        </section>
    }
}

/// The customers of a cell: whether they left, and whether they are flagged.
fn customers(state: State, (left, flagged): (bool, bool)) -> Filter {
    let cut = state.threshold.get();
    let risk = if flagged {
        Range::AtLeast(cut)
    } else {
        Range::Below(cut)
    };
    let mut tests = vec![Test::Within(Field::Risk, risk), Test::left(left)];
    if state.evaluation().basis == Basis::HeldOut {
        tests.push(Test::held_out());
    }
    Filter {
        conditions: tests.into_iter().map(Into::into).collect(),
    }
}
