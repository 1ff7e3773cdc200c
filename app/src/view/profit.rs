//! What an offer earns at every cut, by the user's own figures.

use churn_core::bootstrap::{GRID, grid_cut};
use churn_core::profit::Best;
use leptos::prelude::*;

use super::chart::{Axis, Chart, Mark, Numbers, Plot, Point, Unit};
use super::following_field::FollowingField;
use super::handler::handler;
use crate::money::Money;
use crate::reactive::{Memo, RwSignal};
use crate::rule::Rule;
use crate::state::State;
use crate::text;

/// What is known of an offer.
type Figure = fn(&mut Money) -> &mut Option<f64>;

/// The figures of an offer, the profit curve with its band, and the best cut.
/// `drawn` says that the resamples are there.
#[component]
pub fn Profit(drawn: RwSignal<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let offer = Memo::new(move |_| state.money.get().offer());
    let best = Memo::new(move |_| {
        let evaluation = state.evaluation();
        offer.get()?.best(evaluation.cuts.as_ref()?)
    });
    let plot = Memo::new(move |_| plot(state, drawn.get(), best.get()).unwrap_or_default());
    let at_cut = move || {
        let evaluation = state.evaluation();
        let cuts = evaluation.cuts.as_ref()?;
        let point = cuts.at(state.threshold.get());
        let (left, stayed) = (point.true_positives as f64, point.false_positives as f64);
        Some((
            point.threshold,
            offer.get()?.profit(left, stayed, cuts.rows()),
        ))
    };
    let dot = Signal::derive(at_cut);
    let readout = Signal::derive(move || {
        at_cut().map_or_else(String::new, |(cut, profit)| {
            text::profit_readout(cut, profit)
        })
    });
    let numbers = Callback::new(move |()| Numbers {
        heads: vec![text::CUT, text::PROFIT_AXIS],
        rows: curve(state)
            .into_iter()
            .map(|(cut, profit)| vec![cut, profit])
            .collect(),
    });
    let advice = Signal::derive(move || {
        let (Some(offer), Some(best)) = (offer.get(), best.get()) else {
            return match offer.get() {
                Some(_) => text::NO_PROFIT.into(),
                None => text::ENTER_FIGURES.to_owned(),
            };
        };
        let evaluation = state.evaluation();
        let resamples = drawn.get().then(|| evaluation.bootstrap()).flatten();
        let plausible = resamples.map(|resamples| offer.best_cuts(resamples));
        text::best_cut(best.threshold, best.profit, plausible)
    });
    let no_best = Signal::derive(move || best.with(Option::is_none));
    let unknown = Signal::derive(move || offer.with(Option::is_none));
    let use_best = move |_| {
        let rule = best
            .get_untracked()
            .and_then(|best| Rule::risk(best.threshold));
        if let Some(rule) = rule {
            state.rule.set(rule);
            state.write_address();
        }
    };
    view! {
            <fieldset class="money">
                <legend>{text::MONEY}</legend>
                <MoneyField label=text::COST of=|money| &mut money.cost read=Money::amount />
                <MoneyField label=text::VALUE_SAVED of=|money| &mut money.value read=Money::amount />
                <MoneyField label=text::SAVED of=|money| &mut money.saved read=Money::percent />
                <p class="muted">{text::MONEY_HELP}</p>
                <p class="advice" role="status">{advice}</p>
                <button class="button" hidden=no_best on:click=handler(use_best)>{text::USE_CUT}</button>
            </fieldset>
            <div class="profit" hidden=unknown>
                <Chart caption=text::PROFIT plot=plot.into() dot readout numbers />
            </div>
    }
}

/// One figure of the offer; empty as long as it is not known.
#[component]
fn MoneyField(label: &'static str, of: Figure, read: fn(f64) -> Option<f64>) -> impl IntoView {
    let state = expect_context::<State>();
    let shown = Signal::derive(move || {
        let figure = *of(&mut state.money.get());
        figure.map_or_else(String::new, |figure| figure.to_string())
    });
    let take = Callback::new(move |typed: Option<f64>| {
        let figure = typed.and_then(read);
        if typed.is_none() || figure.is_some() {
            state.money.update(|money| *of(money) = figure);
        }
        figure.is_some()
    });
    view! {
        <label>
            <span>{label}</span>
            <FollowingField label shown take />
        </label>
    }
}

/// Cut and profit at every distinct risk, from the highest down.
fn curve(state: State) -> Vec<Point> {
    let evaluation = state.evaluation();
    let cuts = evaluation.cuts.as_ref();
    let Some((cuts, offer)) = cuts.zip(state.money.get().offer()) else {
        return Vec::new();
    };
    let risks = cuts.points().iter().map(|point| point.threshold);
    risks.zip(offer.curve(cuts)).collect()
}

fn plot(state: State, drawn: bool, best: Option<Best>) -> Option<Plot> {
    let mut points = curve(state);
    let offer = state.money.get().offer()?;
    // Above the highest risk nobody gets an offer.
    points.insert(0, (1.0, 0.0));
    let evaluation = state.evaluation();
    let resamples = drawn.then(|| evaluation.bootstrap()).flatten();
    let band: Vec<(f64, f64, f64)> = resamples.map_or_else(Vec::new, |resamples| {
        let band = offer.band(resamples);
        (0..GRID)
            .map(grid_cut)
            .zip(band)
            .map(|(cut, band)| (cut, band.low, band.high))
            .collect()
    });
    let ends = band.iter().flat_map(|&(_, low, high)| [low, high]);
    let all = points.iter().map(|point| point.1).chain(ends);
    let (low, high) = all.fold((0.0, 0.0), |(low, high): (f64, f64), profit| {
        (low.min(profit), high.max(profit))
    });
    let mut marks = vec![
        Mark::Band(band),
        Mark::Dashed(vec![(0.0, 0.0), (1.0, 0.0)]),
        Mark::Line(points),
    ];
    if let Some(best) = best {
        let label = (best.threshold + 0.01, low + 0.03 * (high - low));
        marks.push(Mark::Upright(best.threshold));
        marks.push(Mark::Label(label, text::best_label(best.threshold)));
    }
    Some(Plot {
        x: Axis::percent(text::CUT),
        y: Axis::over(text::PROFIT_AXIS, Unit::Number, low, high),
        marks,
    })
}
