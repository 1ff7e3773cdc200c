//! How a table is to be understood, and what reading it found.

use serde::{Deserialize, Serialize};

use super::Dataset;
use crate::error::{Error, ErrorCode};

/// A dataset just read, and what reading it found.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The rows that fit.
    pub dataset: Dataset,
    /// One entry per skipped row, in the order of the lines.
    pub issues: Vec<RowIssue>,
    /// Columns that are not features, with the reason.
    pub left_out: Vec<LeftOut>,
}

/// Why a row was skipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowIssue {
    /// Line of the file, from 1 (the header is line 1).
    pub line: u32,
    /// Column, where one is to blame.
    pub column: Option<String>,
    /// What would have been right.
    pub expected: String,
    /// What was there.
    pub got: String,
}

impl From<&RowIssue> for Error {
    fn from(issue: &RowIssue) -> Self {
        let error = Self::mismatch(ErrorCode::Row, &issue.expected, &issue.got);
        let error = error.at_line(u64::from(issue.line));
        match &issue.column {
            Some(column) => error.in_field(column),
            None => error,
        }
    }
}

/// A column that the model does not see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Column name.
    pub column: String,
    /// Why, in a few words.
    pub reason: String,
}

/// How to understand a table whose schema is not known yet.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Column that identifies a customer; without one the first column is
    /// taken if all its values are present and different.
    pub id: Option<String>,
    /// Column to predict; without one the data has no labels.
    pub target: Option<String>,
    /// Class of those who leave; without one "Yes", where it occurs.
    pub positive: Option<String>,
    /// A text column with more levels than this is left out.
    pub max_levels: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            id: None,
            target: None,
            positive: None,
            max_levels: 50,
        }
    }
}
