//! Where the integrals are evaluated, chosen for a model when it is loaded.
//!
//! The midpoint rule with step h replaces sigmoid(S) by a sum of images at a
//! distance L = 2π/h, which is wrong by about exp(|S| − L). Averaged over the
//! artificial customers that is E\[exp |S|\] exp(−L), and E\[exp |S|\] is at most
//! the sum of the moment generating functions at 1 and −1, which factorise over
//! the features. So L grows with what customers really reach, not with the
//! largest log-odds that could be added up. The integrand falls like exp(−πt),
//! which says where to stop.

use std::f64::consts::PI;

use super::characteristic::Moments;
use super::lanes::LANES;
use crate::error::{Error, ErrorCode, Result};

/// Nodes and weights of the two integrals.
#[derive(Clone, Debug, PartialEq)]
pub struct Quadrature {
    points: Vec<f64>,
    value_weights: Vec<f64>,
    slope_weights: Vec<f64>,
}

impl Quadrature {
    /// Error that a weight may have.
    const TOLERANCE: f64 = 1e-11;
    /// Largest log-odds reached on average; more comes from no sensible model,
    /// and would need nodes without end.
    const MOST_REACH: f64 = 1500.0;

    /// Nodes for a model, given each feature's and code's moments.
    ///
    /// # Errors
    /// [`ErrorCode::Model`] for log-odds that are too large.
    pub(super) fn for_model(intercept: f64, moments: &[Vec<Moments>]) -> Result<Self> {
        let reach = log_reach(intercept, moments);
        if reach.is_nan() || reach > Self::MOST_REACH {
            let expected = format!("log-odds up to {}", Self::MOST_REACH);
            let error = Error::mismatch(ErrorCode::Model, expected, format!("{reach:.3e}"));
            return Err(error.in_field("model.coefficients"));
        }
        let distance = reach + libm::log(4.0 / Self::TOLERANCE);
        let end = libm::log(4.0 / (PI * Self::TOLERANCE)) / PI;
        let nodes = libm::ceil(end * distance / (2.0 * PI)) as usize;
        Ok(Self::new(2.0 * PI / distance, nodes.max(LANES)))
    }

    /// At least this many nodes of the midpoint rule with step `h`; rounded up
    /// so that sums run in whole vectors.
    pub(super) fn new(h: f64, nodes: usize) -> Self {
        let points: Vec<f64> = (0..nodes.next_multiple_of(LANES))
            .map(|k| (k as f64 + 0.5) * h)
            .collect();
        let value_weights: Vec<f64> = points.iter().map(|t| h / libm::sinh(PI * t)).collect();
        let slope_weights = points
            .iter()
            .zip(&value_weights)
            .map(|(t, w)| t * w)
            .collect();
        Self {
            points,
            value_weights,
            slope_weights,
        }
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.points.len()
    }

    /// The nodes t.
    pub fn points(&self) -> &[f64] {
        &self.points
    }

    /// The largest node.
    pub(super) fn highest(&self) -> f64 {
        self.points.last().copied().unwrap_or(0.0)
    }

    /// h / sinh(πt).
    pub(super) fn value_weights(&self) -> &[f64] {
        &self.value_weights
    }

    /// h t / sinh(πt).
    pub(super) fn slope_weights(&self) -> &[f64] {
        &self.slope_weights
    }
}

/// Logarithm of a bound on E\[exp |S|\] for every customer and for the two sides
/// of every weight.
fn log_reach(intercept: f64, moments: &[Vec<Moments>]) -> f64 {
    let log_bound = |sign: f64, of: fn(&Moments) -> [f64; 2]| {
        // The worst code of each feature, and for one feature one side alone.
        let (mut sum, mut one_side) = (sign * intercept, 0.0_f64);
        for codes in moments {
            let worst = |k: usize| {
                codes
                    .iter()
                    .map(|m| of(m)[k])
                    .fold(f64::NEG_INFINITY, f64::max)
            };
            let (mix, side) = (worst(0), worst(1));
            sum += mix;
            one_side = one_side.max(side - mix);
        }
        sum + one_side
    };
    let up = log_bound(1.0, |m| m.up);
    let down = log_bound(-1.0, |m| m.down);
    up.max(down).max(0.0)
}
