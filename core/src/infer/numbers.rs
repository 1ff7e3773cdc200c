//! A column whose cells are numbers.

use super::number;
use crate::dataset::{Column, DatasetBuilder, RowIssue};
use crate::schema::{FeatureKind, MISSING, flag_level};

/// A column of numbers, before it is known whether it is worth keeping.
pub struct Numbers {
    values: Vec<f64>,
    decimals: u8,
    /// Rows whose cell is no number.
    strangers: Vec<usize>,
}

impl Numbers {
    /// Share of cells that may be no number, one in this many.
    const ONE_IN: usize = 10;

    /// Reads the column as numbers; nothing when it is not a numeric column.
    pub fn read(table: &DatasetBuilder, at: usize) -> Option<Self> {
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
    pub fn into_column(
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
pub fn decimals_of(cell: &str, value: f64) -> u8 {
    const MOST: usize = 9;
    if cell.contains(['e', 'E']) {
        return if value.fract() == 0.0 { 0 } else { MOST as u8 };
    }
    let digits = cell.split_once('.').map_or(0, |(_, digits)| digits.len());
    digits.min(MOST) as u8
}
