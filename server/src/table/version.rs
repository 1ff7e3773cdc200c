//! A version of a table, open for reading.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use churn_core::{Error, ErrorCode, Result};

use super::Tables;
use super::parquet_file::ParquetFile;
use super::schema::TableSchema;
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

impl Tables {
    /// A version.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] where there is none.
    pub fn version(&mut self, wanted: &VersionName) -> Result<Version> {
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
        let record = match wanted.version {
            None => newest,
            Some(version) => {
                let found = tables::find(&mut self.connection, &wanted.name, version)?;
                let expected = format!("a version of '{}' up to {}", wanted.name, newest.version);
                found.ok_or_else(|| unknown(expected, version.to_string()))?
            }
        };
        Ok(Version {
            schema: TableSchema::from_json(&record.schema)?,
            path: self.folder.file(&record.file),
            record,
        })
    }
}

impl Version {
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
