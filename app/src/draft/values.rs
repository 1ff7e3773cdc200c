//! The values of a customer after some edits, and how they came to be.

use churn_core::{Row, Value};

/// A feature that moved with another.
#[derive(Clone, Debug, PartialEq)]
pub struct Follower {
    /// Feature, by its place in the schema.
    pub feature: usize,
    /// Its value before it followed.
    pub from: Value,
    /// The feature it followed.
    pub because: usize,
}

/// What is known of the values besides themselves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// Changed features that were set themselves, the latest last.
    pub own: Vec<usize>,
    /// Changed features that followed, in the order in which they moved.
    pub followers: Vec<Follower>,
    /// Features that must not follow.
    pub held: Vec<usize>,
}

/// A customer's values after some edits.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// The values.
    pub row: Row,
    /// How they came to be.
    pub marks: Marks,
}

impl Values {
    /// A customer as the data has it.
    pub fn original(row: Row) -> Self {
        Self {
            row,
            marks: Marks::default(),
        }
    }

    /// Features that differ from the original: set ones first, in the order in
    /// which they were set, then those that followed.
    pub fn changed(&self) -> Vec<usize> {
        let followers = self.marks.followers.iter().map(|f| f.feature);
        self.marks.own.iter().copied().chain(followers).collect()
    }
}
