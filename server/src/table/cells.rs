//! Cells of a table: of four kinds, in columns.

use std::fmt::Write as _;

pub use churn_core::tables::Kind;

use super::texts::Texts;

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing is known.
    Missing,
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A text.
    Text(&'a str),
    /// True or false.
    Boolean(bool),
}

impl<'a> Cell<'a> {
    /// Reads a cell of a column of this kind; none where it does not fit.
    pub fn parse(text: &'a str, kind: Kind) -> Option<Self> {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Some(Self::Missing);
        }
        match kind {
            Kind::Text => Some(Self::Text(text)),
            Kind::Number => churn_core::infer::number(text).map(Self::Number),
            Kind::Integer => whole(text).map(Self::Integer),
            Kind::Boolean => match text {
                "true" | "True" | "TRUE" => Some(Self::Boolean(true)),
                "false" | "False" | "FALSE" => Some(Self::Boolean(false)),
                _ => None,
            },
        }
    }

    /// Adds the cell as text that reads back as it is; nothing where it is
    /// missing.
    pub fn write(self, text: &mut String) {
        // Writing to a string cannot fail.
        let _ = match self {
            Self::Missing => Ok(()),
            Self::Integer(x) => write!(text, "{x}"),
            Self::Number(x) => write!(text, "{x}"),
            Self::Text(x) => text.write_str(x),
            Self::Boolean(x) => write!(text, "{x}"),
        };
    }

    /// The number, where it is one.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Integer(x) => Some(x as f64),
            Self::Number(x) => Some(x),
            _ => None,
        }
    }
}

/// A whole number, however it is written: 29, 29.0, +29.
fn whole(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| {
        let x = churn_core::infer::number(text)?;
        // In range, so the conversion is exact.
        (x.fract() == 0.0).then_some(x as i64)
    })
}

/// The values of a column; anything where one is missing.
#[derive(Clone, Debug)]
pub enum Values {
    /// Whole numbers.
    Integer(Vec<i64>),
    /// Numbers.
    Number(Vec<f64>),
    /// Texts.
    Text(Texts),
    /// True or false.
    Boolean(Vec<bool>),
}

/// Some rows of one column.
#[derive(Clone, Debug)]
pub struct Cells {
    /// Which are not missing.
    pub present: Vec<bool>,
    /// As many.
    pub values: Values,
}

impl Cells {
    /// No rows yet.
    pub fn new(kind: Kind) -> Self {
        Self {
            present: Vec::new(),
            values: match kind {
                Kind::Integer => Values::Integer(Vec::new()),
                Kind::Number => Values::Number(Vec::new()),
                Kind::Text => Values::Text(Texts::default()),
                Kind::Boolean => Values::Boolean(Vec::new()),
            },
        }
    }

    /// Adds a cell; one of another kind is missing.
    pub fn push(&mut self, cell: Cell<'_>) {
        let fits = match (&mut self.values, cell) {
            (Values::Integer(all), Cell::Integer(x)) => {
                all.push(x);
                true
            }
            (Values::Number(all), Cell::Number(x)) => {
                all.push(x);
                true
            }
            (Values::Text(all), Cell::Text(x)) => {
                all.push(x);
                true
            }
            (Values::Boolean(all), Cell::Boolean(x)) => {
                all.push(x);
                true
            }
            (values, _) => {
                match values {
                    Values::Integer(all) => all.push(0),
                    Values::Number(all) => all.push(0.0),
                    Values::Text(all) => all.push(""),
                    Values::Boolean(all) => all.push(false),
                }
                false
            }
        };
        self.present.push(fits);
    }

    /// One cell; missing beyond the last.
    pub fn get(&self, row: usize) -> Cell<'_> {
        if self.present.get(row) != Some(&true) {
            return Cell::Missing;
        }
        match &self.values {
            Values::Integer(all) => all.get(row).map_or(Cell::Missing, |x| Cell::Integer(*x)),
            Values::Number(all) => all.get(row).map_or(Cell::Missing, |x| Cell::Number(*x)),
            Values::Text(all) => Cell::Text(all.get(row)),
            Values::Boolean(all) => all.get(row).map_or(Cell::Missing, |x| Cell::Boolean(*x)),
        }
    }

    /// Takes all rows away and keeps the room.
    pub fn clear(&mut self) {
        self.present.clear();
        match &mut self.values {
            Values::Integer(all) => all.clear(),
            Values::Number(all) => all.clear(),
            Values::Text(all) => all.clear(),
            Values::Boolean(all) => all.clear(),
        }
    }
}
