//! The layout of the design matrix: an intercept apart, one column per level
//! of a categorical feature and one per numeric feature, in schema order.
//!
//! The matrix itself is never built: a row is its level codes and numbers, and
//! a feature's part of x'w is one look-up or one product.

use std::ops::Range;

use crate::schema::Schema;

/// Where each feature's columns are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    /// First column of each feature, and the width at the end.
    offsets: Vec<usize>,
    numeric: Vec<bool>,
}

impl Design {
    /// The layout for a schema.
    pub fn new(schema: &Schema) -> Self {
        let mut offsets = vec![0];
        let mut width = 0;
        for feature in &schema.features {
            width += feature.width();
            offsets.push(width);
        }
        let numeric = schema.features.iter().map(|f| f.is_numeric()).collect();
        Self { offsets, numeric }
    }

    /// Number of columns, the intercept not counted.
    pub fn width(&self) -> usize {
        self.offsets[self.numeric.len()]
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.numeric.len()
    }

    /// Columns of a feature.
    pub fn columns(&self, feature: usize) -> Range<usize> {
        self.offsets[feature]..self.offsets[feature + 1]
    }

    /// Whether a feature is numeric (and so has one column).
    pub fn is_numeric(&self, feature: usize) -> bool {
        self.numeric[feature]
    }
}
