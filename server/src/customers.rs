//! Where the customers of a command come from: a CSV file or a table.

use std::fs;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use churn_core::artefact::{TableRecord, sha256};
use churn_core::csv::header;
use churn_core::dataset::ReadOptions;
use churn_core::progress::OnProgress;
use churn_core::{Dataset, Error, Reading, Result, Schema};
use serde::{Deserialize, Serialize};

use crate::input::{bytes, named};
use crate::table::selection::Selection;

/// Where customers come from.
#[derive(Debug)]
pub enum Customers {
    /// A CSV file.
    File(PathBuf),
    /// Rows of a version of a table.
    Table(Box<Selection>),
}

/// Tells customers from others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Identity {
    /// A CSV file.
    File {
        /// Where it is.
        path: PathBuf,
        /// In bytes.
        length: u64,
        /// When it was last changed, in nanoseconds from 1970 on.
        changed_ns: u128,
    },
    /// A version of a table.
    Table {
        /// Hash of its content.
        content: String,
        /// Which of its rows, as it was said.
        selection: Option<String>,
    },
}

/// Customers that are read in one go.
#[derive(Debug)]
pub enum Whole {
    /// The bytes of a CSV file.
    File(Vec<u8>),
    /// Rows of a version of a table.
    Table(Box<Selection>),
}

impl Customers {
    /// What they are called towards users.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Table(selection) => selection.version.to_string(),
        }
    }

    /// Tells these customers from others and from what they were before; nothing
    /// where they cannot be read a second time. A file is known by its length and
    /// the time of its last change.
    pub fn identity(&self) -> Option<Identity> {
        match self {
            Self::File(path) => {
                let path = fs::canonicalize(path).ok()?;
                let found = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
                let changed = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
                Some(Identity::File {
                    path,
                    length: found.len(),
                    changed_ns: changed.as_nanos(),
                })
            }
            Self::Table(selection) => Some(Identity::Table {
                content: selection.version.record.content.clone(),
                selection: selection.record().selection,
            }),
        }
    }

    /// What is missing where there is none.
    pub fn expected(&self) -> &'static str {
        match self {
            Self::File(_) => "rows below the header",
            Self::Table(_) => "rows that are selected",
        }
    }

    /// An error with the source before it.
    pub fn named(&self) -> impl Fn(Error) -> Error + '_ {
        |error| named(&self.name(), error)
    }

    /// Takes them for reading in one go.
    ///
    /// # Errors
    /// [`ErrorCode::Io`](churn_core::ErrorCode::Io).
    pub fn whole(&self) -> Result<Whole> {
        match self {
            Self::File(path) => bytes(path).map(Whole::File),
            Self::Table(selection) => Ok(Whole::Table(selection.clone())),
        }
    }
}

impl Whole {
    /// Names of the columns.
    ///
    /// # Errors
    /// Those of [`header`].
    pub fn header(&self) -> Result<Vec<String>> {
        match self {
            Self::File(bytes) => header(bytes),
            Self::Table(selection) => Ok(selection.version.schema.names()),
        }
    }

    /// Names the data: the hash of the file, or of the content of the version.
    pub fn hash(&self) -> String {
        match self {
            Self::File(bytes) => sha256(bytes),
            Self::Table(selection) => selection.version.record.content.clone(),
        }
    }

    /// The table, for the record of a training.
    pub fn table(&self) -> Option<TableRecord> {
        match self {
            Self::File(_) => None,
            Self::Table(selection) => Some(selection.record()),
        }
    }

    /// Which rows of a table, as it was said.
    pub fn selection(&self) -> Option<String> {
        self.table().and_then(|table| table.selection)
    }

    /// Reads them and infers the schema.
    ///
    /// # Errors
    /// As [`Dataset::read_csv`].
    pub fn read(&self, options: &ReadOptions, on_progress: OnProgress<'_>) -> Result<Reading> {
        match self {
            Self::File(bytes) => Dataset::read_csv(bytes, options, on_progress),
            Self::Table(selection) => selection.read(options, on_progress),
        }
    }

    /// Reads them under a known schema (a model's).
    ///
    /// # Errors
    /// As [`Dataset::read_csv_as`].
    pub fn read_as(&self, schema: &Schema, on_progress: OnProgress<'_>) -> Result<Reading> {
        match self {
            Self::File(bytes) => Dataset::read_csv_as(bytes, schema, on_progress),
            Self::Table(selection) => selection.read_as(schema, on_progress),
        }
    }
}
