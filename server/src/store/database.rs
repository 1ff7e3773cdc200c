//! Opening the SQLite file.

use std::path::Path;
use std::time::Duration;

use churn_core::{Error, ErrorCode, Result};
use rusqlite::{Connection, OpenFlags};

use super::{Folder, migrations};

/// How long another program's transaction is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Statements kept prepared per connection.
const STATEMENTS: usize = 64;

/// Opens the database of a folder for writing, at the newest version.
///
/// # Errors
/// [`ErrorCode::Io`] when it cannot be opened or is of a newer version.
pub fn open(folder: &Folder) -> Result<Connection> {
    let path = folder.database();
    let mut connection = connect(&path, OpenFlags::default())?;
    migrations::run(&mut connection)
        .map_err(|problem| Error::new(ErrorCode::Io, format!("{}: {problem}", path.display())))?;
    Ok(connection)
}

/// Opens the database for reading.
///
/// # Errors
/// [`ErrorCode::Io`].
pub(super) fn open_to_read(path: &Path) -> Result<Connection> {
    connect(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
}

/// Copies the database as it is at one moment to a new file.
///
/// # Errors
/// [`ErrorCode::Io`].
pub fn copy(folder: &Folder, to: &Path) -> Result<()> {
    let connection = open_to_read(&folder.database())?;
    let copied = connection.execute("VACUUM INTO ?1", [to.to_string_lossy()]);
    copied.map_err(|error| unusable(to, &error)).map(drop)
}

/// Checks a file from end to end; the number of predictions in it.
///
/// # Errors
/// [`ErrorCode::Io`] when it is not a sound database of this program.
pub fn check(path: &Path) -> Result<u64> {
    let connection = open_to_read(path)?;
    let unusable = |error: rusqlite::Error| unusable(path, &error);
    let text = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
    let found = connection.query_row("PRAGMA integrity_check", [], text);
    let found = found.map_err(unusable)?;
    if found != "ok" {
        // Of many findings, the first will do.
        let found = found.lines().nth(1).unwrap_or_default();
        let message = format!("{}: the file is damaged: {found}", path.display());
        return Err(Error::new(ErrorCode::Io, message));
    }
    let count = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    let rows = connection.query_row("SELECT count(*) FROM predictions", [], count);
    Ok(rows.map_err(unusable)?.unsigned_abs())
}

fn unusable(path: &Path, error: &rusqlite::Error) -> Error {
    Error::new(ErrorCode::Io, format!("{}: {error}", path.display()))
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        if !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
            // A commit is in the log, and the log on disk, before it returns.
            // When the log is copied into the file is the writer's affair. The
            // cache, in KiB, holds the index of uuids of a million predictions.
            connection.execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0; \
                 PRAGMA cache_size = -32000;",
            )?;
        }
        Ok(connection)
    });
    opened.map_err(|error| unusable(path, &error))
}
