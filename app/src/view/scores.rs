//! How the risk is spread among those who left and those who stayed.

use churn_core::cuts::{Cuts, Rates};
use leptos::prelude::*;

use super::chart::{Axis, Chart, Mark, Numbers, Plot, Point, Unit};
use crate::reactive::Memo;
use crate::state::State;
use crate::text;

/// Bins of the risk.
const BINS: usize = 20;

/// Shares of those who left and of those who stayed, by risk; the dot is at the
/// cut.
#[component]
pub fn Scores() -> impl IntoView {
    let state = expect_context::<State>();
    let shares = Memo::new(move |_| {
        let evaluation = state.evaluation();
        evaluation.cuts.as_ref().map(shares).unwrap_or_default()
    });
    let plot = Memo::new(move |_| shares.with(plot));
    let dot = Signal::derive(move || {
        let cut = state.threshold.get();
        let [_, left] = shares.get();
        Some((cut, left[bin(cut)]))
    });
    let readout = Signal::derive(move || {
        let evaluation = state.evaluation();
        let rates = |cuts: &Cuts| -> Rates { cuts.rates(cuts.at(state.threshold.get())) };
        let rates = evaluation.cuts.as_ref().map(rates);
        rates.as_ref().map(text::roc_readout).unwrap_or_default()
    });
    let numbers = Callback::new(move |()| {
        let [stayed, left] = shares.get();
        let row = |place: usize| vec![end(place), end(place + 1), left[place], stayed[place]];
        Numbers {
            heads: vec![text::FROM, text::TO, text::LEFT, text::STAYED],
            rows: (0..BINS).map(row).collect(),
        }
    });
    view! { <Chart caption=text::SCORES plot=plot.into() dot readout numbers /> }
}

/// Both outcomes' shares as outlines.
fn plot([stayed, left]: &[[f64; BINS]; 2]) -> Plot {
    let shares = stayed.iter().chain(left);
    let highest = shares.fold(0.0, |most: f64, &share| most.max(share));
    Plot {
        x: Axis::percent(text::MEAN_RISK),
        y: Axis::over(text::OF_OUTCOME, Unit::Percent, 0.0, highest),
        marks: vec![
            Mark::Dashed(steps(stayed)),
            Mark::Label(summit(stayed), text::STAYED.into()),
            Mark::Line(steps(left)),
            Mark::Label(summit(left), text::LEFT.into()),
        ],
    }
}

/// Lower end of a bin.
fn end(place: usize) -> f64 {
    place as f64 / BINS as f64
}

/// The bin that a risk is in.
fn bin(risk: f64) -> usize {
    // A cast of what is out of range stays in range.
    ((risk * BINS as f64) as usize).min(BINS - 1)
}

/// Of those who stayed, and of those who left: the share in each bin.
fn shares(cuts: &Cuts) -> [[f64; BINS]; 2] {
    let mut shares = [[0.0; BINS]; 2];
    for (&risk, &left) in cuts.scores().iter().zip(cuts.left()) {
        let rows = if left { cuts.leavers() } else { cuts.stayers() };
        shares[usize::from(left)][bin(risk)] += 1.0 / rows as f64;
    }
    shares
}

/// The outline of bars.
fn steps(shares: &[f64]) -> Vec<Point> {
    let step = |(place, &share): (usize, &f64)| [(end(place), share), (end(place + 1), share)];
    shares.iter().enumerate().flat_map(step).collect()
}

/// Behind the highest bar.
fn summit(shares: &[f64]) -> Point {
    let higher = |best: usize, place: usize| match shares[place] > shares[best] {
        true => place,
        false => best,
    };
    let highest = (0..shares.len()).fold(0, higher);
    (end(highest + 1) + 0.01, shares[highest] * 0.96)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_is_spread_over_its_own_bins() {
        let cuts = Cuts::new(&[0.02, 0.07, 0.99, 1.0], &[false, true, true, true]);
        let [stayed, left] = shares(&cuts);
        assert_eq!((stayed[0], left[0]), (1.0, 0.0));
        assert!((left[1] - 1.0 / 3.0).abs() < 1e-12);
        assert!((left[BINS - 1] - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(summit(&left), (1.01, left[BINS - 1] * 0.96));
        assert_eq!(steps(&[0.5, 0.25])[1..3], [(0.05, 0.5), (0.05, 0.25)]);
    }
}
