//! Distribution of every feature and of the score, kept with a model so that
//! later data can be compared with it (drift) without keeping customers.

use serde::{Deserialize, Serialize};

use crate::dataset::{Column, Dataset};
use crate::math::{mean_sd, quantile, sort};
use crate::schema::is_number;

/// Steps of the quantiles kept: 0 %, 1 %, …, 100 %.
pub const PERCENT_STEPS: usize = 100;

/// Distributions of the complete rows of the data a model was trained from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marginals {
    /// Number of rows.
    pub rows: u64,
    /// One per feature, in schema order.
    pub features: Vec<Marginal>,
    /// The model's probabilities.
    pub score: NumericMarginal,
}

/// Distribution of one feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Marginal {
    /// Rows per level.
    Categorical {
        /// In code order.
        counts: Vec<u64>,
    },
    /// Summary of a number.
    Numeric(NumericMarginal),
}

/// Distribution of a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumericMarginal {
    /// Mean.
    pub mean: f64,
    /// Standard deviation (ddof 0).
    pub sd: f64,
    /// Quantiles at 0 %, 1 %, …, 100 %, linearly interpolated.
    pub quantiles: Vec<f64>,
}

impl Marginals {
    /// Measures complete rows and their probabilities.
    pub fn measure(data: &Dataset, rows: &[usize], probabilities: Vec<f64>) -> Self {
        let features = data
            .columns()
            .iter()
            .enumerate()
            .map(|(feature, column)| match column {
                Column::Categorical(_) => Marginal::Categorical {
                    counts: data.level_counts(feature, rows),
                },
                Column::Numeric(x) => Marginal::Numeric(NumericMarginal::measure(
                    rows.iter().map(|&r| x[r]).collect(),
                )),
            })
            .collect();
        let score = NumericMarginal::measure(probabilities);
        Self {
            rows: rows.len() as u64,
            features,
            score,
        }
    }
}

impl NumericMarginal {
    /// Measures finite numbers, at least one.
    pub fn measure(mut x: Vec<f64>) -> Self {
        let (mean, sd) = mean_sd(x.iter().copied());
        sort(&mut x);
        let quantiles = (0..=PERCENT_STEPS)
            .map(|k| quantile(&x, k as f64 / PERCENT_STEPS as f64))
            .collect();
        Self {
            mean,
            sd,
            quantiles,
        }
    }

    /// Smallest number.
    pub fn min(&self) -> f64 {
        self.quantiles.first().copied().unwrap_or(f64::NAN)
    }

    /// Largest number.
    pub fn max(&self) -> f64 {
        self.quantiles.last().copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.quantiles.len() == PERCENT_STEPS + 1
            && self
                .quantiles
                .iter()
                .chain([&self.mean, &self.sd])
                .all(|x| is_number(*x))
            && self.quantiles.windows(2).all(|w| w[0] <= w[1])
    }
}
