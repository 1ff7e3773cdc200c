//! How a missing value is filled in before a customer is scored.
//!
//! Rules are learned from the complete rows (or come from the preset), live in
//! the artefact, and every answer names the features that were filled in.

use serde::{Deserialize, Serialize};

use crate::dataset::{Column, Dataset};
use crate::error::{Error, ErrorCode, Result};
use crate::math::{quantile, sort};
use crate::preset::ProductRule;
use crate::row::{Row, Value};
use crate::schema::{LARGEST_NUMBER, Schema, is_number};

/// What to put where a feature is missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Imputation {
    /// The median of the complete rows.
    Median {
        /// Its value.
        value: f64,
    },
    /// The most frequent level of the complete rows.
    MostFrequent {
        /// Its text.
        level: String,
    },
    /// The product of other numbers (each imputed first, if missing, too).
    Product {
        /// The factors' names.
        of: Vec<String>,
    },
}

/// Learns one rule per feature from complete rows; `products` come first where
/// they name numeric features.
///
/// # Errors
/// [`ErrorCode::Preset`] when a factor of a product is a product itself.
pub fn learn(data: &Dataset, rows: &[usize], products: &[ProductRule]) -> Result<Vec<Imputation>> {
    let schema = data.schema();
    let mut rules: Vec<Imputation> = data
        .columns()
        .iter()
        .enumerate()
        .map(|(at, column)| match column {
            Column::Numeric(x) => {
                let mut x: Vec<f64> = rows.iter().map(|&row| x[row]).collect();
                sort(&mut x);
                Imputation::Median {
                    value: quantile(&x, 0.5),
                }
            }
            Column::Categorical(_) => {
                let counts = data.level_counts(at, rows);
                // The first of equals, whatever the order of rows.
                let most = counts.iter().copied().max().unwrap_or(0);
                let code = counts.iter().position(|&n| n == most).unwrap_or(0);
                Imputation::MostFrequent {
                    level: schema.features[at].levels()[code].clone(),
                }
            }
        })
        .collect();
    // A column of a product may have been left out of this data, as constant
    // say: then the median stays.
    let is_numeric = |name: &String| {
        let at = schema.position(name);
        at.is_some_and(|at| schema.features[at].is_numeric())
    };
    for rule in products {
        if is_numeric(&rule.feature)
            && rule.product.iter().all(is_numeric)
            && let Some(at) = schema.position(&rule.feature)
        {
            rules[at] = Imputation::Product {
                of: rule.product.clone(),
            };
        }
    }
    let resolved = Imputer::new(&rules, schema);
    resolved.map_err(|error| Error {
        code: ErrorCode::Preset,
        ..error
    })?;
    Ok(rules)
}

/// Rules bound to a schema.
#[derive(Clone, Debug)]
pub struct Imputer {
    rules: Vec<Bound>,
}

#[derive(Clone, Debug)]
enum Bound {
    Value(Value),
    Product(Vec<usize>),
}

impl Imputer {
    /// Binds one rule per feature.
    ///
    /// # Errors
    /// [`ErrorCode::Model`], naming the feature whose rule does not fit.
    pub fn new(rules: &[Imputation], schema: &Schema) -> Result<Self> {
        if rules.len() != schema.features.len() {
            let expected = format!("{} rules", schema.features.len());
            let error = Error::mismatch(ErrorCode::Model, expected, rules.len().to_string());
            return Err(error.in_field("imputation"));
        }
        let factor = |name: &String| {
            let at = schema
                .position(name)
                .filter(|&at| schema.features[at].is_numeric())?;
            (!matches!(rules[at], Imputation::Product { .. })).then_some(at)
        };
        let bind = |(at, rule): (usize, &Imputation)| {
            let feature = &schema.features[at];
            let bound = match rule {
                Imputation::Median { value } if feature.is_numeric() && is_number(*value) => {
                    Some(Bound::Value(Value::Number(*value)))
                }
                Imputation::MostFrequent { level } => feature
                    .code_of(level)
                    .map(|code| Bound::Value(Value::Level(code))),
                Imputation::Product { of } if feature.is_numeric() && !of.is_empty() => of
                    .iter()
                    .map(factor)
                    .collect::<Option<Vec<usize>>>()
                    .map(Bound::Product),
                _ => None,
            };
            bound.ok_or_else(|| {
                let expected = "an imputation rule that fits the feature";
                Error::mismatch(ErrorCode::Model, expected, format!("{rule:?}"))
                    .in_field(&feature.name)
            })
        };
        Ok(Self {
            rules: rules.iter().enumerate().map(bind).collect::<Result<_>>()?,
        })
    }

    /// Value for a missing feature of a row.
    pub fn value(&self, row: &Row, feature: usize) -> Value {
        match &self.rules[feature] {
            Bound::Value(value) => *value,
            Bound::Product(factors) => {
                let factor = |&at: &usize| match (row.0[at], &self.rules[at]) {
                    (Value::Number(x), _) | (_, &Bound::Value(Value::Number(x))) => x,
                    // `new` lets only numbers with a value of their own be factors.
                    _ => f64::NAN,
                };
                // Of numbers in range the product need not be in range.
                let times =
                    |product: f64, x| f64::clamp(product * x, -LARGEST_NUMBER, LARGEST_NUMBER);
                Value::Number(factors.iter().map(factor).fold(1.0, times))
            }
        }
    }

    /// The row with every missing feature filled in, and which ones were.
    pub fn complete(&self, row: &Row) -> (Row, Vec<usize>) {
        let missing = (0..row.0.len()).filter(|&at| row.0[at] == Value::Missing);
        let imputed: Vec<usize> = missing.collect();
        let mut complete = row.clone();
        for &feature in &imputed {
            complete.0[feature] = self.value(row, feature);
        }
        (complete, imputed)
    }

    /// Data with every missing cell filled in, and which ones were, as
    /// (row, feature).
    pub fn complete_all(&self, data: &Dataset) -> (Dataset, Vec<(usize, usize)>) {
        let mut columns = data.columns().to_vec();
        let mut imputed = Vec::new();
        for row in (0..data.rows()).filter(|&row| !data.is_complete(row)) {
            let (complete, features) = self.complete(&data.row(row));
            for feature in features {
                match (&mut columns[feature], complete.0[feature]) {
                    (Column::Numeric(x), Value::Number(value)) => x[row] = value,
                    (Column::Categorical(codes), Value::Level(code)) => codes[row] = code,
                    // A rule gives a value of its feature's kind.
                    _ => {}
                }
                imputed.push((row, feature));
            }
        }
        (data.with_columns(columns), imputed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Feature, FeatureKind};

    #[test]
    fn a_product_stays_in_range() -> Result<()> {
        let feature = |name: &str| Feature {
            name: name.into(),
            kind: FeatureKind::Numeric { decimals: 0 },
        };
        let schema = Schema {
            id: None,
            target: None,
            features: ["a", "b", "total"].map(feature).into(),
        };
        let median = Imputation::Median { value: 1.0 };
        let of = vec!["a".into(), "b".into()];
        let rules = [median.clone(), median, Imputation::Product { of }];
        let imputer = Imputer::new(&rules, &schema)?;
        for (a, b, product) in [
            (3.0, 4.0, 12.0),
            (1e15, 1e15, 1e15),
            (-1e15, 2.0, -1e15),
            (1e15, 0.0, 0.0),
        ] {
            let row = Row(vec![Value::Number(a), Value::Number(b), Value::Missing]);
            let (complete, imputed) = imputer.complete(&row);
            assert_eq!((complete.0[2], imputed), (Value::Number(product), vec![2]));
            complete.check(&schema)?;
        }
        Ok(())
    }
}
