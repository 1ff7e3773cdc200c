//! The estimate over each number, with the customer on it.

use churn_core::Value;
use leptos::prelude::*;

use super::chart::{Axis, Drawing, Drawn, HEIGHT, Mark, Plot, Unit};
use super::distribution::{BARS, bars};
use crate::explorer::Explorer;
use crate::response::Response;
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{number, text};

/// Height of the highest bar of the distribution, as a share of the risk's axis.
const HIGHEST: f64 = 0.2;

/// One curve per number.
#[component]
pub fn ResponseCurves() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let features = 0..explorer.schema().features.len();
    let numbers = features.filter(|&feature| explorer.feature(feature).is_numeric());
    let curve = |feature| {
        let draw = Callback::new(move |()| {
            let explorer = state.explorer();
            what_if.now.track();
            let response = what_if.with_draft(|draft| Response::new(&explorer, draft, feature));
            drawing(
                &explorer,
                feature,
                &response.unwrap_or_default(),
                state.threshold.get(),
            )
        });
        view! { <Drawn draw /> }
    };
    view! {
        <p class="muted">{text::CURVES_HELP}</p>
        <div class="charts">{numbers.map(curve).collect_view()}</div>
    }
}

/// Risk from 0 to 100% over the range of a number, above the customers that have
/// it.
fn drawing(explorer: &Explorer, feature: usize, response: &Response, cut: f64) -> Drawing {
    let label = explorer.label(feature);
    let ends = [response.curve.first(), response.curve.last()];
    let [low, high] = ends.map(|end| end.map_or(0.0, |end| end.0));
    let (from, to) = explorer.range(feature);
    let customers = bars(explorer, feature);
    let most = customers.iter().copied().max().unwrap_or(0).max(1);
    let end = |place: usize| from + (to - from) * place as f64 / BARS as f64;
    let bar = |(place, &bar): (usize, &usize)| {
        let height = HIGHEST * bar as f64 / most as f64;
        [(end(place), 0.0, height), (end(place + 1), 0.0, height)]
    };
    let head = match explorer.unit(feature) {
        Some(unit) => number::headed(label, unit),
        None => label.to_owned(),
    };
    let plot = Plot {
        x: Axis::over(&head, Unit::Number, low, high.max(low + f64::EPSILON)),
        y: Axis::percent(text::RISK),
        marks: vec![
            Mark::Band(customers.iter().enumerate().flat_map(bar).collect()),
            Mark::Dashed(vec![(low, cut), (high, cut)]),
            Mark::Line(response.curve.clone()),
        ],
    };
    let (here, risk) = response.here;
    let here = explorer.text_with_unit(feature, Value::Number(here));
    let count = |(place, bar): (usize, &usize)| {
        let ends = [place, place + 1].map(|place| number::decimal(end(place), 4));
        [&ends[..], &[bar.to_string()]].concat()
    };
    Drawing {
        id: format!("curve-{feature}"),
        name: format!("curve-{}", explorer.feature(feature).name),
        question: text::curve(label),
        help: text::here(&here, &number::risk(risk, cut)),
        height: HEIGHT,
        inside: plot.with_dot(Some(response.here)),
        heads: vec![head, text::RISK.into()],
        rows: response
            .curve
            .iter()
            .map(|&(number, risk)| vec![number.to_string(), number::decimal(risk, 4)])
            .collect(),
        more: Some((
            [text::FROM, text::TO, text::CUSTOMERS]
                .map(Into::into)
                .into(),
            customers.iter().enumerate().map(count).collect(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Draft;
    use crate::explorer::sample;

    #[test]
    fn a_curve_is_drawn_over_all_customers() {
        let explorer = sample::explorer();
        let tenure = explorer.schema().position("tenure").unwrap();
        let draft = Draft::new(explorer.original(3));
        let response = Response::new(&explorer, &draft, tenure).unwrap();
        let drawing = drawing(&explorer, tenure, &response, 0.5);
        assert_eq!(drawing.help.split(',').next(), Some("21"));
        assert_eq!(drawing.inside.matches("<circle").count(), 1);
        assert!(drawing.rows.len() > 60 && drawing.rows[0][0] == "0");
        let (_, bars) = drawing.more.unwrap();
        let customers: usize = bars
            .iter()
            .map(|bar| bar[2].parse::<usize>().unwrap())
            .sum();
        assert_eq!((bars.len(), customers), (BARS, explorer.rows()));
        assert_eq!((&*bars[0][0], &*bars[BARS - 1][1]), ("0", "217"));
    }
}
