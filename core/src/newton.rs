//! Newton's method with Cholesky solves: the exact optimum, in few passes.

use crate::hessian::{Derivatives, TrainingRows};
use crate::linalg::Cholesky;
use crate::math::max_abs;
use crate::scaling::Scaling;

/// A fitted point, in the space of standardised columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Log-odds of the average training row.
    pub intercept: f64,
    /// One per design column: log-odds per standard deviation.
    pub coefficients: Vec<f64>,
    /// Steps taken.
    pub iterations: usize,
    /// Largest |gradient| of loss + penalty where it was last evaluated, which
    /// is before the last step.
    pub gradient_norm: f64,
    /// Whether the remaining error was estimated below the tolerance.
    pub converged: bool,
}

/// A solver that is warm from fit to fit: it starts where the last one ended.
pub struct Newton<'a> {
    rows: &'a TrainingRows,
    scaling: &'a Scaling,
    /// Weight of each parameter in the penalty, before the factor 1/C.
    penalty: Vec<f64>,
    /// `[intercept, one per column]`, as [`TrainingRows`] has them.
    parameters: Vec<f64>,
    derivatives: Derivatives,
    most_iterations: usize,
}

impl<'a> Newton<'a> {
    /// Largest change of a parameter that may remain.
    const TOLERANCE: f64 = 1e-11;
    /// Most steps of a fit, unless told otherwise.
    const MOST_ITERATIONS: usize = 100;
    /// A factorised Hessian serves another step while steps shrink to less
    /// than this share of the one before.
    const REUSE_BELOW: f64 = 0.1;

    /// A solver starting from zero, over rows standardised by `scaling`.
    pub fn new(rows: &'a TrainingRows, scaling: &'a Scaling) -> Self {
        // Penalty (sd · w)² of a level's plain indicator is that of the
        // standardised column; numbers are standardised already.
        let mut penalty: Vec<f64> = scaling.sd.iter().map(|sd| sd * sd).collect();
        penalty.insert(0, 0.0);
        for parameter in rows.numeric_parameters() {
            penalty[parameter] = 1.0;
        }
        Self {
            rows,
            scaling,
            penalty,
            parameters: vec![0.0; rows.parameters()],
            derivatives: rows.derivatives(),
            most_iterations: Self::MOST_ITERATIONS,
        }
    }

    /// Ends every fit after so many steps, converged or not.
    #[must_use]
    pub fn at_most(mut self, iterations: usize) -> Self {
        self.most_iterations = iterations;
        self
    }

    /// Minimises ½|w|² + C Σ log loss, the intercept free, from the last fit's
    /// solution on.
    pub fn fit(&mut self, c: f64) -> Fit {
        let mut factor: Option<Cholesky> = None;
        let mut last_step = f64::INFINITY;
        let mut last_objective = f64::INFINITY;
        let mut previous = self.parameters.clone();
        let (mut iterations, mut converged) = (0, false);
        let mut gradient_norm = f64::INFINITY;
        // What rounding makes of a sum over all rows: no step can do better.
        let rounding = 4.0 * f64::EPSILON * self.rows.total_weight();
        while iterations < self.most_iterations && !converged {
            self.rows.evaluate(&self.parameters, &mut self.derivatives);
            let objective = self.penalise(c);
            if objective.is_nan() || objective > last_objective + 1e-9 * last_objective.abs() {
                // The step overshot: halve it.
                for (x, before) in self.parameters.iter_mut().zip(&previous) {
                    *x = 0.5 * (*x + before);
                }
                factor = None;
                iterations += 1;
                continue;
            }
            last_objective = objective;
            gradient_norm = max_abs(&self.derivatives.gradient);
            let at_rounding = gradient_norm <= rounding;
            if factor.is_none() {
                factor = self.factorise(c);
            }
            let Some(solver) = &factor else { break };
            let mut step = self.derivatives.gradient.clone();
            solver.solve(&mut step);
            previous.copy_from_slice(&self.parameters);
            for (x, s) in self.parameters.iter_mut().zip(&step) {
                *x -= s;
            }
            iterations += 1;
            let size = max_abs(&step);
            // The first step says nothing of the speed of convergence.
            let ratio = if last_step.is_finite() {
                size / last_step
            } else {
                1.0
            };
            // A fresh Hessian converges at least as fast as the last ratio
            // says; a reused one linearly.
            converged = at_rounding
                || size <= Self::TOLERANCE
                || (ratio < 0.1 && size * ratio / (1.0 - ratio) <= Self::TOLERANCE);
            if ratio > Self::REUSE_BELOW {
                factor = None;
            }
            last_step = size;
        }
        self.result(iterations, gradient_norm, converged)
    }

    /// Largest |gradient| of loss + penalty at the last fit's solution.
    pub fn gradient_norm(&mut self, c: f64) -> f64 {
        self.rows.evaluate(&self.parameters, &mut self.derivatives);
        self.penalise(c);
        max_abs(&self.derivatives.gradient)
    }

    /// Adds the penalty's gradient; returns loss + penalty.
    fn penalise(&mut self, c: f64) -> f64 {
        let mut objective = self.derivatives.loss;
        for (k, (x, weight)) in self.parameters.iter().zip(&self.penalty).enumerate() {
            objective += 0.5 * weight * x * x / c;
            self.derivatives.gradient[k] += weight * x / c;
        }
        objective
    }

    fn factorise(&self, c: f64) -> Option<Cholesky> {
        let mut hessian = self.rows.hessian(&self.derivatives);
        for (k, weight) in self.penalty.iter().enumerate() {
            hessian.add(k, k, weight / c);
        }
        hessian.cholesky()
    }

    fn result(&self, iterations: usize, gradient_norm: f64, converged: bool) -> Fit {
        let mut intercept = self.parameters[0];
        let mut coefficients = self.parameters[1..].to_vec();
        let numeric = self.rows.numeric_parameters();
        for (column, w) in coefficients.iter_mut().enumerate() {
            if !numeric.contains(&(1 + column)) {
                intercept += *w * self.scaling.mean[column];
                *w *= self.scaling.sd[column];
            }
        }
        Fit {
            intercept,
            coefficients,
            iterations,
            gradient_norm,
            converged,
        }
    }
}
