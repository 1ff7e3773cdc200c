//! The weights of every customer.

use churn_core::Method;
use churn_core::math::sum_rows;

use super::Explorer;

impl Explorer {
    /// Exact LIME weights of a customer, in schema order.
    pub fn weights(&self, row: usize) -> &[f64] {
        self.weights.row(row)
    }

    /// Weights of a customer by a method, in schema order; the sampled ones
    /// are not kept, the exact ones stand for them.
    pub fn weights_by(&self, method: Method, row: usize) -> &[f64] {
        let width = self.weights.width;
        match method {
            Method::Contributions => &self.contributions[row * width..(row + 1) * width],
            Method::Exact | Method::Sampled => self.weights(row),
        }
    }

    /// The sums of some customers' weights, in schema order, and how many
    /// customers that are: evenly spread ones, at most `most`.
    pub fn sum_weights(&self, method: Method, rows: &[u32], most: usize, sums: &mut [f64]) -> f64 {
        let matrix = match method {
            Method::Contributions => &self.contributions,
            Method::Exact | Method::Sampled => &self.weights.weights,
        };
        sum_rows(matrix, rows, rows.len().div_ceil(most).max(1), sums)
    }

    /// Mean size of some customers' weights, in schema order; 0 of nobody.
    pub fn mean_sizes(&self, method: Method, rows: &[usize]) -> Vec<f64> {
        let mut sums = vec![0.0; self.weights.width];
        for &row in rows {
            for (sum, weight) in sums.iter_mut().zip(self.weights_by(method, row)) {
                *sum += weight.abs();
            }
        }
        for sum in &mut sums {
            *sum /= rows.len().max(1) as f64;
        }
        sums
    }

    /// Explains everyone again: milliseconds, and whether every bit agrees.
    pub fn explain_again(&self, clock: impl Fn() -> f64) -> (f64, bool) {
        let start = clock();
        let again = self.predictor.exact_weights(&self.data);
        (clock() - start, again == self.weights)
    }
}

/// The largest size, never 0 so that it can divide.
pub fn largest(weights: &[f64]) -> f64 {
    weights.iter().fold(f64::MIN_POSITIVE, |largest, weight| {
        largest.max(weight.abs())
    })
}
