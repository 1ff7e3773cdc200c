//! What is wrong with a text that is no filter.

use std::fmt;

use crate::text;

/// Where a text stops being a filter, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    place: String,
    expected: String,
}

impl Fault {
    /// A fault at a place.
    pub fn new(place: &str, expected: &str) -> Self {
        Self {
            place: place.trim_end().into(),
            expected: expected.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::expected(&self.place, &self.expected))
    }
}
