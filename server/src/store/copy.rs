//! Backups: a SQLite file, whichever database the data are in. So a backup of
//! one can be restored into the other.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use churn_core::{Error, ErrorCode, Result};

use super::cell::Cell;
use super::connection::{Connection, Value};
use super::{Place, SqlResult, migrations, sqlite};
use crate::input::in_file;
use crate::output::failed;

/// Rows that are on their way at a time.
const ROWS: usize = 1000;

/// Copies all data as they are at one moment to a new file.
///
/// # Errors
/// [`ErrorCode::Io`].
pub fn to_file(place: &Place, file: &Path) -> Result<()> {
    let mut from = match place {
        Place::Folder(folder) => return sqlite::copy(&folder.database(), file),
        Place::Server(server) => Connection::Postgresql(Box::new(server.connect()?)),
    };
    let mut to = sqlite::open_to_write(file)?;
    from.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
    let version = migrations::version(&mut from).map_err(|error| place.named(&error))?;
    if version == 0 {
        let message = format!("{place}: there are no data of a server");
        return Err(Error::new(ErrorCode::Io, message));
    }
    to.transaction(|to| {
        migrations::run_to(to, version)?;
        rows(&mut from, to)
    })?;
    // One file, without a log beside it.
    Ok(to.script("PRAGMA journal_mode = DELETE")?)
}

/// Puts a backup in a place that holds no data yet.
///
/// # Errors
/// [`ErrorCode::Io`] when there are data already, or a database fails.
pub fn from_file(file: &Path, place: &Place) -> Result<()> {
    match place {
        Place::Folder(folder) => {
            let _lock = folder.lock()?;
            let path = folder.database();
            if path.exists() {
                return Err(taken(&path));
            }
            let part = with_suffix(&path, ".part");
            let copied = fs::copy(file, &part)
                .and_then(|_| File::open(&part)?.sync_all())
                .and_then(|()| fs::rename(&part, &path));
            let removed = remove(&part);
            copied.and(removed).map_err(|error| failed(&path, &error))?;
        }
        Place::Server(server) => {
            let mut to = Connection::Postgresql(Box::new(server.take(Duration::MAX)?));
            let mut from = sqlite::open_to_read(file)?;
            let version = migrations::version(&mut from);
            let version = version.map_err(in_file(file))?;
            to.transaction(|to| {
                if migrations::version(to)? > 0 {
                    let message = "there are data already; choose another database";
                    return Err(Error::new(ErrorCode::Io, message));
                }
                migrations::run_to(to, version)?;
                rows(&mut from, to)?;
                Ok(number_on(&mut from, to)?)
            })
            .map_err(|error| place.named(&error))?;
        }
    }
    // Brought up to date, if it is of an older version.
    place.open().map(drop)
}

/// Every row of every table.
fn rows(from: &mut Connection, to: &mut Connection) -> Result<()> {
    let tables = match from {
        Connection::Sqlite(_) => tables(from)?,
        Connection::Postgresql(_) => tables(to)?,
    };
    for table in tables {
        let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        let select = format!(
            "SELECT {} FROM {} ORDER BY id",
            columns.join(", "),
            table.name
        );
        let mut waiting: Vec<Vec<Cell>> = Vec::with_capacity(ROWS);
        let mut write = |waiting: &mut Vec<Vec<Cell>>| {
            let rows = waiting.iter().map(|row| {
                let row = row.iter().map(|cell| cell as &dyn Value);
                row.collect::<Vec<_>>()
            });
            to.insert(&table.name, &columns, rows)?;
            waiting.clear();
            Ok(())
        };
        from.each(&select, &[], |row| {
            let cells = (0..columns.len()).map(|at| row.get(at));
            waiting.push(cells.collect::<SqlResult<_>>()?);
            match waiting.len() {
                ROWS => write(&mut waiting),
                _ => Ok(()),
            }
        })?;
        write(&mut waiting)?;
    }
    Ok(())
}

/// A server counts on from the highest number.
fn number_on(file: &mut Connection, server: &mut Connection) -> SqlResult<()> {
    for Table { name, .. } in tables(file)? {
        server.script(&format!(
            "SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"
        ))?;
    }
    Ok(())
}

struct Table {
    name: String,
    columns: Vec<String>,
}

/// The tables of a file, in the order in which they refer to each other.
fn tables(file: &mut Connection) -> SqlResult<Vec<Table>> {
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' \
                 AND name NOT LIKE 'sqlite%' ORDER BY rowid";
    let names: Vec<String> = file.query(names, &[], |row| row.get(0))?;
    let table = |name: String| {
        let columns = "SELECT name FROM pragma_table_info(?1)";
        let columns = file.query(columns, &[&name], |row| row.get(0))?;
        Ok(Table { name, columns })
    };
    names.into_iter().map(table).collect()
}

/// The error for a file that is there already.
pub fn taken(file: &Path) -> Error {
    let message = format!(
        "{}: it is there already; choose another name",
        file.display()
    );
    Error::new(ErrorCode::Io, message)
}

/// The path with something at the end of its name.
pub fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Removes a file that may be there.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
