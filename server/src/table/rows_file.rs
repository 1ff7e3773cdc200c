//! A Parquet file while it is written: rows, in groups.

use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

use churn_core::{Error, ErrorCode, Result};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::cells::{Cell, Cells, Kind, Values};

/// Rows of a group. They are in memory until the group is written.
const GROUP: usize = 16_384;

/// A Parquet file, open for writing.
pub struct RowsFile {
    writer: SerializedFileWriter<BufWriter<File>>,
    columns: Vec<Cells>,
    waiting: usize,
    rows: u64,
}

impl std::fmt::Debug for RowsFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RowsFile, {} rows", self.rows)
    }
}

impl RowsFile {
    /// Starts a file with these columns.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn new(file: File, columns: &[(&str, Kind)]) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("churn".into())
            .build();
        let layout = layout(columns).map_err(|error| unwritable(&error))?;
        let writer = SerializedFileWriter::new(BufWriter::new(file), layout, Arc::new(properties));
        let kinds = columns.iter().map(|(_, kind)| *kind);
        Ok(Self {
            writer: writer.map_err(|error| unwritable(&error))?,
            columns: kinds.map(Cells::new).collect(),
            waiting: 0,
            rows: 0,
        })
    }

    /// Adds a row, as many cells as columns.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn push(&mut self, row: &[Cell<'_>]) -> Result<()> {
        for (cells, cell) in self.columns.iter_mut().zip(row) {
            cells.push(*cell);
        }
        self.rows += 1;
        self.waiting += 1;
        if self.waiting == GROUP {
            self.write_group().map_err(|error| unwritable(&error))?;
        }
        Ok(())
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes the end. The file is on disk then.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn finish(mut self) -> Result<()> {
        let ended = self.write_group().and_then(|()| self.writer.into_inner());
        let file = ended.map_err(|error| unwritable(&error))?;
        let file = file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error);
        let synced = file.and_then(|file| file.sync_all());
        synced.map_err(|error| unwritable(&error.into()))
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        if self.waiting == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for cells in &mut self.columns {
            let Some(column) = group.next_column()? else {
                break;
            };
            write(column, cells)?;
            cells.clear();
        }
        group.close()?;
        self.waiting = 0;
        Ok(())
    }
}

fn write(mut column: SerializedColumnWriter<'_>, cells: &Cells) -> Result<(), ParquetError> {
    let Cells { present, values } = cells;
    let levels: Vec<i16> = present.iter().map(|present| i16::from(*present)).collect();
    match values {
        Values::Integer(all) => typed::<Int64Type>(&mut column, &kept(all, present), &levels),
        Values::Number(all) => typed::<DoubleType>(&mut column, &kept(all, present), &levels),
        Values::Boolean(all) => typed::<BoolType>(&mut column, &kept(all, present), &levels),
        Values::Text(all) => {
            let texts: Vec<ByteArray> = all.iter().map(ByteArray::from).collect();
            typed::<ByteArrayType>(&mut column, &kept(&texts, present), &levels)
        }
    }?;
    column.close()
}

fn typed<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    values: &[T::T],
    levels: &[i16],
) -> Result<(), ParquetError> {
    let written = column.typed::<T>().write_batch(values, Some(levels), None);
    written.map(drop)
}

/// The values that are not missing.
fn kept<T: Clone>(values: &[T], present: &[bool]) -> Vec<T> {
    let pairs = values.iter().zip(present);
    pairs
        .filter(|(_, present)| **present)
        .map(|(value, _)| value.clone())
        .collect()
}

/// The columns as Parquet has them.
fn layout(columns: &[(&str, Kind)]) -> Result<TypePtr, ParquetError> {
    let columns = columns.iter().map(|(name, kind)| {
        let (physical, logical) = match kind {
            Kind::Integer => (Physical::INT64, None),
            Kind::Number => (Physical::DOUBLE, None),
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Boolean => (Physical::BOOLEAN, None),
        };
        let column = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical);
        column.build().map(Arc::new)
    });
    let columns = columns.collect::<Result<_, _>>()?;
    let table = Type::group_type_builder("table").with_fields(columns);
    table.build().map(Arc::new)
}

/// What the parquet crate says, as ours.
pub fn unwritable(error: &ParquetError) -> Error {
    let message = format!("the Parquet file cannot be written: {error}");
    Error::new(ErrorCode::Io, message)
}
