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
    opened.map_err(|error| Error::new(ErrorCode::Io, format!("{}: {error}", path.display())))
}
