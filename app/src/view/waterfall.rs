//! From the average customer to this one: log-odds that add up.

use churn_core::Explanation;
use churn_core::math::{by_size, sigmoid};
use leptos::prelude::*;

use super::chart::{Drawing, Drawn, WIDTH, push_text, shortened};
use super::count_field::CountField;
use crate::explorer::Explorer;
use crate::reactive::RwSignal;
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{number, text};

/// Features with a bar of their own at first; the others share one.
const SHOWN: usize = 10;

/// A bar of the waterfall.
struct Bar {
    label: String,
    from: f64,
    to: f64,
    figure: String,
}

/// Height of a bar and the space around it.
const PITCH: f64 = 24.0;
/// Where bars begin, and how far they go.
const BARS: (f64, f64) = (160.0, 156.0);
/// Characters of a label that there is room for.
const LETTERS: usize = 25;

/// Base, contributions and estimate, each bar beginning where the last ended.
#[component]
pub fn Waterfall() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let features = state.explorer().schema().features.len();
    let shown = RwSignal::new(SHOWN.min(features));
    let draw = Callback::new(move |()| {
        let explorer = state.explorer();
        let (cut, shown) = (state.threshold.get(), shown.get());
        what_if
            .log_odds
            .with(|log_odds| drawing(&bars(&explorer, log_odds, cut, shown)))
    });
    view! {
        <p class="sampled"><CountField label=text::BARS value=shown least=1 most=features /></p>
        <Drawn draw />
    }
}

/// The bars below each other, in log-odds.
fn drawing(bars: &[Bar]) -> Drawing {
    let ends = || bars.iter().flat_map(|bar| [bar.from, bar.to]);
    let low = ends().fold(f64::INFINITY, f64::min);
    let high = ends().fold(f64::NEG_INFINITY, f64::max);
    let scale = BARS.1 / (high - low).max(f64::MIN_POSITIVE);
    let mut out = String::new();
    for (place, bar) in bars.iter().enumerate() {
        let middle = PITCH * (place as f64 + 0.5);
        let base = middle + 4.0;
        let label = shortened(&bar.label, LETTERS);
        push_text(&mut out, "label", "start", (0.0, base), &label);
        let colour = match bar.to < bar.from {
            true => "lowers",
            false => "raises",
        };
        let (left, width) = (bar.from.min(bar.to), (bar.to - bar.from).abs());
        out += &format!(
            "<g class=\"step\" transform=\"translate({} {middle}) scale({scale} 1)\">\
             <rect class=\"{colour}\" x=\"{left}\" y=\"-8\" width=\"{width}\" height=\"16\"/>\
             <line x1=\"{to}\" x2=\"{to}\" y1=\"-12\" y2=\"12\"/></g>",
            BARS.0 - low * scale,
            to = bar.to,
        );
        push_text(&mut out, "label", "end", (WIDTH, base), &bar.figure);
    }
    let row = |bar: &Bar| {
        let [change, sum] = [bar.to - bar.from, bar.to].map(|x| number::decimal(x, 4));
        vec![bar.label.clone(), change, sum]
    };
    Drawing {
        id: text::WATERFALL_NAME.into(),
        name: text::WATERFALL_NAME.into(),
        question: text::WATERFALL_QUESTION.into(),
        help: text::waterfall_help(
            bars.first().map_or("", |bar| &bar.figure),
            bars.last().map_or("", |bar| &bar.figure),
        ),
        height: PITCH * bars.len() as f64,
        inside: out,
        heads: text::WATERFALL_HEADS.map(Into::into).into(),
        rows: bars.iter().map(row).collect(),
        more: None,
    }
}

fn bars(explorer: &Explorer, log_odds: &Explanation, cut: f64, shown: usize) -> Vec<Bar> {
    let end = |label: &str, at: f64| Bar {
        label: label.into(),
        from: at,
        to: at,
        figure: text::log_odds_as_risk(at, sigmoid(at), cut),
    };
    let mut at = log_odds.intercept;
    let mut bars = vec![end(text::BASE, at)];
    let mut add = |label: String, weight: f64| {
        bars.push(Bar {
            label,
            from: at,
            to: at + weight,
            figure: number::weight(weight),
        });
        at += weight;
    };
    let ranked = by_size(&log_odds.weights);
    let (shown, rest) = ranked.split_at(shown.min(ranked.len()));
    for &feature in shown {
        add(explorer.label(feature).into(), log_odds.weights[feature]);
    }
    if !rest.is_empty() {
        let weights = rest.iter().map(|&feature| log_odds.weights[feature]);
        add(text::others(rest.len()), weights.sum());
    }
    bars.push(end(text::ESTIMATE, log_odds.local_prediction));
    bars
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample;

    #[test]
    fn the_bars_lead_to_the_estimate() {
        let explorer = sample::explorer();
        let log_odds = explorer
            .predictor
            .explain_contributions(&explorer.original(5));
        let bars = bars(&explorer, &log_odds, 0.5, 1);
        assert_eq!(bars.len(), 4);
        for pair in bars.windows(2) {
            assert!((pair[0].to - pair[1].from).abs() < 1e-12);
        }
        let last = bars.last().unwrap();
        assert!((sigmoid(last.to) - explorer.probabilities[5]).abs() < 1e-12);
    }
}
