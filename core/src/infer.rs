//! What a column is, seen from its cells.
//!
//! * A column is **numeric** when at least nine in ten of its cells are finite
//!   numbers; a row whose cell is another text is skipped and reported.
//! * A numeric column that holds only 0 and 1 is read as No and Yes.
//! * Any other column is **categorical**, its levels in code-point order.
//! * A constant, empty or too diverse column is left out and reported.

mod levels;
mod numbers;
mod target;

use std::collections::HashSet;

use crate::dataset::{DatasetBuilder, LeftOut, ReadOptions, Reading, RowIssue, lacking};
use crate::decimal;
use crate::error::{Error, ErrorCode, Result};
use crate::schema::{Feature, Schema, is_number};
use levels::categorical;
use numbers::Numbers;
pub use numbers::decimals_of;
use target::target;

/// A finite number in range, written as JSON or CSV writes it; anything else is
/// none.
pub fn number(cell: &str) -> Option<f64> {
    decimal::parse(cell).filter(|x| is_number(*x))
}

/// Infers the schema of the rows in `table` and encodes them.
pub(crate) fn infer(mut table: DatasetBuilder, options: &ReadOptions) -> Result<Reading> {
    let target_at = named(&table, options.target.as_deref(), ErrorCode::Target)?;
    let id_at = named(&table, options.id.as_deref(), ErrorCode::Parameter)?
        .or_else(|| id_column(&table, target_at));
    let mut skipped: Vec<Option<RowIssue>> = vec![None; table.rows()];

    // Numeric columns come first: rows they skip do not count as levels.
    let others = (0..table.header().len()).filter(|&at| Some(at) != target_at && Some(at) != id_at);
    let mut columns = Vec::new();
    for at in others {
        let numeric = Numbers::read(&table, at);
        columns.push((at, numeric.map(|n| n.into_column(&table, at, &mut skipped))));
    }
    let target = target_at
        .map(|at| target(&table, at, options, &skipped))
        .transpose()?;

    let mut schema = Schema {
        id: id_at.map(|at| table.header()[at].clone()),
        target,
        features: Vec::new(),
    };
    let mut encoded = Vec::new();
    let mut left_out = Vec::new();
    for (at, numeric) in columns {
        let name = table.header()[at].clone();
        let found =
            numeric.unwrap_or_else(|| categorical(&table, at, options.max_levels, &skipped));
        match found {
            Ok((kind, column)) => {
                schema.features.push(Feature { name, kind });
                encoded.push(column);
            }
            Err(reason) => left_out.push(LeftOut {
                column: name,
                reason,
            }),
        }
    }
    let labels = table.labels(schema.target.as_ref(), &mut skipped);
    let reading = table.assemble(schema, encoded, id_at, labels, skipped, left_out);
    if reading.dataset.schema().features.is_empty() {
        let reasons: Vec<String> = reading
            .left_out
            .iter()
            .map(|l| format!("{}: {}", l.column, l.reason))
            .collect();
        let got = if reasons.is_empty() {
            "none".to_owned()
        } else {
            reasons.join("; ")
        };
        return Err(Error::mismatch(
            ErrorCode::Data,
            "columns to learn from",
            got,
        ));
    }
    Ok(reading)
}

fn named(table: &DatasetBuilder, name: Option<&str>, code: ErrorCode) -> Result<Option<usize>> {
    let Some(name) = name else { return Ok(None) };
    match table.column(name) {
        Some(at) => Ok(Some(at)),
        None => Err(Error {
            code,
            ..lacking(name, table.header())
        }),
    }
}

/// The first column, when its values are all present and different and it does
/// not look like a measurement (a number with decimals).
fn id_column(table: &DatasetBuilder, target: Option<usize>) -> Option<usize> {
    if target == Some(0) || table.rows() < 2 {
        return None;
    }
    let mut seen = HashSet::with_capacity(table.rows());
    let distinct = (0..table.rows()).all(|row| {
        let cell = table.cell(row, 0);
        let decimal = cell.contains('.') && number(cell).is_some();
        !cell.is_empty() && !decimal && seen.insert(cell)
    });
    distinct.then_some(0)
}
