//! What kind of column this is, seen from its cells, in memory that does not
//! grow: counts only.
//!
//! * Numbers: at least nine in ten cells are, as for a model; a row with another
//!   text does not fit. Whole numbers if all of them are.
//! * Text, also of digits, where a cell has a leading zero or plus: such are
//!   codes.
//! * True and false: all cells are, in one spelling.
//! * Text: all else, and a column without cells.

use churn_core::infer;

use super::cells::{Cell, Kind};
use super::schema::{Spelling, TableColumn, TableSchema};
use super::source::Columns;

/// Share of cells that may be no number, one in this many.
const ONE_IN: u64 = 10;

/// Counts of the cells of one column.
#[derive(Clone, Debug, Default)]
struct Counts {
    present: u64,
    numbers: u64,
    integers: u64,
    codes: u64,
    booleans: [u64; 3],
}

impl Counts {
    fn add(&mut self, text: &str) {
        let text = text.trim_ascii();
        if text.is_empty() {
            return;
        }
        self.present += 1;
        if text.parse::<i64>().is_ok() || infer::number(text).is_some() {
            self.numbers += 1;
            self.integers += u64::from(is_integer(text));
            self.codes += u64::from(is_code(text));
        } else if let Some(spelling) = Spelling::of(text) {
            self.booleans[spelling as usize] += 1;
        }
    }

    fn kind(&self) -> Kind {
        let strangers = self.present - self.numbers;
        if self.present == 0 || self.codes > 0 {
            Kind::Text
        } else if self.booleans.contains(&self.present) {
            Kind::Boolean
        } else if strangers * ONE_IN > self.present {
            Kind::Text
        } else if self.integers == self.numbers {
            Kind::Integer
        } else {
            Kind::Number
        }
    }
}

/// Whether it is a whole number in its one plain spelling.
fn is_integer(text: &str) -> bool {
    let mut again = String::new();
    text.parse().is_ok_and(|x| {
        Cell::Integer(x).write(&mut again);
        again == text
    })
}

/// Whether a number would lose what it is known by: 007, +49.
fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    matches!(digits, [b'+', ..] | [b'0', b'0'..=b'9', ..])
}

/// The kinds of all columns, as far as rows were seen.
#[derive(Clone, Debug)]
pub struct Inference {
    columns: Columns,
    counts: Vec<Counts>,
}

impl Inference {
    /// No rows yet. The kinds of some columns may be known.
    pub fn new(columns: Columns) -> Self {
        Self {
            counts: vec![Counts::default(); columns.names.len()],
            columns,
        }
    }

    /// Whether rows have to be seen.
    pub fn is_needed(&self) -> bool {
        self.columns.kinds.contains(&None)
    }

    /// Takes the next row.
    pub fn add<'a>(&mut self, row: impl Iterator<Item = &'a str>) {
        for (counts, text) in self.counts.iter_mut().zip(row) {
            counts.add(text);
        }
    }

    /// The schema that fits the rows.
    pub fn schema(&self) -> TableSchema {
        let kinds = self.columns.kinds.iter().zip(&self.counts);
        let kinds = kinds.map(|(declared, counts)| declared.unwrap_or_else(|| counts.kind()));
        TableSchema {
            columns: self
                .columns
                .names
                .iter()
                .zip(kinds)
                .map(|(name, kind)| TableColumn::new(name, kind))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(cells: &[&str]) -> Kind {
        let mut counts = Counts::default();
        for cell in cells {
            counts.add(cell);
        }
        counts.kind()
    }

    #[test]
    fn kinds_are_seen_from_cells() {
        assert_eq!(kind(&["1", " 20 ", "", "-3"]), Kind::Integer);
        assert_eq!(kind(&["9007199254740993"]), Kind::Integer);
        assert_eq!(kind(&["1", "2.5", "1e3"]), Kind::Number);
        assert_eq!(kind(&["1", "2.0"]), Kind::Number);
        assert_eq!(kind(&["true", "false"]), Kind::Boolean);
        assert_eq!(kind(&["True", "false"]), Kind::Text);
        assert_eq!(kind(&["Yes", "No"]), Kind::Text);
        assert_eq!(kind(&["", " "]), Kind::Text);
        assert_eq!(kind(&["08001", "10115"]), Kind::Text);
        assert_eq!(kind(&["+49", "1"]), Kind::Text);
        assert_eq!(kind(&["0", "-0.5"]), Kind::Number);
    }

    #[test]
    fn one_stranger_in_ten_is_let_go() {
        let mut cells = vec!["1"; 9];
        cells.push("n/a");
        assert_eq!(kind(&cells), Kind::Integer);
        cells.pop();
        cells.pop();
        cells.push("n/a");
        assert_eq!(kind(&cells), Kind::Text);
    }
}
