//! Texts about tables and their versions.

use churn_core::tables::{IdDifference, Ingestion, Kind};

use crate::number::count;

pub const TABLES: &str = "Tables";
pub const TABLES_NEED_SERVER: &str = "No server answers here: this page is served as plain files. \
    Tables are the customers that a server keeps, in versions. Start one, then open its address:";
pub const WHICH_TABLES: &str = "Which rows are there?";
pub const TABLES_HELP: &str = "A version is rows that never change, so a model can name what it \
    learned from. The same rows again make no new version.";
pub const NO_TABLE: &str = "No table yet. Send a file, or on the server:";
pub const FIRST_INGEST: &str = "churn ingest customers.csv --table customers --data-dir data";
pub const VERSION_HEADS: [&str; 6] = ["Table", "Rows", "Rejected", "Ingested", "From", ""];
pub const DELETE_ROWS: &str = "Delete rows";
pub const ROWS_DELETED: &str = "Rows deleted";
pub const TABLE: &str = "Table";
pub const FILE: &str = "CSV or Parquet";
pub const INGEST: &str = "Ingest";
pub const INGESTING: &str = "Ingesting …";
pub const NEEDS_NAME_AND_FILE: &str = "Name the table and choose a file.";
pub const QUALITY_HEADS: [&str; 8] = [
    "Column",
    "Holds",
    "Missing",
    "Distinct",
    "Lowest",
    "Mean",
    "Highest",
    "Most frequent",
];
pub const MANY: &str = "> 1000";
pub const REJECTED_HEADS: [&str; 3] = ["Rejected", "Column", "Expected"];
pub const COMPARE_WITH: &str = "Compare with";
pub const NO_VERSION: &str = "nothing";
/// Behind a figure that counts as drift.
pub const MOVED: &str = " ≠";
pub const MOVED_HEADS: [&str; 4] = ["Column", "Missing before", "Missing now", "Moved"];

/// The name of a version.
pub fn version(name: &str, version: u32) -> String {
    format!("{name}@{version}")
}

/// The question of what is in a version.
pub fn what_is_in(version: &str) -> String {
    format!("What is in {version}?")
}

/// The question of what changed.
pub fn what_changed(from: &str, to: &str) -> String {
    format!("What changed from {from} to {to}?")
}

/// What a column holds.
pub fn what_it_holds(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "Whole numbers",
        Kind::Number => "Numbers",
        Kind::Text => "Text",
        Kind::Boolean => "True or false",
    }
}

/// What an ingest came to.
pub fn ingested(done: &Ingestion) -> String {
    let version = &done.version;
    let name = self::version(&version.name, version.version);
    let [rows, rejected] = [version.rows, version.rejected].map(|rows| count(rows as usize));
    match done.is_new {
        false => format!("Nothing new: {name} holds these rows already."),
        true => format!("{name}: {rows} rows, {rejected} rejected."),
    }
}

/// Rows of both versions, and which came, went and changed.
pub fn changed_rows([from, to]: [u64; 2], ids: Option<&IdDifference>) -> String {
    let [from, to] = [from, to].map(|rows| count(rows as usize));
    let all = format!("{from} rows before, {to} now.");
    match ids {
        None => all,
        Some(ids) => {
            let [added, removed, changed] =
                [ids.added, ids.removed, ids.changed].map(|number| count(number as usize));
            format!(
                "{all} By {}: {added} came, {removed} went, {changed} changed.",
                ids.column
            )
        }
    }
}

pub fn added_column(name: &str) -> String {
    format!("New column: {name}.")
}

pub fn removed_column(name: &str) -> String {
    format!("Column gone: {name}.")
}

pub fn changed_column(name: &str, [from, to]: [Kind; 2]) -> String {
    format!("{name} held {}, now {}.", from.name(), to.name())
}
