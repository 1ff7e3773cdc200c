//! A customer from a JSON object: every field one of the model's features,
//! every value of its kind. Anything else is refused, naming the field.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use churn_core::schema::is_number;
use churn_core::{Feature, Row, Schema, Value, infer};
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::error::{ApiError, ApiResult};

/// Reads customers of one schema.
#[derive(Clone, Debug)]
pub struct CustomerReader {
    positions: HashMap<String, usize>,
}

impl CustomerReader {
    /// A reader for a schema.
    pub fn new(schema: &Schema) -> Self {
        let names = schema.features.iter().map(|feature| feature.name.clone());
        Self {
            positions: names.zip(0..).collect(),
        }
    }

    /// The customer of a JSON object. What is absent or null is missing.
    ///
    /// # Errors
    /// For an unknown or repeated field and for a value that is not the
    /// feature's.
    pub fn read(&self, json: &str, schema: &Schema) -> ApiResult<Row> {
        let mut problem = None;
        let mut row = Row(vec![Value::Missing; schema.features.len()]);
        let visitor = Fields {
            reader: self,
            schema,
            row: &mut row,
            problem: &mut problem,
        };
        let read = serde_json::Deserializer::from_str(json).deserialize_map(visitor);
        match (problem, read) {
            (Some(problem), _) => Err(problem),
            (None, Err(error)) => Err(ApiError {
                code: "request.json",
                ..churn_core::Error::new(
                    churn_core::ErrorCode::Parameter,
                    format!("not a customer: {error}"),
                )
                .into()
            }),
            (None, Ok(())) => Ok(row),
        }
    }
}

struct Fields<'a> {
    reader: &'a CustomerReader,
    schema: &'a Schema,
    row: &'a mut Row,
    problem: &'a mut Option<ApiError>,
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of features and values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = vec![false; self.schema.features.len()];
        while let Some(name) = map.next_key::<String>()? {
            let cell: Cell<'de> = map.next_value()?;
            let value = match self.reader.positions.get(&name) {
                None => Err(ApiError::field(
                    &name,
                    "a feature of the model",
                    "another name",
                )),
                Some(&at) if seen[at] => Err(ApiError::field(&name, "a field once", "it twice")),
                Some(&at) => {
                    seen[at] = true;
                    cell.of(&self.schema.features[at]).map(|value| (at, value))
                }
            };
            match value {
                Ok((at, value)) => self.row.0[at] = value,
                Err(problem) => {
                    *self.problem = Some(problem);
                    return Err(A::Error::custom("refused"));
                }
            }
        }
        Ok(())
    }
}

/// A value of a JSON object.
enum Cell<'a> {
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'a, str>),
    /// A list or an object.
    Nested(&'static str),
}

impl Cell<'_> {
    fn of(&self, feature: &Feature) -> ApiResult<Value> {
        let refuse = || {
            Err(ApiError::field(
                &feature.name,
                expected(feature),
                self.to_string(),
            ))
        };
        match self {
            Self::Null => Ok(Value::Missing),
            // Forms and the workshop's own page send numbers as text.
            Self::Text(text) if feature.is_numeric() => {
                infer::number(text).map_or_else(refuse, |x| Ok(Value::Number(x)))
            }
            Self::Text(text) => feature
                .code_of(text)
                .map_or_else(refuse, |code| Ok(Value::Level(code))),
            Self::Number(x) if feature.is_numeric() && is_number(*x) => Ok(Value::Number(*x)),
            // A column of 0 and 1 takes its own spelling.
            Self::Number(x) if !feature.is_numeric() => feature
                .code_of(&x.to_string())
                .map_or_else(refuse, |code| Ok(Value::Level(code))),
            Self::Number(_) | Self::Bool(_) | Self::Nested(_) => refuse(),
        }
    }
}

/// What a feature takes, in words.
fn expected(feature: &Feature) -> String {
    if feature.is_numeric() {
        return "a number up to 1e15".into();
    }
    let levels: Vec<String> = feature
        .levels()
        .iter()
        .map(|level| format!("'{level}'"))
        .collect();
    format!("one of {}", levels.join(", "))
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(x) => write!(f, "{x}"),
            Self::Text(text) => write!(f, "'{text}'"),
            Self::Nested(kind) => f.write_str(kind),
        }
    }
}

impl<'de> Deserialize<'de> for Cell<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Cell<'de>, E> {
        Ok(Cell::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Number(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(text.to_owned().into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Cell<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Nested("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Nested("an object"))
    }
}
