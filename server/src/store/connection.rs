//! A connection to either database, and the few calls that are made of it. The
//! SQL is the same for both: numbered places (`?1`) are written as each has it.

use std::fmt;
use std::time::Duration;

use super::error::SqlResult;
use super::session::Session;
use super::sqlite;

/// Most rows that are asked for by their names at a time.
pub const GROUP: usize = 100;

/// A connection to a database.
#[derive(Debug)]
pub enum Connection {
    /// To a file.
    Sqlite(rusqlite::Connection),
    /// To a server.
    Postgresql(Box<Session>),
}

/// What can be given to a statement.
pub trait Value: rusqlite::ToSql + tokio_postgres::types::ToSql + Sync {}

impl<T: rusqlite::ToSql + tokio_postgres::types::ToSql + Sync> Value for T {}

/// What can be read from a row.
pub trait Column: rusqlite::types::FromSql + for<'a> tokio_postgres::types::FromSql<'a> {}

impl<T: rusqlite::types::FromSql + for<'a> tokio_postgres::types::FromSql<'a>> Column for T {}

/// A row of an answer.
pub enum Row<'a> {
    /// SQLite's.
    Sqlite(&'a rusqlite::Row<'a>),
    /// PostgreSQL's.
    Postgresql(&'a tokio_postgres::Row),
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A row holds what nobody should read in a log.
        f.write_str("Row")
    }
}

impl Row<'_> {
    /// The value of a column, counted from 0.
    ///
    /// # Errors
    /// When it is not there or of another type.
    pub fn get<T: Column>(&self, at: usize) -> SqlResult<T> {
        match self {
            Self::Sqlite(row) => Ok(row.get(at)?),
            Self::Postgresql(row) => Ok(row.try_get(at)?),
        }
    }
}

impl Connection {
    /// Runs a statement; how many rows it changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn execute(&mut self, sql: &str, values: &[&dyn Value]) -> SqlResult<u64> {
        match self {
            Self::Sqlite(connection) => {
                Ok(connection.prepare_cached(sql)?.execute(of_sqlite(values))? as u64)
            }
            Self::Postgresql(session) => session.execute(sql, values),
        }
    }

    /// Calls for every row of an answer.
    ///
    /// # Errors
    /// When the database cannot be read, or the call fails.
    pub fn each(
        &mut self,
        sql: &str,
        values: &[&dyn Value],
        mut read: impl FnMut(&Row<'_>) -> SqlResult<()>,
    ) -> SqlResult<()> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                let mut rows = statement.query(of_sqlite(values))?;
                while let Some(row) = rows.next()? {
                    read(&Row::Sqlite(row))?;
                }
                Ok(())
            }
            Self::Postgresql(session) => {
                session.each(sql, values, |row| read(&Row::Postgresql(row)))
            }
        }
    }

    /// The rows of an answer.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn query<T>(
        &mut self,
        sql: &str,
        values: &[&dyn Value],
        mut read: impl FnMut(&Row<'_>) -> SqlResult<T>,
    ) -> SqlResult<Vec<T>> {
        let mut rows = Vec::new();
        self.each(sql, values, |row| {
            rows.push(read(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row of an answer, if there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn first<T>(
        &mut self,
        sql: &str,
        values: &[&dyn Value],
        read: impl FnMut(&Row<'_>) -> SqlResult<T>,
    ) -> SqlResult<Option<T>> {
        Ok(self.query(sql, values, read)?.into_iter().next())
    }

    /// Adds rows to a table, all in one go where that saves time.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn insert<'a, R: AsRef<[&'a dyn Value]>>(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: impl IntoIterator<Item = R>,
    ) -> SqlResult<()> {
        let places = places(columns.len());
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES {places}",
            columns.join(", ")
        );
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&sql)?;
                for row in rows {
                    statement.execute(of_sqlite(row.as_ref()))?;
                }
                Ok(())
            }
            Self::Postgresql(session) => session.insert(&sql, table, columns, rows),
        }
    }

    /// Waits so long for a server's answers from now on; how long it was before. A
    /// file always answers.
    pub fn set_patience(&mut self, patience: Duration) -> Duration {
        match self {
            Self::Sqlite(_) => patience,
            Self::Postgresql(session) => session.set_patience(patience),
        }
    }

    /// Empties the log, which may have what was erased; whether it could be.
    /// That of PostgreSQL is its own affair.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn empty_log(&mut self) -> SqlResult<bool> {
        match self {
            Self::Sqlite(file) => Ok(sqlite::checkpoint(file, "TRUNCATE")?),
            Self::Postgresql(_) => Ok(true),
        }
    }

    /// Runs statements without values.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn script(&mut self, sql: &str) -> SqlResult<()> {
        match self {
            Self::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Self::Postgresql(session) => session.script(sql),
        }
    }

    /// All of the work or nothing. Who else writes waits until it is done, so
    /// that what is numbered later is also seen later.
    ///
    /// # Errors
    /// Those of the work, and when the database does not take it.
    pub fn transaction<T, E: From<super::SqlError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let begin = match self {
            Self::Sqlite(_) => "BEGIN IMMEDIATE",
            Self::Postgresql(_) => Session::BEGIN,
        };
        let done = self
            .script(begin)
            .map_err(E::from)
            .and_then(|()| work(self))
            .and_then(|value| {
                self.script("COMMIT")?;
                Ok(value)
            });
        if done.is_err() {
            // The error that led here is the one to tell.
            let _ = self.script("ROLLBACK");
        }
        done
    }
}

fn of_sqlite(values: &[&dyn Value]) -> impl rusqlite::Params {
    rusqlite::params_from_iter(values.iter().map(|&value| value as &dyn rusqlite::ToSql))
}

/// Places for so many values: `(?1, ?2)`.
pub fn places(count: usize) -> String {
    let places: Vec<String> = (1..=count).map(|at| format!("?{at}")).collect();
    format!("({})", places.join(", "))
}

/// Values in groups for `IN`: all are of one length, which keeps the number of
/// statements small; the last value fills the last group up.
pub fn groups<T: Value>(values: &[T]) -> impl Iterator<Item = Vec<&dyn Value>> {
    let length = if values.len() == 1 { 1 } else { GROUP };
    values.chunks(length).map(move |chunk| {
        let mut group: Vec<&dyn Value> = chunk.iter().map(|value| value as &dyn Value).collect();
        if let Some(&last) = group.last() {
            group.resize(length, last);
        }
        group
    })
}
