//! From the average customer to this one: log-odds that add up.

use churn_core::Explanation;
use churn_core::math::{by_size, sigmoid};
use leptos::prelude::*;

use crate::explorer::Explorer;
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{number, text};

/// Features with a bar of their own; the others share one.
const SHOWN: usize = 10;

/// A bar of the waterfall.
struct Bar {
    label: String,
    from: f64,
    to: f64,
    figure: String,
}

/// Base, contributions and estimate, each bar beginning where the last ended.
#[component]
pub fn Waterfall() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let bars = move || {
        let explorer = state.explorer();
        let bars = what_if
            .log_odds
            .with(|log_odds| bars(&explorer, log_odds, state.threshold.get()));
        let ends = || bars.iter().flat_map(|bar| [bar.from, bar.to]);
        let low = ends().fold(f64::INFINITY, f64::min);
        let high = ends().fold(f64::NEG_INFINITY, f64::max);
        let square = format!("{low} 0 {} 1", (high - low).max(f64::MIN_POSITIVE));
        let bar = |bar: Bar| {
            let colour = match bar.to.total_cmp(&bar.from) {
                std::cmp::Ordering::Less => "lowers",
                _ => "raises",
            };
            let (left, width) = (bar.from.min(bar.to), (bar.to - bar.from).abs());
            let end = bar.to.to_string();
            view! {
                <li>
                    <span>{bar.label}</span>
                    <svg viewBox=square.clone() preserveAspectRatio="none" aria-hidden="true">
                        <rect
                            class=colour
                            x=left.to_string()
                            y="0.15"
                            width=width.to_string()
                            height="0.7"
                        />
                        <line x1=end.clone() x2=end y1="0" y2="1" />
                    </svg>
                    <span>{bar.figure}</span>
                </li>
            }
        };
        bars.into_iter().map(bar).collect_view()
    };
    view! {
        <p class="muted">{text::WATERFALL_HELP}</p>
        <ol class="waterfall">{bars}</ol>
    }
}

fn bars(explorer: &Explorer, log_odds: &Explanation, cut: f64) -> Vec<Bar> {
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
    let (shown, rest) = ranked.split_at(SHOWN.min(ranked.len()));
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
        let bars = bars(&explorer, &log_odds, 0.5);
        for pair in bars.windows(2) {
            assert!((pair[0].to - pair[1].from).abs() < 1e-12);
        }
        let last = bars.last().unwrap();
        assert!((sigmoid(last.to) - explorer.probabilities[5]).abs() < 1e-12);
    }
}
