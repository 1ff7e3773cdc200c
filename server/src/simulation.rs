//! Customers and outcomes as they might come: as in the data, or drifting away
//! from what a model learned.
//!
//! `t` below runs from 0 to 1 over a simulation, or over its first part.

use churn_core::design::Design;
use churn_core::logistic::LogisticModel;
use churn_core::math::sigmoid;
use churn_core::scaling::Scaling;
use churn_core::split::permutation;
use churn_core::train::{Solver, fit};
use churn_core::{Column, Dataset, Result};
use clap::ValueEnum;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

/// What drifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Drift {
    /// Nothing: customers and outcomes as they are in the data
    None,
    /// The truth gets lost: with probability t an outcome is said to be "left",
    /// as in the workshop's script
    Labels,
    /// Customers, with their own outcomes, are drawn more and more among those
    /// who are unlike the others
    Inputs,
    /// What makes customers leave: outcomes are drawn from a logistic regression
    /// of the data (C = 1) with its log-odds turned around the mean, by 1 - 2t
    Concept,
}

/// How much more often the customer most unlike the others is drawn than the
/// least unlike one at the end, as a power of e.
const TILT: f64 = 8.0;

/// Steps in which customers get more unlike.
const STEPS: usize = 100;

/// Draws customers and outcomes.
#[derive(Debug)]
pub struct Simulation {
    drift: Drift,
    /// Calls until the drift is complete.
    calls: usize,
    random: Pcg64Mcg,
    /// Rows in the order in which they are drawn; for [`Drift::Inputs`] from the
    /// most common to the most unlike.
    rows: Vec<usize>,
    /// Sums of the weights of these rows, and the step that they are of.
    sums: (usize, Vec<f64>),
    /// Log-odds of leaving, over all.
    mean: f64,
    /// Those of every row, for [`Drift::Concept`]; whichever model answers.
    log_odds: Vec<f64>,
}

impl Simulation {
    /// A simulation whose drift is complete after so many calls, with complete
    /// customers, at least one.
    ///
    /// # Errors
    /// When no model can be fitted to them, for [`Drift::Concept`].
    pub fn new(data: &Dataset, drift: Drift, calls: usize, seed: u32) -> Result<Self> {
        let all: Vec<usize> = (0..data.rows()).collect();
        let left = data.left(&all).into_iter().filter(|left| *left).count();
        // One more on both sides keeps the odds finite.
        let odds = (left as f64 + 1.0) / ((all.len() - left) as f64 + 1.0);
        Ok(Self {
            drift,
            calls,
            random: Pcg64Mcg::seed_from_u64(seed.into()),
            rows: match drift {
                Drift::Inputs => by_unlikeness(data),
                _ => permutation(all.len(), seed),
            },
            sums: (usize::MAX, Vec::new()),
            mean: libm::log(odds),
            log_odds: match drift {
                Drift::Concept => log_odds(data, &all)?,
                _ => Vec::new(),
            },
        })
    }

    /// The row of the customer of a call, from 0.
    pub fn customer(&mut self, call: usize) -> usize {
        if self.drift != Drift::Inputs {
            return self.rows[call % self.rows.len()];
        }
        let step = (call * STEPS / self.calls.max(1)).min(STEPS - 1);
        if self.sums.0 != step {
            let tilt = TILT * step as f64 / (STEPS - 1) as f64;
            let (count, mut sum) = (self.rows.len() as f64, 0.0);
            let weights = (0..self.rows.len()).map(|place| {
                sum += libm::exp(tilt * place as f64 / count);
                sum
            });
            self.sums = (step, weights.collect());
        }
        let sums = &self.sums.1;
        let whole = sums.last().copied().unwrap_or(0.0);
        let drawn = self.random.random::<f64>() * whole;
        let place = sums.partition_point(|sum| *sum <= drawn);
        self.rows[place.min(self.rows.len() - 1)]
    }

    /// What is said to have become of the customer of a call, the one of this row,
    /// who in the data `left` or not.
    pub fn outcome(&mut self, call: usize, row: usize, left: bool) -> bool {
        let t = ((call + 1) as f64 / self.calls.max(1) as f64).min(1.0);
        match self.drift {
            Drift::None | Drift::Inputs => left,
            Drift::Labels => self.random.random::<f64>() < t || left,
            Drift::Concept => {
                let log_odds = self.log_odds[row];
                let changed = self.mean + (1.0 - 2.0 * t) * (log_odds - self.mean);
                self.random.random::<f64>() < sigmoid(changed)
            }
        }
    }
}

/// Log-odds of leaving of every row, by a model of all of them.
fn log_odds(data: &Dataset, all: &[usize]) -> Result<Vec<f64>> {
    let scaling = Scaling::measure(data, all);
    let weights = vec![1.0; all.len()];
    let fit = fit(data, all, weights, &scaling, Solver::NewtonCholesky, 1.0)?;
    let model = LogisticModel::from_scaled(fit.intercept, &fit.coefficients, &scaling);
    let design = Design::new(data.schema());
    let rows = all.iter();
    Ok(rows
        .map(|&row| model.log_odds(&design, &data.row(row)))
        .collect())
}

/// Rows from the most common customer to the one most unlike the others: by the
/// surprise -ln(share) of levels and half the squared distance from the mean of
/// numbers, in standard deviations, summed over the features.
fn by_unlikeness(data: &Dataset) -> Vec<usize> {
    let all: Vec<usize> = (0..data.rows()).collect();
    let count = all.len() as f64;
    let mut unlike = vec![0.0; all.len()];
    for (feature, column) in data.columns().iter().enumerate() {
        match column {
            Column::Categorical(codes) => {
                let counts = data.level_counts(feature, &all);
                for (sum, code) in unlike.iter_mut().zip(codes) {
                    *sum -= libm::log(counts[usize::from(*code)] as f64 / count);
                }
            }
            Column::Numeric(x) => {
                let mean = x.iter().sum::<f64>() / count;
                let squares: f64 = x.iter().map(|x| (x - mean) * (x - mean)).sum();
                let variance = (squares / count).max(f64::MIN_POSITIVE);
                for (sum, x) in unlike.iter_mut().zip(x) {
                    *sum += 0.5 * (x - mean) * (x - mean) / variance;
                }
            }
        }
    }
    let mut rows = all;
    rows.sort_by(|&a, &b| unlike[a].total_cmp(&unlike[b]));
    rows
}
