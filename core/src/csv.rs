//! CSV, from bytes or a reader, to datasets.
//!
//! Quotes, CRLF and a byte order mark are understood; text is UTF-8. Rows that
//! cannot be read (ragged, not UTF-8) are skipped and reported with their line.

mod rows;

use std::io::Read;

use crate::dataset::{Dataset, DatasetBuilder, ReadOptions, Reading};
use crate::error::Result;
use crate::progress::{OnProgress, report};
use crate::schema::Schema;

pub use rows::{CsvRow, CsvRows};

/// Rows between two reports of progress.
const REPORT_EVERY: usize = 8192;

impl Dataset {
    /// Reads CSV and infers the schema.
    ///
    /// # Errors
    /// As [`DatasetBuilder::finish`]; [`crate::ErrorCode::Data`] when the text cannot be
    /// read; [`crate::ErrorCode::Cancelled`].
    pub fn read_csv(
        bytes: &[u8],
        options: &ReadOptions,
        on_progress: OnProgress<'_>,
    ) -> Result<Reading> {
        read_all(bytes, on_progress)?.finish(options)
    }

    /// Reads CSV under a known schema (a model's).
    ///
    /// # Errors
    /// As [`DatasetBuilder::finish_as`]; [`crate::ErrorCode::Data`] when the text cannot
    /// be read; [`crate::ErrorCode::Cancelled`].
    pub fn read_csv_as(
        bytes: &[u8],
        schema: &Schema,
        on_progress: OnProgress<'_>,
    ) -> Result<Reading> {
        read_all(bytes, on_progress)?.finish_as(schema)
    }
}

/// Column names of CSV.
///
/// # Errors
/// [`crate::ErrorCode::Data`] when the header cannot be read, lacks a name or has one
/// twice.
pub fn header(bytes: &[u8]) -> Result<Vec<String>> {
    Ok(CsvRows::new(bytes)?.header().to_vec())
}

fn read_all(bytes: &[u8], on_progress: OnProgress<'_>) -> Result<DatasetBuilder> {
    let mut rows = Rows::new(bytes)?;
    rows.builder.reserve(bytes.len());
    while rows.fill(REPORT_EVERY)? > 0 {
        report(
            on_progress,
            "reading rows",
            rows.reader.bytes_read() as usize,
            bytes.len(),
        )?;
    }
    Ok(rows.builder)
}

/// Batches of rows under a known schema, in memory that does not grow.
pub struct CsvBatches<R> {
    rows: Rows<R>,
    schema: Schema,
    batch: usize,
}

impl<R: Read> CsvBatches<R> {
    /// Reads the header. `batch` is the number of rows per dataset.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Data`] when the header cannot be read or lacks a feature.
    pub fn new(reader: R, schema: &Schema, batch: usize) -> Result<Self> {
        let mut rows = Rows::new(reader)?;
        rows.builder.take_as(schema)?;
        Ok(Self {
            rows,
            schema: schema.clone(),
            batch: batch.max(1),
        })
    }

    /// Bytes taken from the reader so far.
    pub fn bytes_read(&self) -> u64 {
        self.rows.reader.bytes_read()
    }
}

impl<R: Read> Iterator for CsvBatches<R> {
    type Item = Result<Reading>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.rows.fill(self.batch) {
            Ok(0) => None,
            Ok(_) => Some(self.rows.builder.take_as(&self.schema)),
            Err(error) => Some(Err(error)),
        }
    }
}

/// A CSV reader that fills a [`DatasetBuilder`].
struct Rows<R> {
    reader: CsvRows<R>,
    builder: DatasetBuilder,
}

impl<R: Read> Rows<R> {
    fn new(source: R) -> Result<Self> {
        let reader = CsvRows::new(source)?;
        let builder = DatasetBuilder::new(reader.header().to_vec())?;
        Ok(Self { reader, builder })
    }

    /// Reads up to `most` rows; returns how many lines it took, skipped ones
    /// included.
    fn fill(&mut self, most: usize) -> Result<usize> {
        for done in 0..most {
            match self.reader.read()? {
                None => return Ok(done),
                Some(Ok(row)) => self.builder.push_joined(row.line, row.text(), row.ends()),
                Some(Err(issue)) => self.builder.skip(issue),
            }
        }
        Ok(most)
    }
}
