//! A feature's term φ of the log-odds as a random variable: its characteristic
//! function and exponential moments, given a code of the background.
//!
//! A level is a point; a bin is slope · X with X normal, truncated to the bin.

use std::f64::consts::PI;
use std::ops::{Add, Div, Mul, Sub};

use crate::background::{Background, Bin};
use crate::design::Design;
use crate::logistic::LogisticModel;

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Complex {
    pub re: f64,
    pub im: f64,
}

impl Complex {
    pub const ZERO: Self = Self { re: 0.0, im: 0.0 };

    /// exp(i angle).
    pub fn cis(angle: f64) -> Self {
        Self {
            re: libm::cos(angle),
            im: libm::sin(angle),
        }
    }

    /// Itself, or `least` where it is smaller than that.
    pub fn at_least(self, least: f64) -> Self {
        if libm::hypot(self.re, self.im) < least {
            Self { re: least, im: 0.0 }
        } else {
            self
        }
    }
}

impl Add for Complex {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            re: self.re + other.re,
            im: self.im + other.im,
        }
    }
}

impl Sub for Complex {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self {
            re: self.re - other.re,
            im: self.im - other.im,
        }
    }
}

impl Mul for Complex {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }
}

impl Mul<f64> for Complex {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self {
            re: self.re * factor,
            im: self.im * factor,
        }
    }
}

impl Div for Complex {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        // Scaled first, so that a tiny divisor's square does not underflow.
        let scale = other.re.abs().max(other.im.abs());
        let (c, d) = (other.re / scale, other.im / scale);
        let norm = (c * c + d * d) * scale;
        Self {
            re: (self.re * c + self.im * d) / norm,
            im: (self.im * c - self.re * d) / norm,
        }
    }
}

/// Logarithms of E\[exp φ\] and E\[exp −φ\] for a customer with one code: under
/// the weighted law, and on the larger side of having or not having it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    pub up: [f64; 2],
    pub down: [f64; 2],
}

/// Moments of a feature, code by code.
pub(super) fn moments(
    model: &LogisticModel,
    background: &Background,
    design: &Design,
    feature: usize,
    decay: f64,
) -> Vec<Moments> {
    let frequencies = &background.features[feature].frequencies;
    let law = Law::new(model, background, design, feature, 1.0);
    let log_moments = |sign: f64| -> Vec<f64> {
        law.0
            .iter()
            .map(|points| log_sum(points.iter().map(|p| (p.weight, sign * p.term))))
            .collect()
    };
    let (up, down) = (log_moments(1.0), log_moments(-1.0));
    let sides = |of: &[f64], code: usize| {
        let p = frequencies[code];
        let q = super::weighted_share(p, decay);
        let others = frequencies
            .iter()
            .zip(of)
            .enumerate()
            .filter(|(v, _)| *v != code);
        let outside = if p < 1.0 {
            log_sum(others.map(|(_, (f, m))| (f / (1.0 - p), *m)))
        } else {
            of[code]
        };
        let mix = log_sum([(q, of[code]), (1.0 - q, outside)].into_iter());
        [mix, of[code].max(outside)]
    };
    (0..frequencies.len())
        .map(|code| Moments {
            up: sides(&up, code),
            down: sides(&down, code),
        })
        .collect()
}

/// ln Σ w exp x, without overflow.
fn log_sum(terms: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let present = terms.filter(|(w, _)| *w > 0.0);
    let top = present
        .clone()
        .fold(f64::NEG_INFINITY, |top, (_, x)| top.max(x));
    top + libm::log(present.map(|(w, x)| w * libm::exp(x - top)).sum::<f64>())
}

/// The law of φ given each code, as points.
pub(super) struct Law(Vec<Vec<Point>>);

/// A value of φ and its probability.
struct Point {
    term: f64,
    weight: f64,
}

impl Law {
    /// Points fine enough for exp(itφ) up to t = `highest`.
    pub fn new(
        model: &LogisticModel,
        background: &Background,
        design: &Design,
        feature: usize,
        highest: f64,
    ) -> Self {
        let coefficients = &model.coefficients[design.columns(feature)];
        let points = |&term: &f64| vec![Point { term, weight: 1.0 }];
        Self(if design.is_numeric(feature) {
            let bins = background.features[feature].bins.iter();
            bins.map(|bin| truncated_normal(bin, coefficients[0], highest))
                .collect()
        } else {
            coefficients.iter().map(points).collect()
        })
    }

    /// Number of points.
    pub fn points(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// Characteristic function, per code and node; the nodes are evenly spaced.
    pub fn characteristic(&self, nodes: &[f64]) -> Vec<Vec<Complex>> {
        /// Phases are turned on from node to node, and set anew this often, so
        /// that rounding does not add up.
        const TURNS: usize = 32;
        let step = match nodes {
            [first, second, ..] => second - first,
            _ => 0.0,
        };
        let of_code = |points: &Vec<Point>| {
            let mut sums = vec![Complex::ZERO; nodes.len()];
            for point in points {
                let turn = Complex::cis(step * point.term);
                for (sums, nodes) in sums.chunks_mut(TURNS).zip(nodes.chunks(TURNS)) {
                    let mut phase = Complex::cis(nodes[0] * point.term) * point.weight;
                    for sum in sums {
                        *sum = *sum + phase;
                        phase = phase * turn;
                    }
                }
            }
            sums
        };
        self.0.iter().map(of_code).collect()
    }
}

/// slope · X, X normal with the bin's mean and deviation, truncated to the bin:
/// composite Gauss–Legendre, its panels short against both the deviation and
/// the wave length.
fn truncated_normal(bin: &Bin, slope: f64, highest: f64) -> Vec<Point> {
    /// Enough for the largest log-odds that are integrated.
    const MOST_PANELS: f64 = 2048.0;
    /// Deviations from the mean beyond which nothing of a normal is left.
    const TAIL: f64 = 9.0;
    /// Half waves that a panel resolves to the last digit.
    const HALF_WAVES: f64 = 4.0;
    let point = |x: f64| {
        vec![Point {
            term: slope * x,
            weight: 1.0,
        }]
    };
    let low = bin.low.max(bin.mean - TAIL * bin.sd);
    let high = bin.high.min(bin.mean + TAIL * bin.sd);
    let width = high - low;
    if width <= 0.0 || bin.sd <= 1e-9 * (bin.high - bin.low) {
        return point(bin.mean.clamp(bin.low, bin.high));
    }
    let waves = (highest * slope * width / PI).abs();
    let panels = (width / bin.sd).max(waves / HALF_WAVES);
    let panels = libm::ceil(panels.clamp(1.0, MOST_PANELS));
    let half = 0.5 * width / panels;
    let rule = gauss_legendre();
    let mut points = Vec::new();
    for panel in 0..panels as usize {
        let middle = low + (2 * panel + 1) as f64 * half;
        for (node, weight) in rule {
            let x = middle + half * node;
            let z = (x - bin.mean) / bin.sd;
            points.push(Point {
                term: slope * x,
                weight: weight * libm::exp(-0.5 * z * z),
            });
        }
    }
    let total: f64 = points.iter().map(|p| p.weight).sum();
    if total <= 0.0 {
        return point(bin.mean.clamp(bin.low, bin.high));
    }
    for p in &mut points {
        p.weight /= total;
    }
    points
}

/// Nodes and weights of Gauss–Legendre quadrature on −1..1, by Newton's method
/// on the Legendre polynomial (Press et al., Numerical Recipes, gauleg).
fn gauss_legendre() -> [(f64, f64); GAUSS] {
    std::array::from_fn(|i| {
        let n = GAUSS as f64;
        let mut x = libm::cos(PI * (i as f64 + 0.75) / (n + 0.5));
        let mut derivative = 1.0;
        for _ in 0..8 {
            let (mut p, mut before) = (1.0, 0.0);
            for k in 0..GAUSS {
                let k = k as f64;
                (p, before) = (((2.0 * k + 1.0) * x * p - k * before) / (k + 1.0), p);
            }
            derivative = n * (x * p - before) / (x * x - 1.0);
            x -= p / derivative;
        }
        (x, 2.0 / ((1.0 - x * x) * derivative * derivative))
    })
}

/// Points per panel.
const GAUSS: usize = 16;
