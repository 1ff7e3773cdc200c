//! The population that LIME draws its artificial customers from: features
//! independent, each with the frequencies of the data.
//!
//! Numbers are cut at their quartiles, as LIME's default discretiser does; a
//! number's *code* is its bin, a level's its level code.

use serde::{Deserialize, Serialize};

use crate::dataset::{Column, Dataset};
use crate::math::{mean_sd, quantile, sort};
use crate::row::Value;
use crate::schema::{Schema, is_number};

/// Frequencies and bins of every feature, in schema order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Background {
    /// Rows it was measured on.
    pub rows: u64,
    /// One entry per feature.
    pub features: Vec<FeatureBackground>,
}

/// One feature's part of the [`Background`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureBackground {
    /// Relative frequency of each code.
    pub frequencies: Vec<f64>,
    /// Bins of a numeric feature; empty for a categorical one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bins: Vec<Bin>,
}

/// Numbers between two quartiles: low < x ≤ high (the first has no lower end
/// and the last no upper end when a number is given its code).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bin {
    /// Lower end; the smallest number of the data for the first bin.
    pub low: f64,
    /// Upper end; the largest number of the data for the last bin.
    pub high: f64,
    /// Mean of the bin's numbers.
    pub mean: f64,
    /// Standard deviation (ddof 0) of the bin's numbers.
    pub sd: f64,
}

impl Background {
    /// Measures the given complete rows.
    pub fn measure(data: &Dataset, rows: &[usize]) -> Self {
        let features = data
            .columns()
            .iter()
            .enumerate()
            .map(|(feature, column)| match column {
                Column::Categorical(_) => {
                    let counts = data.level_counts(feature, rows);
                    let share = |count| count as f64 / rows.len() as f64;
                    FeatureBackground {
                        frequencies: counts.into_iter().map(share).collect(),
                        bins: Vec::new(),
                    }
                }
                Column::Numeric(x) => numeric(rows.iter().map(|&row| x[row]).collect()),
            })
            .collect();
        Self {
            rows: rows.len() as u64,
            features,
        }
    }

    /// Codes of each feature of a complete row.
    pub fn codes(&self, values: &[Value]) -> Vec<u8> {
        self.features
            .iter()
            .zip(values)
            .map(|(feature, value)| feature.code(*value))
            .collect()
    }

    /// Codes of complete data: rows × features, row by row.
    pub fn all_codes(&self, data: &Dataset) -> Vec<u8> {
        let width = self.features.len();
        let mut all = vec![0; data.rows() * width];
        for (j, (feature, column)) in self.features.iter().zip(data.columns()).enumerate() {
            let slots = all.iter_mut().skip(j).step_by(width);
            match column {
                Column::Categorical(codes) => {
                    for (slot, code) in slots.zip(codes) {
                        *slot = *code;
                    }
                }
                Column::Numeric(x) => {
                    for (slot, &x) in slots.zip(x) {
                        *slot = feature.bin(x);
                    }
                }
            }
        }
        all
    }

    /// Whether the background fits a schema: every feature there, frequencies
    /// as long as its levels (or bins), in 0..=1 with sum 1, bins in order.
    /// The error names the feature and what is wrong.
    pub(crate) fn check(&self, schema: &Schema) -> Result<(), (String, &'static str)> {
        if self.features.len() != schema.features.len() {
            return Err((String::new(), "one entry per feature"));
        }
        for (background, feature) in self.features.iter().zip(&schema.features) {
            let fail = |what| Err((feature.name.clone(), what));
            let codes = match feature.is_numeric() {
                true => background.bins.len(),
                false => feature.levels().len(),
            };
            if background.frequencies.len() != codes || codes == 0 || codes > 255 {
                return fail("one frequency per level or bin");
            }
            if !feature.is_numeric() && !background.bins.is_empty() {
                return fail("no bins for a categorical feature");
            }
            let sum: f64 = background.frequencies.iter().sum();
            let in_range = background
                .frequencies
                .iter()
                .all(|f| (0.0..=1.0).contains(f));
            if !in_range || (sum - 1.0).abs() > 1e-9 {
                return fail("frequencies in 0..=1 with sum 1");
            }
            let ordered = background.bins.windows(2).all(|w| w[0].high <= w[1].low);
            let sound = background.bins.iter().all(|b| {
                [b.low, b.high, b.mean, b.sd].iter().all(|x| is_number(*x))
                    && b.low <= b.high
                    && b.sd >= 0.0
            });
            if !ordered || !sound {
                return fail("bins in order, with finite numbers");
            }
        }
        Ok(())
    }
}

impl FeatureBackground {
    /// Code of a present value: a level's code, a number's bin.
    pub fn code(&self, value: Value) -> u8 {
        match value {
            Value::Level(code) => code,
            Value::Number(x) => self.bin(x),
            Value::Missing => 0,
        }
    }

    /// Bin of a number: how many inner edges lie strictly below it.
    fn bin(&self, x: f64) -> u8 {
        let inner = self.bins.iter().skip(1);
        inner.filter(|bin| bin.low < x).count() as u8 // at most 255 bins
    }
}

fn numeric(mut x: Vec<f64>) -> FeatureBackground {
    sort(&mut x);
    let mut edges: Vec<f64> = [0.25, 0.5, 0.75].iter().map(|&q| quantile(&x, q)).collect();
    edges.dedup();
    let ends = (
        x.first().copied().unwrap_or(0.0),
        x.last().copied().unwrap_or(0.0),
    );
    let mut rest = x.as_slice();
    let mut low = ends.0;
    let mut bins = Vec::new();
    let mut frequencies = Vec::new();
    for edge in edges.iter().copied().map(Some).chain([None]) {
        let count = edge.map_or(rest.len(), |edge| rest.partition_point(|x| *x <= edge));
        let (inside, above) = rest.split_at(count);
        let high = edge.unwrap_or(ends.1).max(low);
        let (mean, sd) = match inside {
            // No row: the middle of the bin, which nothing is drawn from.
            [] => (0.5 * (low + high), 0.0),
            inside => mean_sd(inside.iter().copied()),
        };
        bins.push(Bin {
            low,
            high,
            mean,
            sd,
        });
        frequencies.push(count as f64 / x.len() as f64);
        (rest, low) = (above, high);
    }
    FeatureBackground { frequencies, bins }
}
