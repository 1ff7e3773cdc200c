//! How good the model is for each group of customers.

use churn_core::cuts::Cuts;
use churn_core::math::by_size;
use leptos::prelude::*;

use super::chart::{Actions, Drawing, table_markup};
use super::folded_table::FoldedTable;
use crate::evaluation;
use crate::reactive::{Memo, RwSignal};
use crate::state::State;
use crate::{number, text};

/// The rows of one level, or range of numbers, of a feature.
#[derive(Clone, PartialEq)]
struct Slice {
    label: String,
    cuts: Cuts,
}

/// Chosen in the place of a feature: the groups of all, the worst first.
const WORST: usize = usize::MAX;
/// Groups that are shown then.
const MOST: usize = 12;

/// Figures at the cut by the levels of a chosen feature.
#[component]
pub fn Slices() -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let chosen = RwSignal::new(explorer.columns.first().copied().unwrap_or(0));
    let slices = Memo::new(move |_| match chosen.get() {
        WORST => all_slices(state),
        feature => slices(state, feature),
    });
    let rows = move |row: fn(&Slice, f64) -> Vec<String>| -> Vec<Vec<String>> {
        let cut = state.threshold.get();
        let worst = chosen.get() == WORST;
        slices.with(|slices| match worst {
            true => worst_first(slices, cut)
                .into_iter()
                .map(|at| row(&slices[at], cut))
                .collect(),
            false => slices.iter().map(|slice| row(slice, cut)).collect(),
        })
    };
    let markup = Signal::derive(move || table_markup(&text::SLICE_HEADS, &rows(row)));
    let draw = Callback::new(move |()| Drawing {
        name: "groups".into(),
        question: text::SLICES.into(),
        help: text::figures_caption(state.threshold.get(), state.evaluation().basis),
        heads: text::SLICE_HEADS.map(str::to_owned).into(),
        rows: rows(exact_row),
        ..Drawing::default()
    });
    let choices = explorer
        .columns
        .iter()
        .map(|&feature| {
            let name = explorer.label(feature).to_owned();
            view! { <option value=feature.to_string()>{name}</option> }
        })
        .collect_view();
    view! {
        <FoldedTable name="slices" title=text::SLICES help=text::SLICES_HELP markup>
            <label class="slice-choice">
                <span>{text::FEATURE}</span>
                <select on:change:target=move |event| {
                    if let Ok(feature) = event.target().value().parse() {
                        chosen.set(feature);
                    }
                }>{choices} <option value=WORST.to_string()>{text::WORST_GROUPS}</option></select>
            </label>
            <Actions question=text::SLICES is_drawn=false draw />
        </FoldedTable>
    }
}

fn slices(state: State, feature: usize) -> Vec<Slice> {
    let explorer = state.explorer();
    let background = &explorer.predictor.artefact().background.features[feature];
    let mut groups = vec![(Vec::new(), Vec::new()); background.frequencies.len()];
    for &row in &state.evaluation().rows {
        let code = background.code(explorer.data.value(row, feature));
        if let Some((risks, left)) = groups.get_mut(usize::from(code)) {
            risks.push(explorer.probabilities[row]);
            left.push(explorer.data.label(row) == Some(true));
        }
    }
    let slice = |(code, (risks, left)): (usize, (Vec<f64>, Vec<bool>))| Slice {
        label: explorer.code_text(feature, code),
        cuts: Cuts::new(&risks, &left),
    };
    groups.into_iter().enumerate().map(slice).collect()
}

/// The groups of every feature, with the feature's name.
fn all_slices(state: State) -> Vec<Slice> {
    let explorer = state.explorer();
    let mut all = Vec::new();
    for &feature in &explorer.columns {
        for slice in slices(state, feature) {
            let label = text::level_condition(explorer.label(feature), &[slice.label], false);
            all.push(Slice { label, ..slice });
        }
    }
    all
}

/// Places of the groups with the most wrong decisions at a cut, of those that
/// are large enough.
fn worst_first(slices: &[Slice], cut: f64) -> Vec<usize> {
    let wrong = |slice: &Slice| 1.0 - slice.cuts.confusion(cut).accuracy();
    let wrong: Vec<f64> = slices.iter().map(wrong).collect();
    let mut order = by_size(&wrong);
    order.retain(|&at| evaluation::is_enough(&slices[at].cuts));
    order.truncate(MOST);
    order
}

/// The shares of a slice at a cut; of few rows none is stated.
fn shares(cuts: &Cuts, cut: f64) -> Option<[Option<f64>; 6]> {
    let rates = cuts.rates(cuts.at(cut));
    let rows = cuts.rows() as f64;
    evaluation::is_enough(cuts).then(|| {
        [
            Some(cuts.leavers() as f64 / rows),
            Some(cuts.scores().iter().sum::<f64>() / rows),
            Some(rates.flagged),
            rates.right,
            Some(rates.found),
            Some(cuts.confusion(cut).accuracy()),
        ]
    })
}

/// A slice at a cut, to be read.
fn row(Slice { label, cuts }: &Slice, cut: f64) -> Vec<String> {
    let mut row = vec![label.clone(), text::rows(cuts.rows())];
    match shares(cuts, cut) {
        Some(shares) => {
            let percent = |share: Option<f64>| share.map_or(text::NO_RATE.into(), number::percent);
            row.extend(shares.map(percent));
        }
        None => row.push(text::TOO_FEW.into()),
    }
    row.resize(text::SLICE_HEADS.len(), String::new());
    row
}

/// The same in full precision; what is not stated is empty.
fn exact_row(Slice { label, cuts }: &Slice, cut: f64) -> Vec<String> {
    let mut row = vec![label.clone(), cuts.rows().to_string()];
    let exact = |share: Option<f64>| share.map(|share| share.to_string()).unwrap_or_default();
    row.extend(shares(cuts, cut).into_iter().flatten().map(exact));
    row.resize(text::SLICE_HEADS.len(), String::new());
    row
}
