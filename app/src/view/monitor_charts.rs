//! The charts of the monitoring page: what the server told, drawn.

use churn_core::interval::Interval;
use churn_core::monitoring::{Monitoring, Point as Told};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::calibration::{calibration_numbers, calibration_plot};
use super::chart::{Axis, Caption, Chart, Mark, Numbers, Plot, Point, Unit};
use crate::reactive::{RwSignal, watch};
use crate::{monitor, page, text};

/// A chart as it is drawn at present.
struct Drawn {
    plot: Plot,
    dot: Option<Point>,
    readout: String,
    numbers: Numbers,
}

type Draw = fn(&Monitoring) -> Drawn;

const CHARTS: [(Caption, Draw); 6] = [
    (text::ACCURACY_OVER_TIME, accuracy),
    (text::RECENT_CALIBRATION, calibration),
    (text::COVERAGE, coverage),
    (text::RISK_OVER_TIME, risk),
    (text::PROCESSING_TIME, processing_time),
    (text::TRAFFIC, traffic),
];

/// What a chart shows.
#[derive(Clone, Copy)]
struct Shown {
    draw: Draw,
    plot: RwSignal<Plot>,
    dot: RwSignal<Option<Point>>,
    readout: RwSignal<String>,
}

impl Shown {
    /// Draws what is known now; none when the page is gone.
    fn renew(self) -> Option<()> {
        let Drawn {
            plot, dot, readout, ..
        } = drawn(self.draw);
        if self.plot.try_get_untracked()? != plot {
            self.plot.set(plot);
        }
        self.dot.set(dot);
        self.readout.set(readout);
        Some(())
    }
}

fn drawn(draw: Draw) -> Drawn {
    monitor::with(draw).unwrap_or_else(|| draw(&Monitoring::default()))
}

/// All charts; `version` says when there is news. Each is drawn in a task of its
/// own, so that the page answers between them.
#[component]
pub fn MonitorCharts(version: RwSignal<usize>) -> impl IntoView {
    let charts = CHARTS.map(|(caption, draw)| {
        let Drawn {
            plot, dot, readout, ..
        } = drawn(draw);
        let shown = Shown {
            draw,
            plot: RwSignal::new(plot),
            dot: RwSignal::new(dot),
            readout: RwSignal::new(readout),
        };
        (caption, shown)
    });
    watch(
        move || version.track(),
        move || {
            spawn_local(async move {
                for (_, shown) in charts {
                    page::wait(0).await;
                    if shown.renew().is_none() {
                        return;
                    }
                }
            });
        },
    );
    let charts = charts.map(|(caption, shown)| {
        let numbers = Callback::new(move |()| drawn(shown.draw).numbers);
        let (plot, dot, readout) = (
            shown.plot.signal(),
            shown.dot.signal(),
            shown.readout.signal(),
        );
        view! { <Chart caption plot dot readout numbers /> }.into_any()
    });
    view! { <div class="charts">{Vec::from(charts)}</div> }
}

/// The time before the newest prediction, in a unit that suits the whole.
struct Clock {
    label: &'static str,
    axis: Axis,
    unit: f64,
    newest: i64,
}

impl Clock {
    fn new(first: Option<i64>, newest: Option<i64>) -> Self {
        let newest = newest.unwrap_or(0);
        let span = (newest - first.unwrap_or(newest)) as f64;
        let (unit, label) = text::AGO
            .into_iter()
            .rev()
            .find(|(unit, _)| span >= 2.0 * unit)
            .unwrap_or(text::AGO[0]);
        Self {
            label,
            axis: Axis::over(label, Unit::Number, -(span / unit).max(1.0), 0.0),
            unit,
            newest,
        }
    }

    fn of(told: &[Told]) -> Self {
        let ends = |points: Option<&Told>| points.map(|point| point.end_ms);
        Self::new(ends(told.first()), ends(told.last()))
    }

    fn x(&self, ms: i64) -> f64 {
        (ms - self.newest) as f64 / self.unit
    }
}

/// A chart over the points, with a row of numbers for each.
fn over_time(
    told: &Monitoring,
    y: Axis,
    heads: &[&'static str],
    row: fn(&Told) -> Vec<f64>,
    marks: fn(&[Vec<f64>]) -> Vec<Mark>,
    readout: fn(&Told) -> String,
) -> Drawn {
    let clock = Clock::of(&told.points);
    let rows: Vec<Vec<f64>> = told
        .points
        .iter()
        .map(|point| {
            let mut numbers = vec![clock.x(point.end_ms)];
            numbers.extend(row(point));
            numbers
        })
        .collect();
    Drawn {
        plot: Plot {
            marks: marks(&rows),
            x: clock.axis.clone(),
            y,
        },
        dot: rows
            .last()
            .map(|row| (row[0], row[1]))
            .filter(|(_, y)| y.is_finite()),
        readout: told.points.last().map_or_else(String::new, readout),
        numbers: Numbers {
            heads: [&[clock.label], heads].concat(),
            rows,
        },
    }
}

/// The line of a column, where it has numbers.
fn line(rows: &[Vec<f64>], column: usize) -> Vec<Point> {
    let points = rows.iter().map(|row| (row[0], row[column]));
    points.filter(|(_, y)| y.is_finite()).collect()
}

/// The area between two columns.
fn band(rows: &[Vec<f64>], low: usize, high: usize) -> Mark {
    let ends = rows.iter().map(|row| (row[0], row[low], row[high]));
    Mark::Band(ends.filter(|(_, low, _)| low.is_finite()).collect())
}

fn accuracy(told: &Monitoring) -> Drawn {
    let heads = [
        text::REALIZED,
        text::ESTIMATED,
        text::INTERVAL_LOW,
        text::INTERVAL_HIGH,
        text::KNOWN,
        text::PREDICTIONS,
    ];
    let row = |point: &Told| {
        let (realized, low, high) = match point.labelled {
            0 => (f64::NAN, f64::NAN, f64::NAN),
            labelled => {
                let Interval { low, high } = Interval::of_share(point.right, labelled);
                (point.right as f64 / labelled as f64, low, high)
            }
        };
        let (known, all) = (point.labelled as f64, point.predictions as f64);
        vec![realized, point.estimated, low, high, known, all]
    };
    let marks = |rows: &[Vec<f64>]| {
        vec![
            band(rows, 3, 4),
            Mark::Dashed(line(rows, 2)),
            Mark::Line(line(rows, 1)),
        ]
    };
    let axis = Axis::percent(text::ACCURACY);
    let mut drawn = over_time(told, axis, &heads, row, marks, text::accuracy_readout);
    let mut clock = Clock::of(&told.points);
    if let (true, Some(newest)) = (told.points.is_empty(), told.reported.last()) {
        clock = Clock::new(
            told.reported.first().map(|said| said.end_ms),
            Some(newest.end_ms),
        );
        drawn.plot.x = clock.axis.clone();
    }
    let reported = told.reported.iter();
    let reported: Vec<Point> = reported
        .map(|said| (clock.x(said.end_ms), said.accuracy))
        .filter(|(x, _)| *x >= clock.axis.low)
        .collect();
    if told.points.is_empty() {
        drawn.plot.marks.push(Mark::Line(reported.clone()));
    }
    drawn.plot.marks.push(Mark::Points(reported));
    drawn
}

fn coverage(told: &Monitoring) -> Drawn {
    let row = |point: &Told| {
        let (known, all) = (point.labelled as f64, point.predictions as f64);
        vec![known / all, known, all]
    };
    let marks = |rows: &[Vec<f64>]| vec![Mark::Line(line(rows, 1))];
    let heads = [text::KNOWN, text::KNOWN, text::PREDICTIONS];
    let axis = Axis::percent(text::KNOWN);
    over_time(told, axis, &heads, row, marks, text::coverage_readout)
}

fn risk(told: &Monitoring) -> Drawn {
    let row = |point: &Told| {
        vec![
            point.probability,
            point.probability_low,
            point.probability_high,
        ]
    };
    let marks = |rows: &[Vec<f64>]| vec![band(rows, 2, 3), Mark::Line(line(rows, 1))];
    let heads = [text::MEAN, text::TENTHS[0], text::TENTHS[1]];
    let axis = Axis::percent(text::MEAN_RISK);
    over_time(told, axis, &heads, row, marks, text::risk_readout)
}

fn processing_time(told: &Monitoring) -> Drawn {
    let row = |point: &Told| {
        [point.p50_us, point.p95_us, point.p99_us]
            .map(|us| us as f64 / 1e3)
            .to_vec()
    };
    let marks = |rows: &[Vec<f64>]| {
        vec![
            Mark::Dashed(line(rows, 3)),
            Mark::Dashed(line(rows, 2)),
            Mark::Line(line(rows, 1)),
        ]
    };
    let longest = told.points.iter().map(|point| point.p99_us).max();
    let longest = longest.unwrap_or(1000) as f64 / 1e3;
    let axis = Axis::over(text::MS, Unit::Number, 0.0, longest);
    over_time(
        told,
        axis,
        &text::PERCENTILES,
        row,
        marks,
        text::time_readout,
    )
}

fn calibration(told: &Monitoring) -> Drawn {
    Drawn {
        plot: calibration_plot(&told.calibration),
        dot: None,
        readout: text::coverage_readout(&told.total),
        numbers: calibration_numbers(&told.calibration),
    }
}

fn traffic(told: &Monitoring) -> Drawn {
    let ends = |at: Option<&churn_core::monitoring::Traffic>| at.map(|stretch| stretch.end_ms);
    let clock = Clock::new(ends(told.traffic.first()), ends(told.traffic.last()));
    let mut sums = [0; 3];
    let mut rows = Vec::new();
    for stretch in &told.traffic {
        let counts = [stretch.requests, stretch.refused, stretch.failed];
        let mut row = vec![clock.x(stretch.end_ms)];
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += count;
            row.push(count as f64);
        }
        rows.push(row);
    }
    let most = rows.iter().map(|row| row[1]).fold(1.0, f64::max);
    Drawn {
        plot: Plot {
            y: Axis::over(text::REQUESTS, Unit::Number, 0.0, most),
            x: clock.axis.clone(),
            marks: vec![
                Mark::Dashed(line(&rows, 2)),
                Mark::Dashed(line(&rows, 3)),
                Mark::Line(line(&rows, 1)),
            ],
        },
        dot: None,
        readout: text::traffic_readout(sums),
        numbers: Numbers {
            heads: vec![clock.label, text::REQUESTS, text::REFUSED, text::FAILED],
            rows,
        },
    }
}
