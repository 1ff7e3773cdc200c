//! Parquet's types as the kinds of a table: decimals come as numbers, dates and
//! times as text, in UTC. Nested columns, bytes and times of day are refused.

use churn_core::{Error, ErrorCode, Result};
use parquet::basic::{ConvertedType as Converted, LogicalType, TimeUnit, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::schema::types::ColumnDescPtr;

use super::cells::{Cell, Cells, Kind};
use super::parquet_file::unreadable;
use crate::clock::{DAY_MS, rfc3339};

/// The kind a column comes as.
///
/// # Errors
/// [`ErrorCode::Data`] for a column that no table can have.
pub fn kind(column: &ColumnDescPtr) -> Result<Kind> {
    let logical = column.logical_type_ref();
    let is_time = matches!(logical, Some(LogicalType::Time(_)));
    let is_nested = column.max_rep_level() > 0 || column.path().parts().len() > 1;
    let kind = match (column.physical_type(), column.converted_type()) {
        (_, Converted::TIME_MILLIS | Converted::TIME_MICROS | Converted::INTERVAL) => None,
        _ if is_nested || is_time => None,
        (Physical::BOOLEAN, _) => Some(Kind::Boolean),
        (_, Converted::DECIMAL) => Some(Kind::Number),
        (Physical::INT32, Converted::DATE) | (Physical::INT96, _) => Some(Kind::Text),
        (Physical::INT64, _) if per_second(column).is_some() => Some(Kind::Text),
        (Physical::INT32 | Physical::INT64, _) => Some(Kind::Integer),
        (Physical::FLOAT | Physical::DOUBLE, _) => Some(Kind::Number),
        (Physical::BYTE_ARRAY, Converted::UTF8 | Converted::ENUM | Converted::JSON) => {
            Some(Kind::Text)
        }
        _ => None,
    };
    kind.ok_or_else(|| {
        let got = match logical {
            Some(logical) => format!("{logical:?}"),
            None => column.physical_type().to_string(),
        };
        let expected = "booleans, numbers, texts, dates or timestamps, not nested";
        damaged(column, expected, got)
    })
}

/// Reads the next rows of a column.
///
/// # Errors
/// [`ErrorCode::Data`] when the file is damaged.
pub fn read(
    reader: &mut ColumnReader,
    column: &ColumnDescPtr,
    kind: Kind,
    rows: usize,
) -> Result<Cells> {
    let mut cells = Cells::new(kind);
    let rows = Rows {
        column,
        rows,
        cells: &mut cells,
    };
    let converted = column.converted_type();
    let scale = column.type_scale();
    let mut text = String::new();
    match reader {
        ColumnReader::BoolColumnReader(reader) => rows.read(reader, |cells, x| {
            cells.push(Cell::Boolean(*x));
            Ok(())
        }),
        ColumnReader::Int32ColumnReader(reader) => rows.read(reader, |cells, x| {
            match converted {
                Converted::DATE => {
                    let day = rfc3339(i64::from(*x) * DAY_MS);
                    cells.push(Cell::Text(day.split('T').next().unwrap_or_default()));
                }
                Converted::DECIMAL => push_number(cells, decimal(i128::from(*x), scale)),
                Converted::UINT_8 | Converted::UINT_16 | Converted::UINT_32 => {
                    cells.push(Cell::Integer(i64::from(x.cast_unsigned())));
                }
                _ => cells.push(Cell::Integer(i64::from(*x))),
            }
            Ok(())
        }),
        ColumnReader::Int64ColumnReader(reader) => {
            let per_second = per_second(column);
            rows.read(reader, |cells, x| {
                match (per_second, converted) {
                    (Some(per_second), _) => {
                        moment(*x, per_second, &mut text);
                        cells.push(Cell::Text(&text));
                    }
                    (None, Converted::DECIMAL) => {
                        push_number(cells, decimal(i128::from(*x), scale));
                    }
                    (None, Converted::UINT_64) if *x < 0 => {
                        let got = x.cast_unsigned().to_string();
                        return Err(damaged(column, "whole numbers of 63 bits", got));
                    }
                    _ => cells.push(Cell::Integer(*x)),
                }
                Ok(())
            })
        }
        ColumnReader::Int96ColumnReader(reader) => rows.read(reader, |cells, x| {
            moment(x.to_millis(), 1000, &mut text);
            cells.push(Cell::Text(&text));
            Ok(())
        }),
        ColumnReader::FloatColumnReader(reader) => rows.read(reader, |cells, x| {
            // The number that is meant: 0.1, not 0.10000000149.
            push_number(cells, x.to_string().parse().ok());
            Ok(())
        }),
        ColumnReader::DoubleColumnReader(reader) => rows.read(reader, |cells, x| {
            push_number(cells, Some(*x));
            Ok(())
        }),
        ColumnReader::ByteArrayColumnReader(reader) => rows.read(reader, |cells, x| {
            if converted == Converted::DECIMAL {
                push_number(cells, of_bytes(x.data()).and_then(|x| decimal(x, scale)));
                return Ok(());
            }
            let text = std::str::from_utf8(x.data());
            let text = text.map_err(|_| damaged(column, "UTF-8 text", "other bytes".into()))?;
            cells.push(Cell::Text(text));
            Ok(())
        }),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => rows.read(reader, |cells, x| {
            push_number(cells, of_bytes(x.data()).and_then(|x| decimal(x, scale)));
            Ok(())
        }),
    }?;
    Ok(cells)
}

/// Where the next rows of a column go.
struct Rows<'a> {
    column: &'a ColumnDescPtr,
    rows: usize,
    cells: &'a mut Cells,
}

impl Rows<'_> {
    fn read<T: DataType>(
        self,
        reader: &mut ColumnReaderImpl<T>,
        mut push: impl FnMut(&mut Cells, &T::T) -> Result<()>,
    ) -> Result<()> {
        let mut levels = Vec::new();
        let mut values = Vec::with_capacity(self.rows);
        let mut done = 0;
        while done < self.rows {
            levels.clear();
            values.clear();
            let wanted = self.rows - done;
            let read = reader.read_records(wanted, Some(&mut levels), None, &mut values);
            let (rows, ..) = read.map_err(|error| unreadable(&error))?;
            if rows == 0 {
                let got = format!("{done} of {}", self.rows);
                return Err(damaged(self.column, "all rows of the group", got));
            }
            done += rows;
            let most = self.column.max_def_level();
            let mut values = values.iter();
            for row in 0..rows {
                let is_present = most == 0 || levels.get(row) == Some(&most);
                match is_present.then(|| values.next()).flatten() {
                    Some(value) => push(self.cells, value)?,
                    None => self.cells.push(Cell::Missing),
                }
            }
        }
        Ok(())
    }
}

/// Adds a number; one that is none is missing.
fn push_number(cells: &mut Cells, x: Option<f64>) {
    let number = x.filter(|x| !x.is_nan());
    cells.push(number.map_or(Cell::Missing, Cell::Number));
}

/// How many units of a moment make a second; none for what is no moment.
fn per_second(column: &ColumnDescPtr) -> Option<i64> {
    match (column.logical_type_ref(), column.converted_type()) {
        (Some(LogicalType::Timestamp(of)), _) => Some(match of.unit {
            TimeUnit::MILLIS => 1000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        }),
        (_, Converted::TIMESTAMP_MILLIS) => Some(1000),
        (_, Converted::TIMESTAMP_MICROS) => Some(1_000_000),
        _ => None,
    }
}

/// Writes a moment, with all its digits.
fn moment(x: i64, per_second: i64, text: &mut String) {
    let per_ms = per_second / 1000;
    *text = rfc3339(x.div_euclid(per_ms));
    let rest = x.rem_euclid(per_ms);
    if rest > 0 {
        let digits = per_ms.ilog10() as usize;
        text.truncate(text.len() - 1);
        text.push_str(&format!("{rest:0digits$}Z"));
    }
}

/// The number nearest to a decimal.
fn decimal(unscaled: i128, scale: i32) -> Option<f64> {
    format!("{unscaled}e{}", -i64::from(scale)).parse().ok()
}

/// A whole number of up to 16 bytes, the highest first.
fn of_bytes(bytes: &[u8]) -> Option<i128> {
    let mut all = match bytes.first()? {
        128.. => [u8::MAX; 16],
        _ => [0; 16],
    };
    let start = all.len().checked_sub(bytes.len())?;
    all[start..].copy_from_slice(bytes);
    Some(i128::from_be_bytes(all))
}

fn damaged(column: &ColumnDescPtr, expected: &str, got: String) -> Error {
    let name = column.path().string();
    Error::mismatch(ErrorCode::Data, expected, got).in_field(name)
}

#[cfg(test)]
mod tests;
