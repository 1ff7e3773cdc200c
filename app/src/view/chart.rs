//! Charts: shapes of numbers, as text that SVG understands.

mod path;

pub use path::bars;
