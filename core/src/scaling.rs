//! Mean and standard deviation of every design column, over the training rows.

use serde::{Deserialize, Serialize};

use crate::dataset::{Column, Dataset};
use crate::math::mean_sd;

/// Standardisation of the design columns: (x − mean) / sd.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// Mean of each design column.
    pub mean: Vec<f64>,
    /// Standard deviation (ddof 0) of each design column; 1 for a constant one.
    pub sd: Vec<f64>,
}

impl Scaling {
    /// Measures the given rows, which must be complete.
    pub fn measure(data: &Dataset, rows: &[usize]) -> Self {
        let (mut mean, mut sd) = (Vec::new(), Vec::new());
        for (feature, column) in data.columns().iter().enumerate() {
            match column {
                Column::Numeric(x) => {
                    let (m, s) = mean_sd(rows.iter().map(|&row| x[row]));
                    mean.push(m);
                    sd.push(s);
                }
                Column::Categorical(_) => {
                    for count in data.level_counts(feature, rows) {
                        let share = count as f64 / rows.len() as f64;
                        mean.push(share);
                        sd.push(libm::sqrt(share * (1.0 - share)));
                    }
                }
            }
        }
        for s in &mut sd {
            // As scikit-learn: a constant column is centred, not scaled.
            if *s <= 10.0 * f64::EPSILON {
                *s = 1.0;
            }
        }
        Self { mean, sd }
    }
}
