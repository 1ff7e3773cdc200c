//! What a dataset looks like, against numpy, scipy and matplotlib.

use std::collections::HashMap;

use churn_core::exploration::{Bins, BoxPlot, Measure, Outcomes, Values, association, counts};
use churn_core::{Dataset, Value};
use serde::Deserialize;

use crate::difference::Pairs;
use crate::{golden, telco};

/// `exploration.json`.
#[derive(Deserialize)]
struct Golden {
    everyone: Explored,
    cohort: Explored,
}

#[derive(Deserialize)]
struct Explored {
    rows: usize,
    levels: HashMap<String, HashMap<String, Level>>,
    histograms: HashMap<String, Histogram>,
    boxes: HashMap<String, HashMap<String, GoldenBox>>,
    matrix: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct Level {
    rows: u64,
    left: u64,
    rate: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

#[derive(Deserialize)]
struct Histogram {
    edges: Vec<f64>,
    left: Vec<u64>,
    stayed: Vec<u64>,
}

#[derive(Deserialize)]
struct GoldenBox {
    rows: usize,
    mean: f64,
    low: f64,
    q1: f64,
    median: f64,
    q3: f64,
    high: f64,
    below: usize,
    above: usize,
}

fn data() -> &'static Dataset {
    &telco::READING.dataset
}

/// Everyone, and the customers of a year's contract in their first year.
fn cohorts() -> [(Explored, Vec<u32>); 2] {
    let golden: Golden = golden::read("exploration.json");
    let schema = data().schema();
    let of = |name: &str| schema.position(name).expect("a column");
    let (contract, tenure) = (of("Contract"), of("tenure"));
    let year = schema.features[contract]
        .code_of("One year")
        .expect("a level");
    let all: Vec<u32> = (0..).take(data().rows()).collect();
    let mut few = all.clone();
    few.retain(|&row| {
        let first_year =
            matches!(data().value(row as usize, tenure), Value::Number(months) if months < 12.0);
        first_year && data().value(row as usize, contract) == Value::Level(year)
    });
    [(golden.everyone, all), (golden.cohort, few)]
}

#[test]
fn rates_by_level_are_those_of_scipy() {
    for (golden, rows) in cohorts() {
        assert_eq!(rows.len(), golden.rows);
        let outcome = Values::outcome(data(), &rows);
        let mut pairs = Pairs::default();
        let mut seen = 0;
        for (at, feature) in data().schema().features.iter().enumerate() {
            let levels = feature.levels();
            if levels.is_empty() {
                continue;
            }
            let codes = Values::of(data(), at, &rows).codes(None);
            let counted = counts::by_code(&codes, levels.len(), &outcome);
            for (level, counted) in levels.iter().zip(counted) {
                // A level that nobody of the cohort has is not in the file.
                let Some(golden) = golden.levels[&feature.name].get(level) else {
                    assert_eq!(counted, Outcomes::default(), "{level}");
                    continue;
                };
                assert_eq!((counted.rows, counted.left), (golden.rows, golden.left));
                assert_eq!(counted.known(), counted.rows);
                if let (Some(rate), Some(low), Some(high)) = (golden.rate, golden.low, golden.high)
                {
                    let interval = counted.interval();
                    let got = [counted.rate().expect("rows"), interval.low, interval.high];
                    pairs.add(&got, &[rate, low, high]);
                }
                seen += 1;
            }
        }
        assert!(seen > 30, "{seen} levels");
        pairs.assert_within("rates and Wilson intervals", 1e-12);
    }
}

#[test]
fn histograms_and_boxes_are_those_of_numpy_and_matplotlib() {
    for (golden, rows) in cohorts() {
        let outcome = Values::outcome(data(), &rows);
        let mut pairs = Pairs::default();
        for (name, histogram) in &golden.histograms {
            let feature = data().schema().position(name).expect("a column");
            let values = Values::of(data(), feature, &rows);
            let edges = &histogram.edges;
            let (low, last) = (edges[0], edges[edges.len() - 2]);
            let bins = Bins::over(low, last, edges.len() - 1);
            let ends: Vec<f64> = (0..=bins.number()).map(|place| bins.end(place)).collect();
            assert_eq!(&ends, edges, "{name}");
            let counted = counts::by_code(&values.codes(Some(&bins)), bins.number(), &outcome);
            let of = |count: fn(&Outcomes) -> u64| counted.iter().map(count).collect::<Vec<_>>();
            assert_eq!(of(|bin| bin.left), histogram.left, "{name}");
            assert_eq!(of(|bin| bin.stayed), histogram.stayed, "{name}");
            let Values::Numbers(numbers) = values else {
                unreachable!("{name} is a number")
            };
            for (class, left) in [("left", true), ("stayed", false)] {
                let of_class = rows.iter().zip(&numbers);
                let of_class = of_class
                    .filter(|(row, _)| data().label(**row as usize) == Some(left))
                    .map(|(_, &x)| x);
                let got = BoxPlot::of(of_class.collect()).expect("numbers");
                let want = &golden.boxes[name][class];
                let outside = |rows, below, above| (rows, below, above);
                assert_eq!(
                    outside(got.rows, got.below, got.above),
                    outside(want.rows, want.below, want.above),
                    "{name}, {class}"
                );
                pairs.add(
                    &[got.mean, got.low, got.q1, got.median, got.q3, got.high],
                    &[
                        want.mean,
                        want.low,
                        want.q1,
                        want.median,
                        want.q3,
                        want.high,
                    ],
                );
            }
        }
        assert_eq!(golden.histograms.len(), 3);
        pairs.assert_within("box plots", 1e-9);
    }
}

#[test]
fn associations_are_those_of_scipy() {
    for (golden, rows) in cohorts() {
        let features = data().schema().features.len();
        let columns = (0..features).map(|feature| Values::of(data(), feature, &rows));
        let mut columns: Vec<Values> = columns.collect();
        columns.push(Values::outcome(data(), &rows));
        let matrix = association::matrix(&columns);
        assert_eq!(matrix.len(), golden.matrix.len());
        let mut pairs = Pairs::default();
        let mut measures = [0; 3];
        for (got, want) in matrix.iter().zip(&golden.matrix) {
            let values: Vec<f64> = got.iter().map(|association| association.value).collect();
            pairs.add(&values, want);
            for association in got {
                measures[match association.measure {
                    Measure::CramersV => 0,
                    Measure::CorrelationRatio => 1,
                    Measure::Pearson => 2,
                }] += 1;
            }
        }
        // 17 columns of levels and 3 of numbers.
        assert_eq!(measures, [17 * 16 / 2, 17 * 3, 3]);
        pairs.assert_within("associations", 1e-12);
    }
}
