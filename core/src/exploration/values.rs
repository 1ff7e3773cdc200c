//! The cells of one column, in the rows that are looked at.

use super::Bins;
use crate::dataset::{Column, Dataset};
use crate::schema::MISSING;

/// Levels of the outcome: stayed, left.
const OUTCOMES: usize = 2;

/// The cells of a column, one per row that is looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Level codes; [`MISSING`] where nothing is.
    Levels {
        /// A code per row.
        codes: Vec<u8>,
        /// Number of levels that the column can have.
        levels: usize,
    },
    /// Numbers; NaN where nothing is.
    Numbers(Vec<f64>),
}

impl Values {
    /// A feature's cells in the given rows.
    pub fn of(data: &Dataset, feature: usize, rows: &[u32]) -> Self {
        match data.column(feature) {
            Column::Categorical(codes) => Self::Levels {
                codes: rows.iter().map(|&row| codes[row as usize]).collect(),
                levels: data.schema().features[feature].levels().len(),
            },
            Column::Numeric(numbers) => {
                Self::Numbers(rows.iter().map(|&row| numbers[row as usize]).collect())
            }
        }
    }

    /// Who left, as a column of two levels: 0 stayed, 1 left.
    pub fn outcome(data: &Dataset, rows: &[u32]) -> Self {
        let code = |&row: &u32| data.label(row as usize).map_or(MISSING, u8::from);
        Self::Levels {
            codes: rows.iter().map(code).collect(),
            levels: OUTCOMES,
        }
    }

    /// How many rows lack a value.
    pub fn missing(&self) -> usize {
        match self {
            Self::Levels { codes, .. } => codes.iter().filter(|code| **code == MISSING).count(),
            Self::Numbers(numbers) => numbers.iter().filter(|x| x.is_nan()).count(),
        }
    }

    /// A code per row: of levels their own, of numbers that of their bin.
    /// [`MISSING`] where nothing is, or no bin.
    pub fn codes(&self, bins: Option<&Bins>) -> Vec<u8> {
        match (self, bins) {
            (Self::Levels { codes, .. }, _) => codes.clone(),
            (Self::Numbers(numbers), Some(bins)) => numbers.iter().map(|&x| bins.code(x)).collect(),
            (Self::Numbers(numbers), None) => vec![MISSING; numbers.len()],
        }
    }
}
