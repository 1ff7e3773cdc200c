//! Why the store did not do what it was asked.

use std::fmt;

/// The disk refused a write. From then on nothing is written: what was
/// acknowledged stays safe only if nobody writes over an unknown state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

/// Why the store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// More is waiting to be written than can be in good time.
    Busy,
    /// Another program holds the file.
    Locked,
    /// The disk refused, now or earlier.
    Refused(Refusal),
    /// The file could not be read.
    Unreadable(String),
}

impl StoreError {
    /// What an error of a write means.
    pub(super) fn of_writing(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                Self::Locked
            }
            _ => Self::Refused(Refusal(error.to_string())),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("too much is waiting to be written"),
            Self::Locked => f.write_str("another program holds the database"),
            Self::Refused(Refusal(reason)) => write!(f, "the disk refused a write: {reason}"),
            Self::Unreadable(reason) => write!(f, "the database cannot be read: {reason}"),
        }
    }
}

impl std::error::Error for StoreError {}
