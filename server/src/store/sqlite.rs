//! The SQLite file: opening, checking, copying, and keeping its log short.

use std::path::Path;
use std::time::{Duration, Instant};

use churn_core::{Error, ErrorCode, Result};
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use super::SqlError;
use super::connection::Connection;

/// How long another program's transaction is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Statements kept prepared per connection.
const STATEMENTS: usize = 64;

/// Rows written between two copies of the log into the file.
const ROWS_IN_LOG: u64 = 20_000;

/// How long until it is tried again to empty a log that is being read.
const AGAIN: Duration = Duration::from_secs(1);

/// Opens a file for writing; it is made if it is missing.
///
/// # Errors
/// [`ErrorCode::Io`].
pub(super) fn open_to_write(path: &Path) -> Result<Connection> {
    connect(path, OpenFlags::default())
}

/// Opens a file for reading.
///
/// # Errors
/// [`ErrorCode::Io`].
pub fn open_to_read(path: &Path) -> Result<Connection> {
    connect(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
}

/// Copies a file as it is at one moment to a new one.
///
/// # Errors
/// [`ErrorCode::Io`].
pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut connection = open_to_read(from)?;
    let copied = connection.execute("VACUUM INTO ?1", &[&to.to_string_lossy().as_ref()]);
    copied.map_err(|error| unusable(to, &error)).map(drop)
}

/// Checks a file from end to end; the number of predictions in it.
///
/// # Errors
/// [`ErrorCode::Io`] when it is not a sound database of this program.
pub fn check(path: &Path) -> Result<u64> {
    let mut connection = open_to_read(path)?;
    let unusable = |error: SqlError| unusable(path, &error);
    let found = connection.first("PRAGMA integrity_check", &[], |row| row.get::<String>(0));
    let found = found.map_err(unusable)?.unwrap_or_default();
    if found != "ok" {
        // Of many findings, the first will do.
        let found = found.lines().nth(1).unwrap_or_default();
        let message = format!("{}: the file is damaged: {found}", path.display());
        return Err(Error::new(ErrorCode::Io, message));
    }
    let count = "SELECT count(*) FROM predictions";
    let rows = connection.first(count, &[], |row| row.get::<i64>(0));
    Ok(rows.map_err(unusable)?.unwrap_or_default().unsigned_abs())
}

fn unusable(path: &Path, error: &SqlError) -> Error {
    Error::new(ErrorCode::Io, format!("{}: {error}", path.display()))
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let opened = rusqlite::Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        if !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
            // A commit is in the log, and the log on disk, before it returns.
            // When the log is copied into the file is the writer's affair. The
            // cache, in KiB, holds the index of uuids of a million predictions.
            // What is deleted is overwritten.
            connection.execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0; \
                 PRAGMA cache_size = -32000; PRAGMA secure_delete = ON;",
            )?;
        }
        Ok(connection)
    });
    opened
        .map(Connection::Sqlite)
        .map_err(|error| unusable(path, &error.into()))
}

/// What becomes of the log, which the file is behind of.
#[derive(Debug)]
pub(super) struct Log {
    /// Rows written before the last copy.
    copied: u64,
    /// When the log is to be emptied, since it still holds what was erased.
    to_empty: Option<Instant>,
}

impl Log {
    pub(super) fn of(connection: &rusqlite::Connection) -> Self {
        Self {
            copied: connection.total_changes(),
            to_empty: None,
        }
    }

    /// Something was erased: what the log has of it has to go as well.
    pub(super) fn empty_soon(&mut self) {
        self.to_empty = Some(Instant::now());
    }

    /// Copies the log into the file when it is long or there is time, so that it
    /// starts anew.
    pub(super) fn keep_short(
        &mut self,
        connection: &rusqlite::Connection,
        is_idle: bool,
    ) -> rusqlite::Result<()> {
        let rows = connection.total_changes() - self.copied;
        if self.to_empty.is_some_and(|when| when <= Instant::now()) {
            // Readers keep the log; they are not waited for.
            connection.busy_timeout(Duration::ZERO)?;
            let is_empty = checkpoint(connection, "TRUNCATE");
            connection.busy_timeout(PATIENCE)?;
            self.to_empty = (!is_empty?).then(|| Instant::now() + AGAIN);
        } else if rows > ROWS_IN_LOG || (is_idle && rows > 0) {
            self.copied += rows;
            checkpoint(connection, "PASSIVE")?;
        }
        Ok(())
    }
}

/// Copies the log into the file; whether nobody was in the way.
pub(super) fn checkpoint(connection: &rusqlite::Connection, how: &str) -> rusqlite::Result<bool> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({how})"), [], |row| {
        Ok(row.get::<_, i64>(0)? == 0)
    })
}

/// After a failed sync nobody knows what the disk holds, and one more may well
/// seem to be done: the log stays as it is for the next start.
pub(super) fn leave_log(connection: &Connection) {
    if let Connection::Sqlite(file) = connection {
        let _ = file.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
    }
}
