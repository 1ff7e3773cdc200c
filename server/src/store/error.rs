//! Why the store did not do what it was asked.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::time::Duration;

/// The disk refused a write. From then on nothing is written: what was
/// acknowledged stays safe only if nobody writes over an unknown state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

/// Why the store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// More is waiting to be written than can be in good time.
    Busy,
    /// Another program holds the database.
    Locked,
    /// The disk refused, now or earlier.
    Refused(Refusal),
    /// The database server does not answer. It is asked again and again; what
    /// was to be written meanwhile is not, or nobody knows.
    Away(String),
    /// The database did not take this, and is none the worse for it.
    Failed(String),
    /// The database could not be read.
    Unreadable(String),
}

/// What a database says is wrong.
#[derive(Debug)]
pub enum SqlError {
    /// SQLite says so.
    Sqlite(rusqlite::Error),
    /// PostgreSQL says so, or is gone.
    Postgresql(tokio_postgres::Error),
    /// PostgreSQL has said nothing for so long.
    Silent(Duration),
    /// The system lets nothing be asked.
    System(io::Error),
    /// A value is not what the program keeps there.
    Value(&'static str),
}

/// What a call to a database gives.
pub type SqlResult<T> = Result<T, SqlError>;

impl SqlError {
    /// Whether the database server went away, or is of no use as it is.
    pub(super) fn is_away(&self) -> bool {
        let error = match self {
            Self::Postgresql(error) => error,
            other => return matches!(other, Self::Silent(_) | Self::System(_)),
        };
        match error.code().map(tokio_postgres::error::SqlState::code) {
            // Connections, resources, shutdowns, and a server that only reads.
            Some(code) => {
                ["08", "53", "57P"]
                    .iter()
                    .any(|kind| code.starts_with(kind))
                    && code != DISK_FULL
                    || code == "25006"
            }
            None => error.is_closed() || error.source().is_some_and(|from| from.is::<io::Error>()),
        }
    }

    /// What an error of a write means.
    pub(super) fn of_writing(&self) -> StoreError {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        if self.is_away() {
            return StoreError::Away(self.to_string());
        }
        match self {
            Self::Sqlite(error) => match error.sqlite_error_code() {
                Some(DatabaseBusy | DatabaseLocked) => StoreError::Locked,
                _ => StoreError::Refused(Refusal(self.to_string())),
            },
            Self::Postgresql(error) => {
                match error.code().map(tokio_postgres::error::SqlState::code) {
                    Some(LOCK_NOT_AVAILABLE) => StoreError::Locked,
                    Some(code) if code == DISK_FULL || is_of_the_disk(code) => {
                        StoreError::Refused(Refusal(self.to_string()))
                    }
                    _ => StoreError::Failed(self.to_string()),
                }
            }
            _ => StoreError::Failed(self.to_string()),
        }
    }

    /// What an error of a query means.
    pub(super) fn of_reading(&self) -> StoreError {
        match self.is_away() {
            true => StoreError::Away(self.to_string()),
            false => StoreError::Unreadable(self.to_string()),
        }
    }
}

/// PostgreSQL's names of errors (its manual, appendix A).
const DISK_FULL: &str = "53100";
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// Errors of the system, and damaged data.
fn is_of_the_disk(code: &str) -> bool {
    code.starts_with("58") || code.starts_with("XX")
}

impl From<SqlError> for churn_core::Error {
    fn from(error: SqlError) -> Self {
        Self::new(churn_core::ErrorCode::Io, error.to_string())
    }
}

impl From<rusqlite::Error> for SqlError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<tokio_postgres::Error> for SqlError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgresql(error)
    }
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(error) => error.fmt(f),
            Self::Postgresql(error) => match (error.as_db_error(), error.source()) {
                (Some(told), _) => f.write_str(told.message()),
                (None, Some(from)) => write!(f, "{error}: {from}"),
                (None, None) => error.fmt(f),
            },
            Self::Silent(patience) => write!(f, "nothing was heard for {} s", patience.as_secs()),
            Self::System(error) => error.fmt(f),
            Self::Value(what) => write!(f, "{what} is not as it was written"),
        }
    }
}

impl std::error::Error for SqlError {}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("too much is waiting to be written"),
            Self::Locked => f.write_str("another program holds the database"),
            Self::Refused(Refusal(reason)) => write!(f, "the disk refused a write: {reason}"),
            Self::Away(reason) => write!(f, "the database does not answer: {reason}"),
            Self::Failed(reason) => write!(f, "the database did not take a write: {reason}"),
            Self::Unreadable(reason) => write!(f, "the database cannot be read: {reason}"),
        }
    }
}

impl std::error::Error for StoreError {}
