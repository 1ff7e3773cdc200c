//! The decisions at the cut against what came of them.

use churn_core::interval::Interval;
use churn_core::metrics::Confusion;
use leptos::prelude::*;

use super::chart::{Actions, Drawing, WIDTH, push_text, short};
use crate::evaluation::Basis;
use crate::filter::{Field, Filter, Range, Test};
use crate::reactive::Memo;
use crate::state::State;
use crate::{number, text};

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
    let rate = move |(class, name, hits, of): (&'static str, &'static str, Count, Count)| {
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
        text::figures_caption(state.threshold.get(), state.evaluation().basis)
    });
    let draw = Callback::new(move |()| Drawing {
        help: caption.get(),
        ..drawing(&counts.get())
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
                {RATES.map(rate).collect_view()}
            </dl>
            <Actions question=text::MATRIX is_drawn=true draw />
        </section>
    }
}

/// The rates: what they are called, what is counted, of whom.
const RATES: [(&str, &str, Count, Count); 3] = [
    (
        "precision",
        text::PRECISION,
        |c| c.true_positives,
        |c| c.true_positives + c.false_positives,
    ),
    (
        "recall",
        text::RECALL,
        |c| c.true_positives,
        |c| c.true_positives + c.false_negatives,
    ),
    (
        "alarms",
        text::ALARMS,
        |c| c.false_positives,
        |c| c.false_positives + c.true_negatives,
    ),
];

/// The matrix as a drawing, its counts, and its rates.
fn drawing(counts: &Confusion) -> Drawing {
    /// Where the cells begin, and their size.
    const CORNER: (f64, f64) = (72.0, 24.0);
    const CELL: (f64, f64) = ((WIDTH - CORNER.0) / 2.0, 64.0);
    let heads = [text::FLAGGED, text::NOT_FLAGGED];
    let cells = [
        (text::LEFT, [counts.true_positives, counts.false_negatives]),
        (
            text::STAYED,
            [counts.false_positives, counts.true_negatives],
        ),
    ];
    let mut out = String::new();
    let x = |column: usize| CORNER.0 + CELL.0 * column as f64;
    for (column, head) in heads.into_iter().enumerate() {
        push_text(&mut out, "tick", "start", (x(column) + 8.0, 16.0), head);
    }
    for (row, (outcome, numbers)) in cells.into_iter().enumerate() {
        let y = CORNER.1 + CELL.1 * row as f64;
        push_text(&mut out, "tick", "start", (0.0, y + 36.0), outcome);
        for (column, number) in numbers.into_iter().enumerate() {
            // Shaded by its share; the most leaves the number legible.
            let share = number as f64 / counts.rows().max(1) as f64;
            out += &format!(
                "<rect class=\"cell\" fill-opacity=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" \
                 height=\"{}\"/>",
                number::decimal(0.3 * share, 3),
                short(x(column)),
                short(y),
                short(CELL.0),
                short(CELL.1)
            );
            let at = x(column) + 8.0;
            push_text(
                &mut out,
                "full",
                "start",
                (at, y + 28.0),
                &text::rows(number),
            );
            let share = text::share(number, counts.rows());
            push_text(&mut out, "full", "start", (at, y + 48.0), &share);
        }
    }
    let row = |(outcome, [flagged, not]): (&str, [u64; 2])| {
        vec![outcome.to_owned(), flagged.to_string(), not.to_string()]
    };
    let rate = |(_, name, hits, of): (_, &str, Count, Count)| {
        let (hits, rows) = (hits(counts), of(counts));
        let interval = Interval::of_share(hits, rows);
        let mut row = vec![name.to_owned()];
        if rows > 0 {
            let share = hits as f64 / rows as f64;
            row.extend([share, interval.low, interval.high].map(|x| x.to_string()));
        }
        row.resize(4, String::new());
        row
    };
    Drawing {
        name: "confusion-matrix".into(),
        question: text::MATRIX.into(),
        height: CORNER.1 + 2.0 * CELL.1 + 1.0,
        inside: out,
        heads: ["", text::FLAGGED, text::NOT_FLAGGED]
            .map(str::to_owned)
            .into(),
        rows: cells.map(row).into(),
        more: Some((
            text::RATE_HEADS.map(str::to_owned).into(),
            RATES.map(rate).into(),
        )),
        ..Drawing::default()
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
