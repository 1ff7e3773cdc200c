//! Logistic regression by linfa-logistic's L-BFGS, the reference's solver.

use linfa::DatasetBase;
use linfa::prelude::Fit as _;
use linfa_logistic::LogisticRegression;
use ndarray::Array1;

use crate::dataset::Dataset;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::standardised;
use crate::newton::Fit;
use crate::scaling::Scaling;

/// Where the search stops: the norm of the gradient.
const GRADIENT_TOLERANCE: f64 = 1e-6;
const MOST_ITERATIONS: u64 = 1000;

/// Minimises ½|w|² + C Σ log loss over complete, labelled rows, in so many steps
/// at most where that is said.
///
/// # Errors
/// [`ErrorCode::Numeric`] when linfa's line search fails.
pub fn fit(
    data: &Dataset,
    rows: &[usize],
    scaling: &Scaling,
    c: f64,
    most_iterations: Option<u32>,
) -> Result<Fit> {
    let matrix = standardised(data, rows, scaling);
    let labels = Array1::from(data.left(rows));
    let model = LogisticRegression::default()
        .alpha(1.0 / c)
        .gradient_tolerance(GRADIENT_TOLERANCE)
        .max_iterations(most_iterations.map_or(MOST_ITERATIONS, u64::from))
        .fit(&DatasetBase::new(matrix.clone(), labels.clone()))
        .map_err(|error| Error::new(ErrorCode::Numeric, format!("L-BFGS failed: {error}")))?;
    // linfa makes the more frequent class the positive one; read which it took
    // instead of assuming it, so that a release that changes this changes
    // nothing here.
    let sign = if model.labels().pos.class { 1.0 } else { -1.0 };
    let intercept = sign * model.intercept();
    let coefficients: Vec<f64> = model.params().iter().map(|w| sign * w).collect();

    // linfa reports neither iterations nor convergence: measure the gradient.
    let weights = Array1::from(coefficients.clone());
    let log_odds = matrix.dot(&weights) + intercept;
    let residuals: Array1<f64> = log_odds
        .iter()
        .zip(&labels)
        .map(|(&s, &y)| crate::math::sigmoid(s) - f64::from(u8::from(y)))
        .collect();
    let gradient = matrix.t().dot(&residuals) + weights / c;
    let gradient_norm = gradient
        .iter()
        .fold(residuals.sum().abs(), |max, g: &f64| max.max(g.abs()));
    Ok(Fit {
        intercept,
        coefficients,
        iterations: 0,
        gradient_norm,
        converged: gradient_norm <= 1e-2,
    })
}
