//! How often two levels occur together.

use std::ops::Range;

use crate::dataset::{Column, Dataset};
use crate::linalg::Symmetric;
use crate::math::ordered;

/// Most level columns that are counted, so that the table fits the cache and a
/// system of its size is solved in a moment.
const MOST_COLUMNS: usize = 256;

/// A feature of more levels is a label rather than a choice.
const MOST_LEVELS: usize = 20;

/// Counts of pairs of levels: the Gram matrix of the one-hot columns, which are
/// never built.
#[derive(Clone, Debug)]
pub(super) struct Crosstab {
    /// Categorical features counted, in schema order.
    pub features: Vec<usize>,
    /// First column of each feature, and the width at the end.
    offsets: Vec<usize>,
    /// width × width, the upper triangle.
    counts: Vec<u32>,
    /// Rows counted.
    pub rows: usize,
}

impl Crosstab {
    /// Counts complete rows over the categorical features that links are looked
    /// for among. When there are too many, those of fewest levels come first.
    pub fn of_all(data: &Dataset, rows: &[usize]) -> Self {
        let schema = data.schema();
        let sizes: Vec<(usize, usize)> = (0..schema.features.len())
            .map(|at| (schema.features[at].levels().len(), at))
            .filter(|(levels, _)| (1..=MOST_LEVELS).contains(levels))
            .collect();
        let mut width = 0;
        let few = ordered(&sizes).into_iter().take_while(|(levels, _)| {
            width += levels;
            width <= MOST_COLUMNS
        });
        let features: Vec<usize> = few.map(|(_, at)| at).collect();
        Self::count(data, rows, ordered(&features))
    }

    /// Counts complete rows over given categorical features in schema order;
    /// nothing when one is numeric or they have too many levels.
    pub fn of(data: &Dataset, rows: &[usize], features: &[usize]) -> Option<Self> {
        let schema = data.schema();
        let width: usize = features.iter().map(|&at| schema.features[at].width()).sum();
        let fits =
            width <= MOST_COLUMNS && features.iter().all(|&at| !schema.features[at].is_numeric());
        fits.then(|| Self::count(data, rows, features.to_vec()))
    }

    fn count(data: &Dataset, rows: &[usize], features: Vec<usize>) -> Self {
        let mut offsets = vec![0];
        let mut width = 0;
        for &at in &features {
            width += data.schema().features[at].width();
            offsets.push(width);
        }
        let mut table = Self {
            features,
            offsets,
            counts: vec![0; width * width],
            rows: rows.len(),
        };
        let codes = table.codes(data);
        let mut columns = vec![0; codes.len()];
        for &row in rows {
            for ((column, codes), offset) in columns.iter_mut().zip(&codes).zip(&table.offsets) {
                *column = offset + usize::from(codes[row]);
            }
            for (at, &first) in columns.iter().enumerate() {
                let line = &mut table.counts[first * width..(first + 1) * width];
                for &second in &columns[at..] {
                    line[second] += 1;
                }
            }
        }
        table
    }

    fn codes<'a>(&self, data: &'a Dataset) -> Vec<&'a [u8]> {
        let of = |&at: &usize| match data.column(at) {
            Column::Categorical(codes) => Some(codes.as_slice()),
            Column::Numeric(_) => None,
        };
        self.features.iter().filter_map(of).collect()
    }

    /// Number of columns: one per level.
    pub fn width(&self) -> usize {
        self.offsets[self.features.len()]
    }

    /// Columns of a feature, by its place in [`features`](Self::features).
    pub fn columns(&self, place: usize) -> Range<usize> {
        self.offsets[place]..self.offsets[place + 1]
    }

    /// Rows that have the level of a column.
    pub fn one(&self, column: usize) -> usize {
        self.both(column, column)
    }

    /// Rows that have the levels of two columns.
    pub fn both(&self, first: usize, second: usize) -> usize {
        let (first, second) = (first.min(second), first.max(second));
        self.counts[first * self.width() + second] as usize
    }

    /// Σ y over the rows of each level.
    pub fn sums(&self, data: &Dataset, rows: &[usize], y: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.width()];
        for (codes, offset) in self.codes(data).iter().zip(&self.offsets) {
            for (&row, y) in rows.iter().zip(y) {
                sums[offset + usize::from(codes[row])] += y;
            }
        }
        sums
    }

    /// The normal equations' matrix over some columns, with a ridge.
    pub fn gram(&self, columns: &[usize], ridge: f64) -> Symmetric {
        let mut gram = Symmetric::zero(columns.len());
        for (i, &first) in columns.iter().enumerate() {
            for (j, &second) in columns.iter().enumerate().skip(i) {
                gram.add(i, j, self.both(first, second) as f64);
            }
            gram.add(i, i, ridge);
        }
        gram
    }
}
