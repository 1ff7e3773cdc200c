//! The schema of a table: names and kinds of its columns.

use std::path::Path;

use churn_core::{Error, ErrorCode, Result, json};
use serde::{Deserialize, Serialize};

use super::cells::{Cell, Kind};
use crate::input::{in_file, text};

/// The columns of a table, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSchema {
    /// At least one, each with a name of its own.
    pub columns: Vec<TableColumn>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableColumn {
    /// Its name in the source.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Most decimals in which the source wrote a number.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub decimals: u8,
    /// How the source wrote false and true.
    #[serde(default, skip_serializing_if = "Spelling::is_usual")]
    pub spelling: Spelling,
}

/// How false and true are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spelling {
    /// false, true.
    #[default]
    Lower,
    /// False, True: as Python does.
    Title,
    /// FALSE, TRUE: as R and spreadsheets do.
    Upper,
}

impl Spelling {
    fn is_usual(&self) -> bool {
        *self == Self::Lower
    }

    /// The spelling of a cell; none of a text that is neither false nor true.
    pub fn of(text: &str) -> Option<Self> {
        match text.trim_ascii() {
            "false" | "true" => Some(Self::Lower),
            "False" | "True" => Some(Self::Title),
            "FALSE" | "TRUE" => Some(Self::Upper),
            _ => None,
        }
    }

    fn write(self, value: bool) -> &'static str {
        match (self, value) {
            (Self::Lower, false) => "false",
            (Self::Lower, true) => "true",
            (Self::Title, false) => "False",
            (Self::Title, true) => "True",
            (Self::Upper, false) => "FALSE",
            (Self::Upper, true) => "TRUE",
        }
    }
}

fn is_zero(x: &u8) -> bool {
    *x == 0
}

impl TableColumn {
    /// A column of which nothing else is known.
    pub fn new(name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            decimals: 0,
            spelling: Spelling::default(),
        }
    }

    /// Adds a cell as the source wrote it, as far as a model could tell.
    pub fn write(&self, cell: Cell<'_>, text: &mut String) {
        match cell {
            Cell::Boolean(value) => text.push_str(self.spelling.write(value)),
            Cell::Number(_) if self.decimals > 0 => {
                let start = text.len();
                cell.write(text);
                let written = &text[start..];
                let decimals = written.split_once('.').map_or(0, |(_, after)| after.len());
                if decimals == 0 {
                    text.push('.');
                }
                let lacking = usize::from(self.decimals).saturating_sub(decimals);
                text.extend(std::iter::repeat_n('0', lacking));
            }
            cell => cell.write(text),
        }
    }
}

impl TableSchema {
    /// Reads a schema from a JSON file: `{"columns": [{"name": "tenure", "kind":
    /// "integer"}]}`.
    ///
    /// # Errors
    /// [`ErrorCode::Io`]; [`ErrorCode::Parameter`] for what is no schema.
    pub fn read(path: &Path) -> Result<Self> {
        Self::from_json(&text(path)?).map_err(in_file(path))
    }

    /// Reads a schema from JSON.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for what is no schema.
    pub fn from_json(text: &str) -> Result<Self> {
        let schema: Self = json::parse(text, ErrorCode::Parameter, "a table's schema")?;
        let fail = |expected: &str, got: String| {
            Err(Error::mismatch(ErrorCode::Parameter, expected, got).in_field("columns"))
        };
        if schema.columns.is_empty() {
            return fail("at least one column", "none".into());
        }
        for (at, column) in schema.columns.iter().enumerate() {
            if column.name.is_empty() || column.name.trim_ascii() != column.name {
                return fail("names without space around", format!("'{}'", column.name));
            }
            if schema.position(&column.name) != Some(at) {
                return fail("distinct names", format!("'{}' twice", column.name));
            }
        }
        Ok(schema)
    }

    /// Where a column is.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Names of the columns.
    pub fn names(&self) -> Vec<String> {
        let names = self.columns.iter().map(|column| column.name.clone());
        names.collect()
    }

    /// Where each column is in a source with these columns.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] when one is missing or new.
    pub fn places(&self, header: &[String]) -> Result<Vec<usize>> {
        if let Some(new) = header.iter().find(|name| self.position(name).is_none()) {
            return Err(unfit(new, "the table has no such column", &self.names()));
        }
        let place = |column: &TableColumn| {
            let at = header.iter().position(|name| *name == column.name);
            at.ok_or_else(|| unfit(&column.name, "the source lacks this column", header))
        };
        self.columns.iter().map(place).collect()
    }
}

fn unfit(name: &str, message: &str, names: &[String]) -> Error {
    let message = format!("{message}; if that is meant, give the new schema with --schema");
    Error::new(ErrorCode::Data, message)
        .in_field(name)
        .expected(format!("the columns {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_written_as_they_were() {
        let written = |column: &TableColumn, cell| {
            let mut text = String::new();
            column.write(cell, &mut text);
            text
        };
        let price = TableColumn {
            decimals: 2,
            ..TableColumn::new("price", Kind::Number)
        };
        for (number, text) in [
            (1.5, "1.50"),
            (20.0, "20.00"),
            (0.125, "0.125"),
            (-0.5, "-0.50"),
        ] {
            assert_eq!(written(&price, Cell::Number(number)), text);
        }
        assert_eq!(written(&price, Cell::Missing), "");
        let flag = TableColumn {
            spelling: Spelling::Title,
            ..TableColumn::new("flag", Kind::Boolean)
        };
        assert_eq!(written(&flag, Cell::Boolean(true)), "True");
    }

    #[test]
    fn a_schema_is_read_strictly() {
        for (text, told) in [
            (
                r#"{"columns": []}"#,
                "columns: expected at least one column",
            ),
            (
                r#"{"columns": [{"name": "a", "kind": "text"}, {"name": "a", "kind": "text"}]}"#,
                "'a' twice",
            ),
            (r#"{"columns": [{"name": "a", "kind": "date"}]}"#, "date"),
            (
                r#"{"columns": [{"name": "a", "kind": "text", "x": 1}]}"#,
                "x",
            ),
        ] {
            let error = TableSchema::from_json(text)
                .err()
                .map(|error| error.to_string());
            assert!(
                error.as_ref().is_some_and(|error| error.contains(told)),
                "{error:?}"
            );
        }
    }
}
