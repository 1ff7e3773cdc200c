//! One customer, as values in schema order.

use crate::error::{Error, ErrorCode, Result};
use crate::schema::{FeatureKind, MISSING, Schema, is_number};

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// Code of a categorical level.
    Level(u8),
    /// A finite number.
    Number(f64),
    /// Nothing there.
    Missing,
}

/// One customer's features, in schema order.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// Checks a row that came from outside: as many values as features, each of
    /// its feature's kind, codes in range, numbers finite. Missing is allowed.
    ///
    /// # Errors
    /// [`ErrorCode::Row`], naming the feature.
    pub fn check(&self, schema: &Schema) -> Result<()> {
        if self.0.len() != schema.features.len() {
            let expected = format!("{} values", schema.features.len());
            return Err(Error::mismatch(
                ErrorCode::Row,
                expected,
                self.0.len().to_string(),
            ));
        }
        for (value, feature) in self.0.iter().zip(&schema.features) {
            let fail = |expected: String, got: String| {
                Err(Error::mismatch(ErrorCode::Row, expected, got).in_field(&feature.name))
            };
            match (value, &feature.kind) {
                (Value::Missing, _) => {}
                (Value::Number(x), FeatureKind::Numeric { .. }) => {
                    if !is_number(*x) {
                        return fail("a finite number up to 1e15".into(), x.to_string());
                    }
                }
                (Value::Level(code), FeatureKind::Categorical { levels, .. }) => {
                    if usize::from(*code) >= levels.len() {
                        return fail(format!("a code below {}", levels.len()), code.to_string());
                    }
                }
                (Value::Number(x), FeatureKind::Categorical { .. }) => {
                    return fail("a level".into(), x.to_string());
                }
                (Value::Level(code), FeatureKind::Numeric { .. }) => {
                    return fail("a number".into(), format!("level {code}"));
                }
            }
        }
        Ok(())
    }

    /// A value; missing beyond the end.
    pub fn value(&self, feature: usize) -> Value {
        self.0.get(feature).copied().unwrap_or(Value::Missing)
    }

    /// Whether no value is missing.
    pub fn is_complete(&self) -> bool {
        !self.0.contains(&Value::Missing)
    }
}

impl Value {
    /// A level code, with [`MISSING`] as missing.
    pub(crate) fn from_code(code: u8) -> Self {
        if code == MISSING {
            Self::Missing
        } else {
            Self::Level(code)
        }
    }

    /// A number, with NaN as missing.
    pub(crate) fn from_number(number: f64) -> Self {
        if number.is_nan() {
            Self::Missing
        } else {
            Self::Number(number)
        }
    }
}
