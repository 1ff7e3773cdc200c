//! Whether a risk of 60% means that 60% leave.

use churn_core::interval::Interval;
use churn_core::metrics::{CalibrationBin, calibration};
use leptos::prelude::*;

use super::chart::{Axis, Chart, Mark, Numbers, Plot};
use crate::reactive::Memo;
use crate::state::State;
use crate::text;

/// Rated so high, left so often; the dot is at the risks around the cut.
#[component]
pub fn Calibration() -> impl IntoView {
    let state = expect_context::<State>();
    let bins = Memo::new(move |_| {
        let evaluation = state.evaluation();
        let cuts = evaluation.cuts.as_ref();
        cuts.map_or_else(Vec::new, |cuts| calibration(cuts.scores(), cuts.left()))
    });
    let plot = Memo::new(move |_| bins.with(|bins| calibration_plot(bins)));
    let at_cut = Memo::new(move |_| {
        let cut = state.threshold.get();
        bins.with(|bins| {
            let mut bins = bins.iter().rev();
            bins.find(|bin| bin.low <= cut && cut <= bin.high).copied()
        })
    });
    let dot = Signal::derive(move || {
        let bin = at_cut.get()?;
        Some((bin.mean_probability, bin.observed))
    });
    let readout = Signal::derive(move || {
        let bin = at_cut.get();
        let basis = state.evaluation().basis;
        bin.map_or_else(String::new, |bin| text::calibration_readout(basis, &bin))
    });
    let numbers = Callback::new(move |()| bins.with(|bins| calibration_numbers(bins)));
    view! {
        <Chart caption=text::CALIBRATION plot=plot.into() dot readout numbers />
    }
}

/// Estimated risk against the share that left.
pub fn calibration_plot(bins: &[CalibrationBin]) -> Plot {
    Plot {
        x: Axis::percent(text::MEAN_RISK),
        y: Axis::percent(text::LEFT_SHARE),
        marks: vec![
            Mark::Dashed(vec![(0.0, 0.0), (1.0, 1.0)]),
            Mark::LabelBefore((0.72, 0.78), text::PERFECT.into()),
            Mark::Spans(
                bins.iter()
                    .map(|bin| {
                        let Interval { low, high } = interval(bin);
                        (bin.mean_probability, low, high)
                    })
                    .collect(),
            ),
            Mark::Points(
                bins.iter()
                    .map(|bin| (bin.mean_probability, bin.observed))
                    .collect(),
            ),
        ],
    }
}

/// The numbers behind it.
pub fn calibration_numbers(bins: &[CalibrationBin]) -> Numbers {
    let row = |bin: &CalibrationBin| {
        let Interval { low, high } = interval(bin);
        let rows = bin.rows as f64;
        vec![bin.mean_probability, bin.observed, low, high, rows]
    };
    Numbers {
        heads: vec![
            text::MEAN_RISK,
            text::LEFT_SHARE,
            text::INTERVAL_LOW,
            text::INTERVAL_HIGH,
            text::CUSTOMERS,
        ],
        rows: bins.iter().map(row).collect(),
    }
}

fn interval(bin: &CalibrationBin) -> Interval {
    let left = (bin.observed * bin.rows as f64).round() as u64;
    Interval::of_share(left, bin.rows)
}
