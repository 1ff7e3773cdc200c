//! The estimate over each number, with the customer on it.

use leptos::prelude::*;

use crate::reactive::Memo;
use crate::response::{Point, Response};
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{number, text};

/// One curve per number.
#[component]
pub fn ResponseCurves() -> impl IntoView {
    let explorer = expect_context::<State>().explorer();
    let features = 0..explorer.schema().features.len();
    let numbers = features.filter(|&feature| explorer.feature(feature).is_numeric());
    view! {
        <p class="muted">{text::CURVES_HELP}</p>
        <div class="curves">
            {numbers.map(|feature| view! { <Curve feature /> }).collect_view()}
        </div>
    }
}

/// Risk from 0 to 100% over the range of a number.
#[component]
fn Curve(feature: usize) -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let label = explorer.label(feature).to_owned();
    let shown = Memo::new(move |_| {
        let explorer = state.explorer();
        what_if.now.track();
        what_if
            .with_draft(|draft| Response::new(&explorer, draft, feature))
            .map(|response| Drawing::new(&response, state.threshold.get()))
            .unwrap_or_default()
    });
    let part = |part: fn(&Drawing) -> &String| {
        Signal::derive(move || shown.with(|drawing| part(drawing).clone()))
    };
    let value = move |place: usize| {
        Signal::derive(move || {
            let number = shown.with(|drawing| drawing.numbers[place]);
            state
                .explorer()
                .text_with_unit(feature, churn_core::Value::Number(number))
        })
    };
    let cut = Signal::derive(move || (1.0 - state.threshold.get()).to_string());
    let here = Signal::derive(move || {
        let value = value(1).get();
        shown.with(|drawing| text::here(&value, &drawing.risks[1]))
    });
    let told = Signal::derive(move || {
        let (from, to) = (value(0).get(), value(2).get());
        shown.with(|drawing| text::curve(&from, &drawing.risks[0], &to, &drawing.risks[2]))
    });
    view! {
        <figure class="curve">
            <figcaption>
                <strong>{label}</strong> " " <span class="muted">{here}</span>
            </figcaption>
            <svg viewBox="0 0 1 1" preserveAspectRatio="none" role="img" aria-label=told>
                <line class="cut" x1="0" x2="1" y1=cut y2=cut />
                <path d=part(|drawing| &drawing.path) />
                <path class="here" d=part(|drawing| &drawing.dot) />
            </svg>
            <p class="ends muted" aria-hidden="true">
                <span>{value(0)}</span>
                <span>{value(2)}</span>
            </p>
        </figure>
    }
}

/// A response as it is drawn, in a unit square.
#[derive(Clone, Debug, Default, PartialEq)]
struct Drawing {
    path: String,
    dot: String,
    /// The first number, that of the customer, and the last.
    numbers: [f64; 3],
    /// Their risks.
    risks: [String; 3],
}

impl Drawing {
    fn new(response: &Response, cut: f64) -> Self {
        let first = response.curve.first().copied().unwrap_or_default();
        let last = response.curve.last().copied().unwrap_or_default();
        let width = (last.0 - first.0).max(f64::MIN_POSITIVE);
        let at = |(number, risk): Point| {
            let x = (number - first.0) / width;
            format!("{} {}", thousandths(x), thousandths(1.0 - risk))
        };
        let points: Vec<String> = response.curve.iter().map(|&point| at(point)).collect();
        let ends = [first, response.here, last];
        Self {
            path: format!("M{}", points.join("L")),
            dot: format!("M{}h0", at(response.here)),
            numbers: ends.map(|(number, _)| number),
            risks: ends.map(|(_, risk)| number::risk(risk, cut)),
        }
    }
}

/// A share of the square as short as it can be seen.
fn thousandths(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_fills_the_square() {
        let response = Response {
            curve: vec![(10.0, 0.5), (15.0, 0.25), (20.0, 0.0)],
            here: (15.0, 0.25),
        };
        let drawing = Drawing::new(&response, 0.5);
        assert_eq!(drawing.path, "M0 0.5L0.5 0.75L1 1");
        assert_eq!(drawing.dot, "M0.5 0.75h0");
        assert_eq!(drawing.risks, ["50.0%", "25%", "<1%"]);
    }
}
