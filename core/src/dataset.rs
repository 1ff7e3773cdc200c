//! Customers in columns of codes and numbers.
//!
//! * [`DatasetBuilder`]: rows of text on their way to columns.
//! * [`ReadOptions`], [`Reading`]: how a table is to be understood, and what
//!   reading it found.

mod builder;
mod encoding;
mod header;
mod reading;

pub use builder::DatasetBuilder;
pub(crate) use header::{check_header, count, lacking, ragged};
pub use reading::{LeftOut, ReadOptions, Reading, RowIssue};

use crate::error::{Error, ErrorCode, Result};
use crate::row::{Row, Value};
use crate::schema::Schema;

/// Customers in columns, in the order of the source.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    schema: Schema,
    columns: Vec<Column>,
    ids: Option<Texts>,
    labels: Vec<Option<bool>>,
    positions: Vec<u32>,
    lines: Vec<u32>,
}

/// One feature of all rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Level codes; [`MISSING`](crate::schema::MISSING) where nothing is.
    Categorical(Vec<u8>),
    /// Finite numbers; NaN where nothing is.
    Numeric(Vec<f64>),
}

/// Many texts in one allocation.
#[derive(Clone, Debug, Default, PartialEq)]
struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    fn get(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }
}

impl Dataset {
    /// Number of customers.
    pub fn rows(&self) -> usize {
        self.positions.len()
    }

    /// Names, kinds and levels.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// One feature of all rows.
    pub fn column(&self, feature: usize) -> &Column {
        &self.columns[feature]
    }

    /// All features, in schema order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Customer id; without an id column the row's position, from 1.
    pub fn id(&self, row: usize) -> String {
        match &self.ids {
            Some(ids) => ids.get(row).to_owned(),
            None => (self.positions[row] + 1).to_string(),
        }
    }

    /// Whether the customer left; `None` where the data does not say.
    pub fn label(&self, row: usize) -> Option<bool> {
        self.labels[row]
    }

    /// Whether the given rows left; not where the data does not say.
    pub fn left(&self, rows: &[usize]) -> Vec<bool> {
        rows.iter()
            .map(|&row| self.labels[row] == Some(true))
            .collect()
    }

    /// Position among all rows of the source, skipped ones included, from 0.
    pub fn position(&self, row: usize) -> u32 {
        self.positions[row]
    }

    /// Line in the source, from 1.
    pub fn line(&self, row: usize) -> u32 {
        self.lines[row]
    }

    /// Rows per level of a categorical feature, in code order, among the given
    /// rows, which must have it; empty for a numeric one.
    pub fn level_counts(&self, feature: usize, rows: &[usize]) -> Vec<u64> {
        let mut counts = vec![0; self.schema.features[feature].levels().len()];
        if let Column::Categorical(codes) = &self.columns[feature] {
            for &row in rows {
                counts[usize::from(codes[row])] += 1;
            }
        }
        counts
    }

    /// One cell.
    pub fn value(&self, row: usize, feature: usize) -> Value {
        match &self.columns[feature] {
            Column::Categorical(codes) => Value::from_code(codes[row]),
            Column::Numeric(numbers) => Value::from_number(numbers[row]),
        }
    }

    /// One customer.
    pub fn row(&self, row: usize) -> Row {
        Row((0..self.columns.len())
            .map(|feature| self.value(row, feature))
            .collect())
    }

    /// Whether every feature of the row is present.
    pub fn is_complete(&self, row: usize) -> bool {
        (0..self.columns.len()).all(|feature| self.value(row, feature) != Value::Missing)
    }

    /// Rows with every feature present, in order.
    pub fn complete_rows(&self) -> Vec<usize> {
        (0..self.rows())
            .filter(|&row| self.is_complete(row))
            .collect()
    }

    /// The given rows alone, in the given order.
    pub fn select(&self, rows: &[usize]) -> Self {
        let columns = self.columns.iter().map(|column| match column {
            Column::Categorical(codes) => {
                Column::Categorical(rows.iter().map(|&row| codes[row]).collect())
            }
            Column::Numeric(x) => Column::Numeric(rows.iter().map(|&row| x[row]).collect()),
        });
        let ids = self.ids.as_ref().map(|all| {
            let mut ids = Texts::default();
            for &row in rows {
                ids.push(all.get(row));
            }
            ids
        });
        Self {
            schema: self.schema.clone(),
            columns: columns.collect(),
            ids,
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
            positions: rows.iter().map(|&row| self.positions[row]).collect(),
            lines: rows.iter().map(|&row| self.lines[row]).collect(),
        }
    }

    /// The data without some features.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for a name that is
    /// none of a feature, and where no feature is left.
    pub fn without(&self, features: &[String]) -> Result<Self> {
        let names = || self.schema.features.iter().map(|feature| &feature.name);
        for name in features {
            if !names().any(|known| known == name) {
                let known = names().map(String::as_str).collect::<Vec<_>>().join(", ");
                let got = format!("'{name}'");
                let error = Error::mismatch(ErrorCode::Parameter, format!("one of {known}"), got);
                return Err(error.in_field("features to leave out"));
            }
        }
        let mut data = self.clone();
        let stays: Vec<bool> = names().map(|name| !features.contains(name)).collect();
        if !stays.contains(&true) {
            let error = Error::mismatch(ErrorCode::Parameter, "at least one that stays", "none");
            return Err(error.in_field("features to leave out"));
        }
        let mut stay = stays.iter().copied().cycle();
        data.schema.features.retain(|_| stay.next() == Some(true));
        data.columns.retain(|_| stay.next() == Some(true));
        Ok(data)
    }

    /// The features of the data with another set of columns, of equal shape.
    pub(crate) fn with_columns(&self, columns: Vec<Column>) -> Self {
        Self {
            columns,
            ..self.clone()
        }
    }
}
