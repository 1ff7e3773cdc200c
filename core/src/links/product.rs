//! A number that is close to a product of others.

use super::ENOUGH_ROWS;
use super::following::{Following, Rule};
use crate::dataset::{Column, Dataset};
use crate::math::{mean_sd, ordered};
use crate::preset::Link;
use crate::row::{Row, Value};

/// Least correlation of a number with a product that is found in the data.
const LEAST_CORRELATION: f64 = 0.999;

/// Largest Σ |number − product| as a share of Σ |number|.
const LARGEST_GAP: f64 = 0.05;

/// Rows that a pair of factors is first tried on.
const SAMPLE: usize = 200;

/// Factors of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    of: Vec<usize>,
}

impl Product {
    /// The factors, in schema order.
    pub fn of(&self) -> &[usize] {
        &self.of
    }

    /// The product of a row's factors; nothing where one is missing.
    pub fn product(&self, row: &Row) -> Option<f64> {
        let mut factors = self.of.iter();
        factors.try_fold(1.0, |product, &factor| match row.value(factor) {
            Value::Number(x) => Some(product * x),
            _ => None,
        })
    }
}

/// The preset's products of numbers that the schema has; the first one of each
/// number.
pub(super) fn of_preset(links: &[Link], data: &Dataset) -> Vec<Following> {
    let mut products: Vec<Following> = Vec::new();
    for link in links {
        if let Link::Product { number, of } = link
            && let Some(product) = bind(number, of, data)
            && !products.iter().any(|other| other.number == product.number)
        {
            products.push(product);
        }
    }
    products
}

fn bind(number: &str, of: &[String], data: &Dataset) -> Option<Following> {
    let schema = data.schema();
    let number = schema.position(number)?;
    let of: Option<Vec<usize>> = of.iter().map(|name| schema.position(name)).collect();
    let of = of.filter(|of| !of.is_empty() && !of.contains(&number))?;
    // A number may be a factor twice.
    let of: Vec<(usize, usize)> = of.into_iter().zip(0..).collect();
    let of: Vec<usize> = ordered(&of).into_iter().map(|(at, _)| at).collect();
    let numeric = of.iter().all(|&at| schema.features[at].is_numeric());
    let rule = Rule::Product(Product { of });
    numeric.then(|| Following::new(data, number, rule))?
}

/// Products of two numbers found in the rows, for numbers not yet `taken`: the
/// pair of highest correlation, where it is at least [`LEAST_CORRELATION`] and
/// the gap at most [`LARGEST_GAP`].
pub(super) fn find(data: &Dataset, rows: &[usize], taken: &[usize]) -> Vec<Following> {
    if rows.len() < ENOUGH_ROWS {
        return Vec::new();
    }
    let columns = data.columns().iter().enumerate();
    let numeric = columns.filter_map(|(at, column)| match column {
        Column::Numeric(x) => Some((at, x.as_slice())),
        Column::Categorical(_) => None,
    });
    let numbers: Vec<(usize, &[f64])> = numeric.collect();
    let sample: Vec<usize> = rows
        .iter()
        .copied()
        .step_by(rows.len().div_ceil(SAMPLE))
        .collect();
    let mut found = Vec::new();
    for &(number, y) in numbers.iter().filter(|(at, _)| !taken.contains(at)) {
        let others: Vec<_> = numbers.iter().filter(|(at, _)| *at != number).collect();
        let mut best: Option<(f64, Vec<usize>)> = None;
        for (place, &&(a, first)) in others.iter().enumerate() {
            for &&(b, second) in &others[place + 1..] {
                let fit = Fit { y, first, second };
                // A sample's gap may be somewhat larger by chance.
                if fit.gap(&sample) > 2.0 * LARGEST_GAP || fit.gap(rows) > LARGEST_GAP {
                    continue;
                }
                let r = fit.correlation(rows);
                if r >= LEAST_CORRELATION && best.as_ref().is_none_or(|(top, _)| r > *top) {
                    best = Some((r, vec![a, b]));
                }
            }
        }
        let rule = best.map(|(_, of)| Rule::Product(Product { of }));
        found.extend(rule.and_then(|rule| Following::new(data, number, rule)));
    }
    found
}

/// Orders products so that each comes after the products it is made of. Those
/// that go round in a circle are dropped.
pub(super) fn in_order(mut products: Vec<Following>) -> Vec<Following> {
    let mut ordered = Vec::new();
    while !products.is_empty() {
        let pending: Vec<usize> = products.iter().map(|p| p.number).collect();
        let is_ready = |p: &Following| !p.of().iter().any(|of| pending.contains(of));
        let (ready, rest): (Vec<_>, Vec<_>) = products.into_iter().partition(is_ready);
        if ready.is_empty() {
            break;
        }
        ordered.extend(ready);
        products = rest;
    }
    ordered
}

/// A number beside the product of two others.
#[derive(Clone, Copy)]
struct Fit<'a> {
    y: &'a [f64],
    first: &'a [f64],
    second: &'a [f64],
}

impl Fit<'_> {
    fn product(self, row: usize) -> f64 {
        self.first[row] * self.second[row]
    }

    /// Σ |number − product| / Σ |number|.
    fn gap(self, rows: &[usize]) -> f64 {
        let (mut gap, mut size) = (0.0, 0.0);
        for &row in rows {
            gap += (self.y[row] - self.product(row)).abs();
            size += self.y[row].abs();
        }
        if size > 0.0 {
            gap / size
        } else {
            f64::INFINITY
        }
    }

    fn correlation(self, rows: &[usize]) -> f64 {
        let (y_mean, y_sd) = mean_sd(rows.iter().map(|&row| self.y[row]));
        let (mean, sd) = mean_sd(rows.iter().map(|&row| self.product(row)));
        let together = rows
            .iter()
            .map(|&row| (self.y[row] - y_mean) * (self.product(row) - mean));
        let covariance = together.sum::<f64>() / rows.len() as f64;
        let scale = y_sd * sd;
        if scale > 0.0 { covariance / scale } else { 0.0 }
    }
}
