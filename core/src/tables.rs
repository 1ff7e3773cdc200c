//! What is told of tables and their versions: the shapes in which a server, the
//! command line and the page tell of them.

use serde::{Deserialize, Serialize};

use crate::drift::DriftFigure;

/// All versions of all tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TableVersions {
    /// In order of names and versions.
    pub versions: Vec<TableVersion>,
}

/// A version of a table: rows that never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TableVersion {
    /// Name of the table.
    pub name: String,
    /// Version, from 1.
    pub version: u32,
    /// When it was ingested, in milliseconds since 1970.
    pub created_ms: i64,
    /// Rows in it.
    pub rows: u64,
    /// Rows of the sources that did not fit.
    pub rejected: u64,
    /// SHA-256 of the rows, in hexadecimal.
    pub content: String,
    /// SHA-256 of the file of its rows, in hexadecimal.
    pub file: String,
    /// Whether its rows were deleted.
    pub deleted: bool,
    /// Its columns, in order.
    pub columns: Vec<ColumnKind>,
    /// Where its rows came from.
    pub sources: Vec<SourceRecord>,
    /// Why rows did not fit.
    pub reasons: Vec<Rejection>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ColumnKind {
    /// Its name in the source.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds. An empty cell is missing in any of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Whole numbers of 64 bits.
    Integer,
    /// Finite numbers up to 1e15 in size.
    Number,
    /// Any text, without the white space around it.
    Text,
    /// True or false.
    Boolean,
}

impl Kind {
    /// What a cell has to be.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Text => "text",
            Self::Boolean => "true or false",
        }
    }

    /// Its name in a schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Text => "text",
            Self::Boolean => "boolean",
        }
    }
}

/// Where rows of a version came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SourceRecord {
    /// The file, or the database.
    pub from: String,
    /// The query, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub query: Option<String>,
    /// SHA-256 of the file, in hexadecimal; none of a query, and of what was
    /// ingested before files were hashed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub sha256: Option<String>,
    /// Rows that were taken.
    pub rows: u64,
    /// Rows that did not fit.
    pub rejected: u64,
}

/// Why rows did not fit, and how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rejection {
    /// Column, where one is to blame.
    pub column: Option<String>,
    /// What would have been right.
    pub expected: String,
    /// How many rows.
    pub rows: u64,
}

/// A version and what is in its columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TableContent {
    /// The version.
    pub version: TableVersion,
    /// Its columns, in order.
    pub quality: Vec<ColumnQuality>,
}

/// What is in a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ColumnQuality {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Rows without a value.
    pub missing: u64,
    /// How many different values there are; null beyond a thousand.
    pub distinct: Option<u64>,
    /// Of numbers, where there are any.
    pub numbers: Option<Numbers>,
    /// The most frequent values; none beyond a thousand different ones.
    pub frequent: Vec<ValueCount>,
}

/// What numbers there are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
}

/// A value and how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ValueCount {
    /// As the source wrote it.
    pub value: String,
    /// Rows that have it.
    pub rows: u64,
}

/// What changed from one version to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TableDifference {
    /// The first version.
    pub from: String,
    /// The second.
    pub to: String,
    /// Rows of both.
    pub rows: [u64; 2],
    /// Columns that the second has alone.
    pub added_columns: Vec<String>,
    /// Columns that the first has alone.
    pub removed_columns: Vec<String>,
    /// Columns of another kind in each.
    pub changed_columns: Vec<ChangedColumn>,
    /// Rows by their ids, where there is a column of ids.
    pub ids: Option<IdDifference>,
    /// How far the columns that both have moved.
    pub columns: Vec<ColumnDrift>,
}

/// A column of another kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangedColumn {
    /// Its name.
    pub name: String,
    /// Its kind in both.
    pub kinds: [Kind; 2],
}

/// Rows by their ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct IdDifference {
    /// The column.
    pub column: String,
    /// Ids that the second version has alone.
    pub added: u64,
    /// Ids that the first version has alone.
    pub removed: u64,
    /// Ids of which another column that both have differs.
    pub changed: u64,
}

/// How far a column moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ColumnDrift {
    /// Its name.
    pub name: String,
    /// Rows without a value in both.
    pub missing: [u64; 2],
    /// The formulas of the monitoring, from the first version to the second; none
    /// of a column that has too many different texts, or no value.
    pub drift: Vec<DriftFigure>,
}

/// What an ingest came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ingestion {
    /// The version that holds the rows now.
    pub version: TableVersion,
    /// Whether it was made, or was there with the same rows.
    pub is_new: bool,
}
