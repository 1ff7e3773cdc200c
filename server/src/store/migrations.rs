//! The version of the database, and how it is brought up to date.

use std::time::Duration;

use churn_core::{Error, ErrorCode, Result};

use super::connection::Connection;
use super::error::SqlResult;

/// A script per version, from 1 up: SQLite's and PostgreSQL's.
const SCRIPTS: [(&str, &str); 11] = [
    (
        include_str!("../../migrations/sqlite/0001_store.sql"),
        include_str!("../../migrations/postgresql/0001_store.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0002_numbers.sql"),
        include_str!("../../migrations/postgresql/0002_numbers.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0003_registry.sql"),
        include_str!("../../migrations/postgresql/0003_registry.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0004_erasures.sql"),
        include_str!("../../migrations/postgresql/0004_erasures.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0005_tables.sql"),
        include_str!("../../migrations/postgresql/0005_tables.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0006_runs.sql"),
        include_str!("../../migrations/postgresql/0006_runs.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0007_outbox.sql"),
        include_str!("../../migrations/postgresql/0007_outbox.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0008_deletions.sql"),
        include_str!("../../migrations/postgresql/0008_deletions.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0009_retraining.sql"),
        include_str!("../../migrations/postgresql/0009_retraining.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0010_jobs.sql"),
        include_str!("../../migrations/postgresql/0010_jobs.sql"),
    ),
    (
        include_str!("../../migrations/sqlite/0011_lineage.sql"),
        include_str!("../../migrations/postgresql/0011_lineage.sql"),
    ),
];

/// The newest version.
pub const NEWEST: usize = SCRIPTS.len();

/// Marks the file as ours: "chrn".
const APPLICATION: i64 = 0x6368_726e;

/// Brings the database to the newest version; all of it or nothing.
///
/// # Errors
/// For a newer version, another program's database, or a failed write.
pub fn run(connection: &mut Connection) -> Result<()> {
    connection.transaction(|connection| run_to(connection, NEWEST))
}

/// Brings the database to a version, inside a transaction.
///
/// # Errors
/// For a newer version, another program's database, or a failed write.
pub fn run_to(connection: &mut Connection, wanted: usize) -> Result<()> {
    let version = version(connection)?;
    // What is there already may be a lot.
    let patience = connection.set_patience(Duration::MAX);
    for (sqlite, postgresql) in SCRIPTS.iter().take(wanted).skip(version) {
        connection.script(match connection {
            Connection::Sqlite(_) => sqlite,
            Connection::Postgresql(_) => postgresql,
        })?;
    }
    if version < wanted {
        connection.script(&match connection {
            Connection::Sqlite(_) => {
                format!("PRAGMA user_version = {wanted}; PRAGMA application_id = {APPLICATION}")
            }
            Connection::Postgresql(_) => {
                format!("DELETE FROM version; INSERT INTO version VALUES ({wanted})")
            }
        })?;
    }
    connection.set_patience(patience);
    Ok(())
}

/// The version of a database of ours; 0 of an empty one.
///
/// # Errors
/// For a newer version, another program's database, or one that cannot be read.
pub fn version(connection: &mut Connection) -> Result<usize> {
    let (version, is_ours) = match connection {
        Connection::Sqlite(_) => (
            number(connection, "PRAGMA user_version")?,
            number(connection, "PRAGMA application_id")? == APPLICATION
                || number(connection, "SELECT count(*) FROM sqlite_schema")? == 0,
        ),
        Connection::Postgresql(_) => of_postgresql(connection)?,
    };
    let version = usize::try_from(version).unwrap_or(usize::MAX);
    if version > NEWEST {
        let message = format!(
            "the data is of version {version}, this program knows up to {NEWEST}: \
             it was written by a newer `churn`; use that one"
        );
        return Err(Error::new(ErrorCode::Io, message));
    }
    if !is_ours {
        let message = "the file is a database of another program";
        return Err(Error::new(ErrorCode::Io, message));
    }
    Ok(version)
}

/// The version, and whether what is in the schema `churn` is ours.
fn of_postgresql(connection: &mut Connection) -> SqlResult<(i64, bool)> {
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'churn'";
    if number(connection, tables)? == 0 {
        return Ok((0, true));
    }
    if number(connection, &format!("{tables} AND tablename = 'version'"))? == 0 {
        return Ok((0, false));
    }
    Ok((
        number(connection, "SELECT version FROM churn.version")?,
        true,
    ))
}

fn number(connection: &mut Connection, sql: &str) -> SqlResult<i64> {
    let number = connection.first(sql, &[], |row| row.get(0))?;
    Ok(number.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_memory() -> SqlResult<Connection> {
        Ok(Connection::Sqlite(rusqlite::Connection::open_in_memory()?))
    }

    #[test]
    fn a_second_run_changes_nothing() -> Result<()> {
        let mut connection = in_memory()?;
        run(&mut connection)?;
        run(&mut connection)
    }

    #[test]
    fn an_older_version_keeps_its_rows() -> Result<()> {
        let mut connection = in_memory()?;
        connection.script("PRAGMA foreign_keys = ON")?;
        run_to(&mut connection, 1)?;
        connection.script(
            "INSERT INTO models VALUES (1, x'01', 'm', 0); \
             INSERT INTO builds VALUES (1, x'02', 1, 0, '', ''); \
             INSERT INTO deployments VALUES (1, x'03', 1, 0); \
             INSERT INTO predictions VALUES (5, x'04', 1, 6, 7, x'08', 0.5, 'exact 10'); \
             INSERT INTO labels VALUES (9, x'04', 'k', 'true', 10);",
        )?;
        run(&mut connection)?;
        let row = "SELECT p.id + 100 * l.id FROM predictions p JOIN labels l ON l.uuid = p.uuid \
                   WHERE p.input = x'08' AND p.explained = 'exact 10' AND l.recorded_ms = 10";
        assert_eq!(number(&mut connection, row)?, 905);
        // Of one that is gone the number is not given again.
        connection.script(
            "DELETE FROM predictions; \
             INSERT INTO predictions (uuid, deployment, start_ms, duration_us) \
             VALUES (x'05', 1, 0, 0)",
        )?;
        assert_eq!(number(&mut connection, "SELECT id FROM predictions")?, 6);
        Ok(())
    }

    #[test]
    fn a_newer_version_is_refused() -> Result<()> {
        let mut connection = in_memory()?;
        connection.script("PRAGMA user_version = 99")?;
        let told = run(&mut connection).err().map(|error| error.to_string());
        let expected = format!("the data is of version 99, this program knows up to {NEWEST}");
        assert!(told.is_some_and(|told| told.starts_with(&expected)));
        Ok(())
    }

    #[test]
    fn another_programs_file_is_left_alone() -> Result<()> {
        let mut connection = in_memory()?;
        connection.script("CREATE TABLE theirs (x)")?;
        let told = run(&mut connection).err().map(|error| error.to_string());
        assert_eq!(
            told.as_deref(),
            Some("the file is a database of another program")
        );
        Ok(())
    }
}
