//! The file of a version while it is written: its rows, and the hash of its
//! content.

use std::fs::File;

use churn_core::Result;

use super::cells::Cell;
use super::content::Content;
use super::rows_file::RowsFile;
use super::schema::TableSchema;

/// A version's file, open for writing.
#[derive(Debug)]
pub struct VersionFile {
    rows: RowsFile,
    content: Content,
}

impl VersionFile {
    /// Starts a file.
    ///
    /// # Errors
    /// [`ErrorCode::Io`](churn_core::ErrorCode::Io).
    pub fn new(file: File, schema: &TableSchema) -> Result<Self> {
        let columns = schema.columns.iter();
        let columns: Vec<_> = columns
            .map(|column| (column.name.as_str(), column.kind))
            .collect();
        Ok(Self {
            rows: RowsFile::new(file, &columns)?,
            content: Content::new(schema),
        })
    }

    /// Adds a row, as many cells as columns.
    ///
    /// # Errors
    /// [`ErrorCode::Io`](churn_core::ErrorCode::Io).
    pub fn push(&mut self, row: &[Cell<'_>]) -> Result<()> {
        self.content.add(row);
        self.rows.push(row)
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.rows.rows()
    }

    /// Writes the end. The file is on disk then; the hash of its content.
    ///
    /// # Errors
    /// [`ErrorCode::Io`](churn_core::ErrorCode::Io).
    pub fn finish(self) -> Result<String> {
        self.rows.finish()?;
        Ok(self.content.hash())
    }
}
