//! The fitted logistic regression: a table of log-odds.

use serde::{Deserialize, Serialize};

use crate::dataset::{Column, Dataset};
use crate::design::Design;
use crate::math::sigmoid;
use crate::row::{Row, Value};
use crate::scaling::Scaling;

/// Logistic regression over codes and numbers:
/// log-odds = intercept + Σ coefficient of the row's level + Σ slope · number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogisticModel {
    /// Log-odds where every design column is 0.
    pub intercept: f64,
    /// One per design column, in the units of the data: log-odds of a level,
    /// log-odds per unit of a number.
    pub coefficients: Vec<f64>,
}

impl LogisticModel {
    /// From an intercept and coefficients of standardised columns.
    pub fn from_scaled(intercept: f64, scaled: &[f64], scaling: &Scaling) -> Self {
        let coefficients: Vec<f64> = scaled
            .iter()
            .zip(&scaling.sd)
            .map(|(c, sd)| c / sd)
            .collect();
        let offset: f64 = coefficients
            .iter()
            .zip(&scaling.mean)
            .map(|(c, mean)| c * mean)
            .sum();
        Self {
            intercept: intercept - offset,
            coefficients,
        }
    }

    /// Intercept and coefficients of standardised columns: log-odds of the
    /// average training row, log-odds per standard deviation.
    pub fn scaled(&self, scaling: &Scaling) -> (f64, Vec<f64>) {
        let scaled = self
            .coefficients
            .iter()
            .zip(&scaling.sd)
            .map(|(c, sd)| c * sd)
            .collect();
        let offset: f64 = self
            .coefficients
            .iter()
            .zip(&scaling.mean)
            .map(|(c, m)| c * m)
            .sum();
        (self.intercept + offset, scaled)
    }

    /// A feature's part of the log-odds, φ of a complete value.
    pub fn term(&self, design: &Design, feature: usize, value: Value) -> f64 {
        let columns = design.columns(feature);
        match value {
            Value::Level(code) => self.coefficients[columns.start + usize::from(code)],
            Value::Number(x) => self.coefficients[columns.start] * x,
            Value::Missing => f64::NAN,
        }
    }

    /// Log-odds of one complete row.
    pub fn log_odds(&self, design: &Design, row: &Row) -> f64 {
        let terms = row.0.iter().enumerate();
        terms.fold(self.intercept, |sum, (j, &value)| {
            sum + self.term(design, j, value)
        })
    }

    /// Probability of leaving of every row of complete data; the same bits as
    /// one row at a time.
    pub fn probabilities(&self, design: &Design, data: &Dataset) -> Vec<f64> {
        let mut log_odds = vec![self.intercept; data.rows()];
        for (feature, column) in data.columns().iter().enumerate() {
            let coefficients = &self.coefficients[design.columns(feature)];
            match column {
                Column::Categorical(codes) => {
                    // A table as long as a code's range needs no bounds check.
                    let mut table = [f64::NAN; 256];
                    table[..coefficients.len()].copy_from_slice(coefficients);
                    for (sum, &code) in log_odds.iter_mut().zip(codes) {
                        *sum += table[usize::from(code)];
                    }
                }
                Column::Numeric(numbers) => {
                    for (sum, x) in log_odds.iter_mut().zip(numbers) {
                        *sum += coefficients[0] * x;
                    }
                }
            }
        }
        for value in &mut log_odds {
            *value = sigmoid(*value);
        }
        log_odds
    }
}
