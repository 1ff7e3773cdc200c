//! What a dataset looks like: how its columns are spread, how many left by level
//! and by bin, and how strongly two columns go together.
//!
//! Everything is computed of some rows (a cohort), whose cells are gathered once
//! into [`Values`]; a missing cell is left out of every figure that needs it.
//!
//! * [`values`]: the cells of a column, the outcome being a column like any other.
//! * [`bins`]: a range of numbers in bins with round ends.
//! * [`counts`]: rows and outcomes by group, and by two groups at once.
//! * [`box_plot`]: quartiles, whiskers and what lies beyond them.
//! * [`association`]: Cramér's V, correlation ratio and Pearson's r.

pub mod association;
pub mod bins;
pub mod box_plot;
pub mod counts;
pub mod values;

pub use association::{Association, Measure};
pub use bins::Bins;
pub use box_plot::BoxPlot;
pub use counts::Outcomes;
pub use values::Values;
