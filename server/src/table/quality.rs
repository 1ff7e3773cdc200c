//! What is in the columns of a version, as figures.

use std::collections::HashMap;

use churn_core::Result;
use churn_core::tables::{ColumnQuality, Numbers, TableContent, ValueCount};

use super::cells::{Cell, Cells};
use super::schema::TableColumn;
use super::version::Version;

/// Most different values that are counted.
pub const MOST_DISTINCT: usize = 1000;

/// Most frequent values that are told.
const MOST_FREQUENT: usize = 5;

impl Version {
    /// What is told of it and of all its columns.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn content(&self) -> Result<TableContent> {
        let columns = &self.schema.columns;
        let mut looks: Vec<Look> = columns.iter().map(|_| Look::default()).collect();
        let mut file = self.open()?;
        while let Some(batch) = file.read()? {
            for ((column, look), cells) in columns.iter().zip(&mut looks).zip(&batch) {
                look.add(column, cells);
            }
        }
        let pairs = columns.iter().zip(looks);
        Ok(TableContent {
            version: self.record.told()?,
            quality: pairs.map(|(column, look)| look.finish(column)).collect(),
        })
    }
}

/// A column as far as it was seen.
#[derive(Debug, Default)]
struct Look {
    missing: u64,
    levels: Levels,
    numbers: Option<Numbers>,
    sum: f64,
    count: u64,
}

impl Look {
    fn add(&mut self, column: &TableColumn, cells: &Cells) {
        for row in 0..cells.present.len() {
            let cell = cells.get(row);
            if cell == Cell::Missing {
                self.missing += 1;
                continue;
            }
            self.levels.add(column, cell);
            let Some(x) = cell.number() else { continue };
            let seen = self.numbers.unwrap_or(Numbers {
                min: x,
                max: x,
                mean: 0.0,
            });
            self.numbers = Some(Numbers {
                min: seen.min.min(x),
                max: seen.max.max(x),
                ..seen
            });
            self.sum += x;
            self.count += 1;
        }
    }

    fn finish(self, column: &TableColumn) -> ColumnQuality {
        let mean = self.sum / self.count as f64;
        let counts = self.levels.counts().cloned();
        let distinct = counts.as_ref().map(|counts| counts.len() as u64);
        let counts = counts.unwrap_or_default().into_iter();
        let mut frequent: Vec<ValueCount> = counts
            .map(|(value, rows)| ValueCount { value, rows })
            .collect();
        frequent.sort_by(|a, b| {
            let order = b.rows.cmp(&a.rows);
            order.then_with(|| a.value.cmp(&b.value))
        });
        frequent.truncate(MOST_FREQUENT);
        ColumnQuality {
            name: column.name.clone(),
            kind: column.kind,
            missing: self.missing,
            distinct,
            numbers: self.numbers.map(|numbers| Numbers { mean, ..numbers }),
            frequent,
        }
    }
}

/// Rows per value, as long as there are few values.
#[derive(Debug)]
pub struct Levels(Option<HashMap<String, u64>>);

impl Default for Levels {
    fn default() -> Self {
        Self(Some(HashMap::new()))
    }
}

impl Levels {
    /// Counts a value.
    pub fn add(&mut self, column: &TableColumn, cell: Cell<'_>) {
        let Some(counts) = &mut self.0 else { return };
        let mut text = String::new();
        column.write(cell, &mut text);
        if let Some(count) = counts.get_mut(&text) {
            *count += 1;
        } else if counts.len() < MOST_DISTINCT {
            counts.insert(text, 1);
        } else {
            self.0 = None;
        }
    }

    /// Rows per value; none beyond [`MOST_DISTINCT`].
    pub fn counts(&self) -> Option<&HashMap<String, u64>> {
        self.0.as_ref()
    }
}
