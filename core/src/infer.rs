//! What a column is, seen from its cells.
//!
//! * A column is **numeric** when at least nine in ten of its cells are finite
//!   numbers; a row whose cell is another text is skipped and reported.
//! * A numeric column that holds only 0 and 1 is read as No and Yes.
//! * Any other column is **categorical**, its levels in code-point order.
//! * A constant, empty or too diverse column is left out and reported.

use std::collections::HashSet;

use crate::dataset::{Column, DatasetBuilder, LeftOut, ReadOptions, Reading, RowIssue, lacking};
use crate::decimal;
use crate::error::{Error, ErrorCode, Result};
use crate::schema::{
    Feature, FeatureKind, MISSING, MOST_LEVELS, Schema, Target, flag_level, is_number,
};

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

/// A column of numbers, before it is known whether it is worth keeping.
struct Numbers {
    values: Vec<f64>,
    decimals: u8,
    /// Rows whose cell is no number.
    strangers: Vec<usize>,
}

impl Numbers {
    /// Share of cells that may be no number, one in this many.
    const ONE_IN: usize = 10;

    /// Reads the column as numbers; nothing when it is not a numeric column.
    fn read(table: &DatasetBuilder, at: usize) -> Option<Self> {
        let mut values = Vec::with_capacity(table.rows());
        let mut decimals = 0;
        let mut present = 0;
        let mut strangers = Vec::new();
        for row in 0..table.rows() {
            let cell = table.cell(row, at);
            let value = number(cell);
            if let Some(value) = value {
                decimals = decimals.max(decimals_of(cell, value));
            } else if !cell.is_empty() {
                strangers.push(row);
                // Texts are recognised early; a long column is not read in vain.
                if strangers.len() * Self::ONE_IN > table.rows() {
                    return None;
                }
            }
            present += usize::from(!cell.is_empty());
            values.push(value.unwrap_or(f64::NAN));
        }
        if present == 0 || strangers.len() * Self::ONE_IN > present {
            return None;
        }
        Some(Self {
            values,
            decimals,
            strangers,
        })
    }

    /// The feature, or why it is none. A feature skips the rows that are no
    /// number; a column that is left out skips none.
    fn into_column(
        mut self,
        table: &DatasetBuilder,
        at: usize,
        skipped: &mut [Option<RowIssue>],
    ) -> Result<(FeatureKind, Column), String> {
        let present = || self.values.iter().copied().filter(|x| !x.is_nan());
        let first = present().next().unwrap_or(f64::NAN);
        if present().all(|x| x == first) {
            return Err(format!("constant: every value is {first}"));
        }
        let is_flag = self.decimals == 0 && present().all(|x| x == 0.0 || x == 1.0);
        for &row in &self.strangers {
            match table.cell(row, at) {
                // As a flag's levels are written elsewhere.
                "No" if is_flag => self.values[row] = 0.0,
                "Yes" if is_flag => self.values[row] = 1.0,
                _ => {
                    skipped[row].get_or_insert_with(|| table.issue(row, at, "a number"));
                }
            }
        }
        if is_flag {
            let code = |&x: &f64| {
                if x.is_nan() {
                    MISSING
                } else {
                    u8::from(x == 1.0)
                }
            };
            let levels = vec![flag_level("0").to_owned(), flag_level("1").to_owned()];
            let codes = self.values.iter().map(code).collect();
            let kind = FeatureKind::Categorical { levels, flag: true };
            return Ok((kind, Column::Categorical(codes)));
        }
        let kind = FeatureKind::Numeric {
            decimals: self.decimals,
        };
        Ok((kind, Column::Numeric(self.values)))
    }
}

/// Digits after the decimal point, as written; for an exponent, a guess from
/// the value.
fn decimals_of(cell: &str, value: f64) -> u8 {
    const MOST: usize = 9;
    if cell.contains(['e', 'E']) {
        return if value.fract() == 0.0 { 0 } else { MOST as u8 };
    }
    let digits = cell.split_once('.').map_or(0, |(_, digits)| digits.len());
    digits.min(MOST) as u8
}

/// Levels and codes of a text column, or why it is no feature.
fn categorical(
    table: &DatasetBuilder,
    at: usize,
    max_levels: usize,
    skipped: &[Option<RowIssue>],
) -> Result<(FeatureKind, Column), String> {
    let limit = max_levels.min(MOST_LEVELS);
    let mut levels: Vec<&str> = Vec::new();
    let mut codes = Vec::with_capacity(table.rows());
    for (row, skip) in skipped.iter().enumerate() {
        let cell = table.cell(row, at);
        if cell.is_empty() || skip.is_some() {
            codes.push(MISSING);
            continue;
        }
        let code = match levels.iter().position(|&level| level == cell) {
            Some(code) => code,
            None if levels.len() == limit => {
                return Err(format!("more than {limit} different texts"));
            }
            None => {
                levels.push(cell);
                levels.len() - 1
            }
        };
        codes.push(code as u8); // below `limit`, which fits a byte
    }
    match levels.as_slice() {
        [] => return Err("empty".into()),
        [one] => return Err(format!("constant: every value is '{one}'")),
        _ => {}
    }
    let mut order: Vec<u8> = (0..levels.len() as u8).collect();
    order.sort_by_key(|&code| levels[usize::from(code)]);
    let mut place = vec![MISSING; usize::from(MISSING) + 1];
    for (sorted, &code) in order.iter().enumerate() {
        place[usize::from(code)] = sorted as u8;
    }
    for code in &mut codes {
        *code = place[usize::from(*code)];
    }
    let levels = order
        .iter()
        .map(|&code| levels[usize::from(code)].to_owned())
        .collect();
    Ok((
        FeatureKind::Categorical {
            levels,
            flag: false,
        },
        Column::Categorical(codes),
    ))
}

/// The target's two classes.
fn target(
    table: &DatasetBuilder,
    at: usize,
    options: &ReadOptions,
    skipped: &[Option<RowIssue>],
) -> Result<Target> {
    let name = table.header()[at].clone();
    let fail = |expected: String, got: String| {
        Err(Error::mismatch(ErrorCode::Target, expected, got).in_field(&name))
    };
    let mut classes: Vec<&str> = Vec::new();
    for (row, skip) in skipped.iter().enumerate() {
        let cell = table.cell(row, at);
        if cell.is_empty() || skip.is_some() || classes.contains(&cell) {
            continue;
        }
        classes.push(cell);
        if classes.len() > 2 {
            classes.sort_unstable();
            return fail(
                "two classes".into(),
                format!("'{}' and more", classes.join("', '")),
            );
        }
    }
    classes.sort_unstable();
    let flag = classes == ["0", "1"];
    let classes: Vec<&str> = if flag {
        classes.into_iter().map(flag_level).collect()
    } else {
        classes
    };
    let &[first, second] = classes.as_slice() else {
        return match classes.first() {
            Some(one) => fail("two classes".into(), format!("only '{one}'")),
            None => fail("two classes".into(), "no value".into()),
        };
    };
    let wanted = match options.positive.as_deref() {
        Some(positive) if flag => flag_level(positive),
        Some(positive) => positive,
        None => "Yes",
    };
    let negative = match (first == wanted, second == wanted) {
        (true, _) => second,
        (_, true) => first,
        _ => {
            let expected = format!("a positive class: '{first}' or '{second}'");
            return fail(expected, format!("'{wanted}'"));
        }
    };
    Ok(Target {
        name,
        negative: negative.into(),
        positive: wanted.into(),
        flag,
    })
}
