//! Parquet files, a table's own and others, read in batches of columns.

use std::fs::File;
use std::path::Path;

use churn_core::{Error, ErrorCode, Result};
use parquet::basic::Compression;
use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};

use super::cells::{Cells, Kind};
use super::parquet_types::{kind, read};
use crate::input::in_file;

/// Rows that are read at a time.
pub const BATCH: usize = 4096;

/// A Parquet file, open for reading.
pub struct ParquetFile {
    reader: SerializedFileReader<File>,
    /// The columns to read, with the kind they come as.
    columns: Vec<(usize, Kind)>,
    groups: std::ops::Range<usize>,
    /// Of the row group at hand.
    readers: Vec<ColumnReader>,
    left: usize,
}

impl std::fmt::Debug for ParquetFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ParquetFile, {} columns", self.columns.len())
    }
}

impl ParquetFile {
    /// Opens a file and looks at its columns.
    ///
    /// # Errors
    /// [`ErrorCode::Io`]; [`ErrorCode::Data`] for what is no Parquet file, or has
    /// a column that no table can have.
    pub fn open(path: &Path) -> Result<Self> {
        let (file, _) = crate::input::open(path)?;
        let reader = SerializedFileReader::new(file).map_err(|error| unreadable(&error));
        let reader = reader.map_err(in_file(path))?;
        let metadata = reader.metadata();
        let mut chunks = metadata
            .row_groups()
            .iter()
            .flat_map(|group| group.columns());
        let is_known = |of| matches!(of, Compression::UNCOMPRESSED | Compression::SNAPPY);
        if let Some(chunk) = chunks.find(|chunk| !is_known(chunk.compression())) {
            let expected = "a file compressed with Snappy or not at all";
            let got = chunk.compression().to_string();
            return Err(in_file(path)(Error::mismatch(
                ErrorCode::Data,
                expected,
                got,
            )));
        }
        let schema = metadata.file_metadata().schema_descr();
        let columns = (0..schema.num_columns()).map(|at| Ok((at, kind(&schema.column(at))?)));
        let columns: Vec<_> = columns.collect::<Result<_>>().map_err(in_file(path))?;
        Ok(Self {
            groups: 0..reader.num_row_groups(),
            reader,
            columns,
            readers: Vec::new(),
            left: 0,
        })
    }

    /// Names of the columns.
    pub fn header(&self) -> Vec<String> {
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let names = self.columns.iter().map(|(at, _)| schema.column(*at));
        names.map(|column| column.name().to_owned()).collect()
    }

    /// Kinds of the columns.
    pub fn kinds(&self) -> Vec<Kind> {
        self.columns.iter().map(|(_, kind)| *kind).collect()
    }

    /// Rows in all.
    pub fn rows(&self) -> u64 {
        let rows = self.reader.metadata().file_metadata().num_rows();
        u64::try_from(rows).unwrap_or_default()
    }

    /// Rows without a value in each column, as the end of the file tells; nothing
    /// where it does not.
    pub fn missing(&self) -> Option<Vec<u64>> {
        let groups = self.reader.metadata().row_groups();
        let of_column = |(at, _): &(usize, Kind)| {
            let chunks = groups.iter().map(|group| group.column(*at).statistics());
            chunks.map(|chunk| chunk?.null_count_opt()).sum()
        };
        self.columns.iter().map(of_column).collect()
    }

    /// Reads these columns only, by their places.
    #[must_use]
    pub fn only(mut self, places: &[usize]) -> Self {
        let columns = places
            .iter()
            .filter_map(|at| self.columns.get(*at).copied());
        self.columns = columns.collect();
        self
    }

    /// The next rows, column by column; nothing at the end.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] when the file is damaged.
    pub fn read(&mut self) -> Result<Option<Vec<Cells>>> {
        while self.left == 0 {
            let Some(group) = self.groups.next() else {
                return Ok(None);
            };
            let group = self.reader.get_row_group(group);
            let group = group.map_err(|error| unreadable(&error))?;
            let readers = self
                .columns
                .iter()
                .map(|(at, _)| group.get_column_reader(*at));
            self.readers = readers
                .collect::<Result<_, _>>()
                .map_err(|error| unreadable(&error))?;
            self.left = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
        }
        let rows = self.left.min(BATCH);
        self.left -= rows;
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let mut batch = Vec::with_capacity(self.columns.len());
        for ((at, kind), reader) in self.columns.iter().zip(&mut self.readers) {
            batch.push(read(reader, &schema.column(*at), *kind, rows)?);
        }
        Ok(Some(batch))
    }
}

/// What the parquet crate says, as ours.
pub(super) fn unreadable(error: &ParquetError) -> Error {
    let message = format!("the Parquet file cannot be read: {error}");
    Error::new(ErrorCode::Data, message)
}
