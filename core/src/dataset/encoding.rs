//! Cells as codes, numbers and labels, where the schema is known.

use super::{Column, DatasetBuilder, RowIssue};
use crate::infer;
use crate::schema::{Feature, FeatureKind, MISSING, Target, flag_level};

impl DatasetBuilder {
    /// Codes or numbers of one feature whose kind is known.
    pub(super) fn encode(
        &self,
        feature: &Feature,
        at: usize,
        skipped: &mut [Option<RowIssue>],
    ) -> Column {
        match &feature.kind {
            FeatureKind::Numeric { .. } => {
                let numbers = (0..self.rows()).map(|row| {
                    let cell = self.cell(row, at);
                    if cell.is_empty() {
                        return f64::NAN;
                    }
                    infer::number(cell).unwrap_or_else(|| {
                        skipped[row].get_or_insert_with(|| self.issue(row, at, "a number"));
                        f64::NAN
                    })
                });
                Column::Numeric(numbers.collect())
            }
            FeatureKind::Categorical { levels, .. } => {
                let codes = (0..self.rows()).map(|row| {
                    let cell = self.cell(row, at);
                    if cell.is_empty() {
                        return MISSING;
                    }
                    feature.code_of(cell).unwrap_or_else(|| {
                        skipped[row].get_or_insert_with(|| {
                            self.issue(row, at, &format!("one of '{}'", levels.join("', '")))
                        });
                        MISSING
                    })
                });
                Column::Categorical(codes.collect())
            }
        }
    }

    /// Labels of all rows; a missing column or cell is no label.
    pub(crate) fn labels(
        &self,
        target: Option<&Target>,
        skipped: &mut [Option<RowIssue>],
    ) -> Vec<Option<bool>> {
        let Some((target, at)) = target.and_then(|t| Some((t, self.column(&t.name)?))) else {
            return vec![None; self.rows()];
        };
        (0..self.rows())
            .map(|row| {
                let cell = self.cell(row, at);
                let class = if target.flag { flag_level(cell) } else { cell };
                if class == target.positive {
                    return Some(true);
                }
                if class == target.negative {
                    return Some(false);
                }
                if !cell.is_empty() {
                    skipped[row].get_or_insert_with(|| {
                        let expected = format!("'{}' or '{}'", target.negative, target.positive);
                        self.issue(row, at, &expected)
                    });
                }
                None
            })
            .collect()
    }
}
