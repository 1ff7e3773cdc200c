//! What tells one run of scoring from another: a run goes on with what another has
//! left only if it would write the same.

use serde::{Deserialize, Serialize};

use crate::customers::Identity;

/// A run, by all that its scores depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// The version of the program.
    pub program: String,
    /// SHA-256 of the model's document.
    pub model: String,
    /// The customers.
    pub customers: Identity,
    /// Names of the columns.
    pub columns: Vec<String>,
}

/// What there is of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    /// Of which run.
    pub work: Work,
    /// Complete batches, of [`BATCH`](super::BATCH) rows.
    pub batches: u64,
    /// How far the files go that belong to these: bytes, or parts.
    pub length: u64,
}
