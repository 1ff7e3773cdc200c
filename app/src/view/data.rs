//! The parts of the data's page.
//!
//! * `facts`: what there is, and what could not be read.
//! * `level_chart`, `number_chart`: one column by outcome. `pair_chart`: two of
//!   them. `association_chart`: all of them.
//! * `acts`: what a click or a key does.

mod acts;
mod association_chart;
mod facts;
mod level_chart;
mod number_chart;
mod pair_chart;

use leptos::prelude::*;

pub use acts::{on_click, on_key, show_asked};
pub use facts::Facts;

use super::chart::Drawing;
use super::handler::handler;
use crate::exploration::Exploration;
use crate::filter::Filter;
use crate::reactive::{Memo, RwSignal};
use crate::state::State;
use crate::view::Fold;
use crate::{page, text};

/// Id of the pair plot.
pub const PAIR: &str = "pair";
/// Id of the association matrix.
pub const ASSOCIATIONS: &str = "associations";
/// Starts the id of a feature's chart.
pub const FEATURE: &str = "feature-";

/// The columns of the cohort, gathered once for all parts of the page.
pub type Explored = Memo<Exploration>;

/// Gathers them.
pub fn explored(state: State) -> Explored {
    let explore =
        move |_: Option<&Exploration>| Exploration::new(state.explorer(), &state.cohort_rows.get());
    Memo::new_with_compare(explore, |_, _| true)
}

/// The chart of a feature.
fn feature_chart(
    exploration: &Exploration,
    feature: usize,
    highest: f64,
    asked: &Filter,
) -> Drawing {
    match exploration.explorer.feature(feature).is_numeric() {
        true => number_chart::draw(exploration, feature, asked),
        false => level_chart::draw(exploration, feature, highest, asked),
    }
}

/// A chart by its id.
pub fn chart(state: State, id: &str) -> Option<Drawing> {
    let rows = state.cohort_rows.get_untracked();
    let exploration = Exploration::new(state.explorer(), &rows);
    let asked = state.filter.get_untracked();
    match id {
        PAIR => {
            let (x, y) = state.pair.get_untracked();
            Some(pair_chart::draw(&exploration, x, y, &asked))
        }
        ASSOCIATIONS => Some(association_chart::draw(&exploration)),
        _ => {
            let feature = id.strip_prefix(FEATURE)?.parse().ok()?;
            let known = feature < exploration.strengths.len();
            let highest = exploration.highest_rate();
            known.then(|| feature_chart(&exploration, feature, highest, &asked))
        }
    }
}

/// A chart for every column, those that go most with leaving first.
#[component]
pub fn FeatureCharts(explored: Explored) -> impl IntoView {
    let state = expect_context::<State>();
    let markup = Signal::derive(move || {
        explored.with(|exploration| {
            let highest = exploration.highest_rate();
            // What is asked for is marked in place, see `show_asked`.
            let asked = state.filter.get_untracked();
            let mut out = String::new();
            for &feature in &exploration.order {
                out += &feature_chart(exploration, feature, highest, &asked).figure();
            }
            out
        })
    });
    let (title, help) = match state.explorer().has_outcomes() {
        true => (text::WHO_LEFT, text::WHO_LEFT_HELP),
        false => (text::SPREAD, text::SPREAD_HELP),
    };
    view! {
        <section aria-labelledby="columns-title">
            <h2 id="columns-title">{title}</h2>
            <p class="muted">{help}</p>
            <div class="charts" inner_html=markup></div>
        </section>
    }
}

/// Two columns against each other, folded away until it is asked for.
#[component]
pub fn PairPlot() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <Fold label=text::PAIR question=text::PAIR_QUESTION open=state.pair_open>
            <div class="pair-choice">
                <ColumnChoice label=text::ACROSS of=|pair| &mut pair.0 />
                <ColumnChoice label=text::UPWARDS of=|pair| &mut pair.1 />
            </div>
            <Drawn id=PAIR />
        </Fold>
    }
}

/// One side of the pair plot.
#[component]
fn ColumnChoice(label: &'static str, of: fn(&mut (usize, usize)) -> &mut usize) -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let mut options = String::new();
    for &feature in &explorer.columns {
        options += &text::option(feature, explorer.label(feature));
    }
    let chosen = Signal::derive(move || of(&mut state.pair.get()).to_string());
    view! {
        <label>
            <span>{label}</span>
            <select
                inner_html=options
                prop:value=chosen
                on:change:target=move |event| {
                    if let Ok(feature) = event.target().value().parse() {
                        state.pair.update(|pair| *of(pair) = feature);
                        state.write_address();
                    }
                }
            ></select>
        </label>
    }
}

/// All columns against each other, folded away until it is asked for.
#[component]
pub fn Associations() -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <Fold label=text::ASSOCIATIONS question=text::ASSOCIATIONS_QUESTION open>
            <Drawn id=ASSOCIATIONS />
        </Fold>
    }
}

/// A chart that follows the cohort and the chosen pair.
#[component]
fn Drawn(id: &'static str) -> impl IntoView {
    let state = expect_context::<State>();
    let markup = Signal::derive(move || {
        state.cohort_rows.track();
        state.pair.track();
        chart(state, id).map_or_else(String::new, |drawing| drawing.figure())
    });
    view! { <div class="drawn" inner_html=markup></div> }
}

/// How many customers the filter asks for, and what can be done with them.
#[component]
pub fn Selection() -> impl IntoView {
    let state = expect_context::<State>();
    let number = Memo::new(move |_| {
        let rows = state.rows_asked();
        rows.len()
    });
    let unfiltered = Signal::derive(move || state.filter.with(|filter| filter.is_empty()));
    let said = Signal::derive(move || {
        let all = state.cohort_rows.with(|rows| rows.len());
        text::of_all(number.get(), all)
    });
    let address = Signal::derive(move || state.address_of(&state.filter.get()));
    let show = Signal::derive(move || text::show_customers(number.get()));
    let alone = move |_| {
        state.look_at_asked();
        page::focus_soon(".search".into());
    };
    view! {
        <output class="counts"><span class="count">{said}</span></output>
        <span class="selection" hidden=unfiltered>
            <a class="button" href=address>{show}</a>
            <button class="button quiet" title=text::ALONE_HELP on:click=handler(alone)>{text::ALONE}</button>
        </span>
    }
}
