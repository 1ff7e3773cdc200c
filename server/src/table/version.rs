//! A version of a table, open for reading.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use churn_core::tables::{ColumnKind, TableVersion};
use churn_core::{Error, ErrorCode, Result, json};

use super::Tables;
use super::folder::TableFolder;
use super::parquet_file::ParquetFile;
use super::schema::TableSchema;
use crate::clock::now_ms;
use crate::store::Connection;
use crate::store::tables::{self, VersionRecord};

/// Longest name of a table.
const LONGEST_NAME: usize = 100;

/// What users call a version: `NAME` for the newest, or `NAME@VERSION`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionName {
    /// Of the table.
    pub name: String,
    /// From 1; the newest where none is said.
    pub version: Option<u32>,
}

/// A version of a table.
#[derive(Clone, Debug)]
pub struct Version {
    /// What the store knows of it.
    pub record: VersionRecord,
    /// Its columns.
    pub schema: TableSchema,
    /// Its rows.
    pub path: PathBuf,
}

/// Checks a name: letters, digits, and `_`, `-`, `.` but at its start.
///
/// # Errors
/// [`ErrorCode::Parameter`] for another one.
pub fn check_name(name: &str) -> Result<String> {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let is_name = (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(is_sign);
    if is_name && !name.starts_with(['.', '-']) {
        return Ok(name.to_owned());
    }
    let expected = "a name of up to 100 letters, digits, '_', '-' and '.'";
    Err(Error::mismatch(
        ErrorCode::Parameter,
        expected,
        format!("'{name}'"),
    ))
}

impl FromStr for VersionName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, version) = match text.split_once('@') {
            None => (text, None),
            Some((name, number)) => {
                let version = number.parse().ok().filter(|version| *version > 0);
                let version = version.ok_or_else(|| {
                    let expected = "the number of a version behind the @";
                    Error::mismatch(ErrorCode::Parameter, expected, format!("'{number}'"))
                })?;
                (name, Some(version))
            }
        };
        Ok(Self {
            name: check_name(name)?,
            version,
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.record.name, self.record.version)
    }
}

impl VersionRecord {
    /// What is told of it.
    ///
    /// # Errors
    /// [`ErrorCode::Io`] when what is kept cannot be read.
    pub fn told(&self) -> Result<TableVersion> {
        const KEPT: &str = "a version as it is kept";
        let columns = TableSchema::from_json(&self.schema)?.columns.into_iter();
        Ok(TableVersion {
            name: self.name.clone(),
            version: self.version,
            created_ms: self.created_ms,
            rows: self.rows,
            rejected: self.rejected,
            content: self.content.clone(),
            file: self.file.clone(),
            deleted: self.deleted,
            columns: columns
                .map(|column| ColumnKind {
                    name: column.name,
                    kind: column.kind,
                })
                .collect(),
            sources: json::parse(&self.sources, ErrorCode::Io, KEPT)?,
            reasons: json::parse(&self.reasons, ErrorCode::Io, KEPT)?,
        })
    }
}

impl Tables {
    /// A version.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] where there is none.
    pub fn version(&mut self, wanted: &VersionName) -> Result<Version> {
        let record = self.record(wanted)?;
        Version::new(record, &self.folder)
    }

    /// Deletes the rows of a version; what it was stays known.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] where there is none; [`ErrorCode::Io`].
    pub fn delete(&mut self, wanted: &VersionName) -> Result<VersionRecord> {
        // No ingest may be about to take up the same file.
        let _lock = self.folder.lock()?;
        let record = self.record(wanted)?;
        let (name, version) = (&record.name, record.version);
        let is_needed = self.connection.transaction(|connection: &mut Connection| {
            tables::delete(connection, name, version, now_ms())?;
            tables::has_file(connection, &record.file)
        })?;
        // Also what an earlier try has left.
        self.folder.forget(&record, is_needed)?;
        Ok(record)
    }

    /// What the store knows of a version.
    fn record(&mut self, wanted: &VersionName) -> Result<VersionRecord> {
        let newest = tables::newest(&mut self.connection, &wanted.name)?;
        let unknown = |expected: String, got: String| {
            Error::mismatch(ErrorCode::Parameter, expected, got).in_field("table")
        };
        let Some(newest) = newest else {
            let all = tables::all(&mut self.connection)?;
            let mut names: Vec<&str> = all.iter().map(|version| version.name.as_str()).collect();
            names.dedup();
            let expected = match names.as_slice() {
                [] => "a table; none was ingested yet".to_owned(),
                names => format!("one of {}", names.join(", ")),
            };
            return Err(unknown(expected, format!("'{}'", wanted.name)));
        };
        match wanted.version {
            None => Ok(newest),
            Some(version) => {
                let found = tables::find(&mut self.connection, &wanted.name, version)?;
                let expected = format!("a version of '{}' up to {}", wanted.name, newest.version);
                found.ok_or_else(|| unknown(expected, version.to_string()))
            }
        }
    }
}

impl Version {
    /// A version with its file in a folder.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] where its rows were deleted.
    pub fn new(record: VersionRecord, folder: &TableFolder) -> Result<Self> {
        if record.deleted {
            let message = format!(
                "the rows of {}@{} were deleted; name another version",
                record.name, record.version
            );
            return Err(Error::new(ErrorCode::Parameter, message).in_field("table"));
        }
        Ok(Self {
            schema: TableSchema::from_json(&record.schema)?,
            path: folder.file(&record.file),
            record,
        })
    }

    /// Opens its rows.
    ///
    /// # Errors
    /// [`ErrorCode::Io`] when the file is not there; [`ErrorCode::Data`] when it
    /// is another one.
    pub fn open(&self) -> Result<ParquetFile> {
        let file = ParquetFile::open(&self.path)?;
        let kinds = self.schema.columns.iter().map(|column| column.kind);
        let is_same = file.header() == self.schema.names()
            && file.kinds().into_iter().eq(kinds)
            && file.rows() == self.record.rows;
        if is_same {
            return Ok(file);
        }
        let message = format!("{}: it is not the file of {self}", self.path.display());
        Err(Error::new(ErrorCode::Data, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_version_or_none() {
        let name = |text: &str| {
            text.parse()
                .map(|VersionName { name, version }| (name, version))
        };
        assert_eq!(name("a.b-c_1"), Ok(("a.b-c_1".into(), None)));
        assert_eq!(name("a@12"), Ok(("a".into(), Some(12))));
        for wrong in ["", "a@", "a@0", "a@x", "../a", ".a", "a/b", "a b", "@1"] {
            assert!(name(wrong).is_err(), "{wrong}");
        }
    }
}
