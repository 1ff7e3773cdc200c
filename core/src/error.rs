//! The one error type of the project.
//!
//! Terminal, page and API show the same text. A message says what is wrong in
//! the user's terms; `line`, `field`, `expected` and `got` say where and how to
//! mend it. Code that cannot place an error (a parser of single cells) leaves
//! the place empty, and its caller fills it in with [`Error::at_line`] and
//! [`Error::in_field`].

use std::fmt;

use serde::{Deserialize, Serialize};

/// Result with the project's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of thing went wrong; stable names for programs to match on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The data cannot be read at all (encoding, header, no rows).
    Data,
    /// The target column is missing or cannot be learned from.
    Target,
    /// A row or cell does not fit the schema.
    Row,
    /// A setting is out of range or contradicts another one.
    Parameter,
    /// A model document cannot be loaded.
    Model,
    /// The preset document cannot be loaded.
    Preset,
    /// The numbers did not work out (a fit that cannot be completed).
    Numeric,
    /// The caller's progress callback asked to stop.
    Cancelled,
    /// A file could not be read or written (set by callers that do I/O).
    Io,
}

/// An error with its place, what was expected and what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    /// Kind of error.
    pub code: ErrorCode,
    /// What is wrong, and how to mend it where that is not obvious.
    pub message: String,
    /// Column, feature or JSON field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Line of the file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What would have been right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub got: Option<String>,
}

impl Error {
    /// An error with a message and no place yet.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            line: None,
            expected: None,
            got: None,
        }
    }

    /// "expected …, got …" as the whole message.
    pub fn mismatch(code: ErrorCode, expected: impl Into<String>, got: impl Into<String>) -> Self {
        Self {
            expected: Some(expected.into()),
            got: Some(shorten(got.into())),
            ..Self::new(code, "")
        }
    }

    /// Work was stopped by the caller.
    pub fn cancelled() -> Self {
        Self::new(ErrorCode::Cancelled, "cancelled")
    }

    /// Adds the column, feature or JSON field.
    #[must_use]
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Adds the line of the file, from 1.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// Adds what would have been right.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Adds what was there.
    #[must_use]
    pub fn got(mut self, got: impl Into<String>) -> Self {
        self.got = Some(shorten(got.into()));
        self
    }
}

/// Cuts a value that came from outside to a length that fits on one line.
fn shorten(text: String) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &self.field) {
            (Some(line), Some(field)) => write!(f, "line {line}, {field}: ")?,
            (Some(line), None) => write!(f, "line {line}: ")?,
            (None, Some(field)) => write!(f, "{field}: ")?,
            (None, None) => {}
        }
        let mut separator = "";
        if !self.message.is_empty() {
            f.write_str(&self.message)?;
            separator = ": ";
        }
        if let Some(expected) = &self.expected {
            write!(f, "{separator}expected {expected}")?;
            separator = ", ";
        }
        if let Some(got) = &self.got {
            write!(f, "{separator}got {got}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_place_expected_and_got() {
        let error = Error::mismatch(ErrorCode::Row, "a number", "'n/a'")
            .at_line(214)
            .in_field("TotalCharges");
        assert_eq!(
            error.to_string(),
            "line 214, TotalCharges: expected a number, got 'n/a'"
        );
    }

    #[test]
    fn long_values_are_cut() {
        let error = Error::mismatch(ErrorCode::Row, "a number", "9".repeat(500));
        assert!(error.to_string().len() < 120);
    }
}
