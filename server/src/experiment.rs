//! Experiments: many models trained on the same customers, with the same held
//! out, each by one choice of a grid.
//!
//! * [`grid`]: what is asked for, as a TOML file; [`choice`]: one point of it.
//! * [`conduct`]: from the grid to the end.
//! * [`ground`]: the customers, split once; [`trial`]: one run on them.
//! * [`workers`]: runs at the same time, as many as there are cores.
//! * [`query`]: which runs, in which order; [`comparison`]: runs side by side.

pub mod choice;
pub mod comparison;
pub mod conduct;
pub mod grid;
pub mod ground;
pub mod query;
pub mod trial;
pub mod workers;
