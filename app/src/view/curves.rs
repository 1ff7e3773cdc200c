//! The curves of all cuts: ROC, precision and recall, cumulative gain, lift.

use churn_core::cuts::{Cuts, Rates};
use leptos::prelude::*;

use super::chart::{Axis, Caption, Chart, Mark, Numbers, Plot, Point, Unit};
use crate::reactive::Memo;
use crate::state::State;
use crate::text;

/// One of the curves: two rates of every cut.
#[derive(Clone, Copy)]
struct Curve {
    caption: Caption,
    /// What the axes show.
    axes: (&'static str, &'static str),
    /// The point of a cut; nothing where it has none.
    point: fn(&Rates) -> Option<Point>,
    /// The curve begins with nobody flagged.
    from_nobody: bool,
    /// Height of the line of chance at both ends, by the share that left.
    chance: fn(f64) -> (f64, f64),
    /// What the chart says at a cut.
    readout: fn(&Rates) -> String,
}

const CURVES: [Curve; 4] = [
    Curve {
        caption: text::ROC,
        axes: (text::ALARMED, text::FOUND),
        point: |rates| Some((rates.alarmed, rates.found)),
        from_nobody: true,
        chance: |_| (0.0, 1.0),
        readout: text::roc_readout,
    },
    Curve {
        caption: text::PRECISION_RECALL,
        axes: (text::FOUND, text::RIGHT),
        point: |rates| Some((rates.found, rates.right?)),
        from_nobody: false,
        chance: |left| (left, left),
        readout: text::precision_readout,
    },
    Curve {
        caption: text::GAIN,
        axes: (text::FLAGGED_SHARE, text::FOUND),
        point: |rates| Some((rates.flagged, rates.found)),
        from_nobody: true,
        chance: |_| (0.0, 1.0),
        readout: text::gain_readout,
    },
    Curve {
        caption: text::LIFT,
        axes: (text::FLAGGED_SHARE, text::LIFT_AXIS),
        point: |rates| Some((rates.flagged, rates.lift?)),
        from_nobody: false,
        chance: |_| (1.0, 1.0),
        readout: text::lift_readout,
    },
];

/// All four, each with a dot at the cut.
#[component]
pub fn Curves() -> impl IntoView {
    let state = expect_context::<State>();
    let rates = Memo::new(move |_| {
        let evaluation = state.evaluation();
        let cuts = evaluation.cuts.as_ref()?;
        Some(cuts.rates(cuts.at(state.threshold.get())))
    });
    let chart = move |curve: Curve| {
        let plot = Memo::new(move |_| {
            let evaluation = state.evaluation();
            let cuts = evaluation.cuts.as_ref();
            cuts.map_or_else(Plot::default, |cuts| curve.plot(cuts))
        });
        let dot = Signal::derive(move || (curve.point)(&rates.get()?));
        let readout =
            Signal::derive(move || rates.get().as_ref().map(curve.readout).unwrap_or_default());
        let numbers = Callback::new(move |()| {
            let evaluation = state.evaluation();
            let cuts = evaluation.cuts.as_ref();
            Numbers {
                heads: vec![text::CUT, curve.axes.0, curve.axes.1],
                rows: cuts.map_or_else(Vec::new, |cuts| curve.rows(cuts)),
            }
        });
        view! { <Chart caption=curve.caption plot=plot.into() dot readout numbers /> }
    };
    CURVES.map(chart).into_iter().collect_view()
}

impl Curve {
    fn plot(&self, cuts: &Cuts) -> Plot {
        let mut points: Vec<Point> = Vec::new();
        if self.from_nobody {
            points.push((0.0, 0.0));
        }
        let all = cuts.points().iter();
        points.extend(all.filter_map(|&point| (self.point)(&cuts.rates(point))));
        let left = cuts.leavers() as f64 / cuts.rows() as f64;
        let chance = (self.chance)(left);
        let most = points.iter().map(|point| point.1).fold(1.0, f64::max);
        let unit = if most > 1.0 {
            Unit::Number
        } else {
            Unit::Percent
        };
        // Beside the line of chance, where the curve is not.
        let label = if chance.0 < chance.1 {
            (0.62, 0.5)
        } else {
            (0.02, chance.0 + 0.03 * most)
        };
        Plot {
            x: Axis::percent(self.axes.0),
            y: Axis::over(self.axes.1, unit, 0.0, most),
            marks: vec![
                Mark::Dashed(vec![(0.0, chance.0), (1.0, chance.1)]),
                Mark::Label(label, text::CHANCE.into()),
                Mark::Line(points),
            ],
        }
    }

    fn rows(&self, cuts: &Cuts) -> Vec<Vec<f64>> {
        let row = |&point: &churn_core::metrics::CurvePoint| {
            let (x, y) = (self.point)(&cuts.rates(point)).unwrap_or((f64::NAN, f64::NAN));
            vec![point.threshold, x, y]
        };
        cuts.points().iter().map(row).collect()
    }
}
