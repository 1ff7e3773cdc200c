//! A query on a SQLite file or a PostgreSQL database, as a source of rows.
//!
//! Nothing is written: the file is opened, and the transaction begun, for reading
//! only. All readings are in one transaction, so that they see the same rows.

use std::path::PathBuf;

use churn_core::{Error, ErrorCode, Result};
use rusqlite::OpenFlags;
use rusqlite::types::ValueRef;
use tokio_postgres::types::Type;

use super::cells::{Cell, Kind};
use super::source::{Columns, SourceRow};
use super::texts::Texts;
use crate::store::postgresql::Server;
use crate::store::session::Session;
use crate::store::{SqlError, SqlResult};

/// A query and where it is asked.
#[derive(Debug)]
pub struct Query {
    sql: String,
    database: Database,
}

enum Database {
    Sqlite(PathBuf, rusqlite::Connection),
    Postgresql(Box<Server>, Box<Session>),
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.place())
    }
}

impl Database {
    fn place(&self) -> String {
        match self {
            Self::Sqlite(path, _) => path.display().to_string(),
            Self::Postgresql(server, _) => server.to_string(),
        }
    }
}

impl Query {
    /// Connects to a database: a SQLite file, or `postgresql://...`.
    ///
    /// # Errors
    /// [`ErrorCode::Io`] when it cannot be opened; [`ErrorCode::Parameter`] for
    /// an address that is none.
    pub fn new(sql: &str, from: &str) -> Result<Self> {
        let is_address = ["postgresql://", "postgres://"]
            .iter()
            .any(|scheme| from.starts_with(scheme));
        let database = match is_address {
            true => {
                let server = Server::new(from).map_err(|error| error.in_field("--from"))?;
                let told =
                    |error: SqlError| Error::new(ErrorCode::Io, format!("{server}: {error}"));
                let mut session = server.connect_to_query().map_err(told)?;
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                let begun = session.script(begin);
                begun.map_err(told)?;
                Database::Postgresql(Box::new(server), Box::new(session))
            }
            false => {
                let path = PathBuf::from(from);
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let opened = rusqlite::Connection::open_with_flags(&path, flags);
                let opened = opened.and_then(|file| file.execute_batch("BEGIN").map(|()| file));
                let file = opened.map_err(|error| {
                    Error::new(ErrorCode::Io, format!("{}: {error}", path.display()))
                })?;
                Database::Sqlite(path, file)
            }
        };
        // What ends a statement would be in the way within another one.
        let sql = sql.trim().trim_end_matches(';').trim_end().to_owned();
        Ok(Self { sql, database })
    }

    /// The query as it is asked.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The database; never its password.
    pub fn place(&self) -> String {
        self.database.place()
    }

    /// Names of the columns, and the kinds that the driver knows. SQLite's
    /// columns may hold anything.
    ///
    /// # Errors
    /// When the database does not take the query.
    pub fn columns(&mut self) -> Result<Columns> {
        let place = self.database.place();
        let columns = match &mut self.database {
            Database::Sqlite(_, file) => file
                .prepare(&self.sql)
                .map(|statement| Columns {
                    names: statement.column_names().map(Into::into).collect(),
                    kinds: vec![None; statement.column_count()],
                })
                .map_err(SqlError::from),
            Database::Postgresql(_, session) => columns_of(session, &self.sql),
        };
        let columns = columns.map_err(|error| refused(&place, &error))?;
        for (at, name) in columns.names.iter().enumerate() {
            if name.is_empty() || columns.names[..at].contains(name) {
                let error = Error::mismatch(
                    ErrorCode::Data,
                    "a name of its own for every column of the query",
                    format!("'{name}' for column {}", at + 1),
                );
                return Err(error);
            }
        }
        Ok(columns)
    }

    /// Calls for every row.
    ///
    /// # Errors
    /// Those of the call, and when the database fails.
    pub fn each(&mut self, call: &mut dyn FnMut(SourceRow<'_>) -> Result<()>) -> Result<()> {
        let place = self.database.place();
        let refused = |error: SqlError| refused(&place, &error);
        let mut cells = Texts::default();
        let mut done = 0;
        let mut take = |cells: &Texts| {
            done += 1;
            call(SourceRow {
                line: u32::try_from(done).unwrap_or(u32::MAX),
                cells,
                issue: None,
                done,
            })
        };
        match &mut self.database {
            Database::Sqlite(_, file) => {
                let of_file = |error: rusqlite::Error| refused(error.into());
                let mut statement = file.prepare(&self.sql).map_err(of_file)?;
                let columns = statement.column_count();
                let mut rows = statement.query([]).map_err(of_file)?;
                while let Some(row) = rows.next().map_err(of_file)? {
                    cells.clear();
                    for at in 0..columns {
                        write(row.get_ref(at).map_err(of_file)?, cells.open())?;
                        cells.end();
                    }
                    take(&cells)?;
                }
            }
            Database::Postgresql(_, session) => {
                let columns = columns_of(session, &self.sql).map_err(refused)?;
                // The server writes every type as text itself.
                let texts = columns.names.iter();
                let texts = texts.map(|name| format!("q.\"{}\"::text", name.replace('"', "\"\"")));
                let texts: Vec<String> = texts.collect();
                let sql = format!("SELECT {} FROM ({}\n) AS q", texts.join(", "), self.sql);
                let read = session.each_of(&sql, |row| {
                    cells.clear();
                    for (at, kind) in columns.kinds.iter().enumerate() {
                        let text: Option<&str> = row.try_get(at).map_err(SqlError::from)?;
                        let is_none = *kind == Some(Kind::Number) && text == Some("NaN");
                        cells.push(text.filter(|_| !is_none).unwrap_or_default());
                    }
                    take(&cells).map_err(Stop::Call)
                });
                match read {
                    Ok(()) => {}
                    Err(Stop::Database(error)) => return Err(refused(error)),
                    Err(Stop::Call(error)) => return Err(error),
                }
            }
        }
        Ok(())
    }
}

/// Why reading stops before the end.
enum Stop {
    Database(SqlError),
    Call(Error),
}

impl From<SqlError> for Stop {
    fn from(error: SqlError) -> Self {
        Self::Database(error)
    }
}

/// A value of SQLite as text.
fn write(value: ValueRef<'_>, text: &mut String) -> Result<()> {
    match value {
        ValueRef::Null => {}
        ValueRef::Integer(x) => Cell::Integer(x).write(text),
        ValueRef::Real(x) => Cell::Number(x).write(text),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(found) => text.push_str(found),
            Err(_) => {
                return Err(Error::mismatch(
                    ErrorCode::Data,
                    "UTF-8 text",
                    "other bytes",
                ));
            }
        },
        ValueRef::Blob(_) => {
            return Err(Error::mismatch(
                ErrorCode::Data,
                "numbers or texts",
                "a blob",
            ));
        }
    }
    Ok(())
}

fn columns_of(session: &mut Session, sql: &str) -> SqlResult<Columns> {
    let (names, types): (Vec<_>, Vec<_>) = session.columns_of(sql)?.into_iter().unzip();
    Ok(Columns {
        names,
        kinds: types.iter().map(|of| Some(kind(of))).collect(),
    })
}

/// The kind of a type of PostgreSQL.
fn kind(of: &Type) -> Kind {
    match *of {
        Type::INT2 | Type::INT4 | Type::INT8 => Kind::Integer,
        Type::FLOAT4 | Type::FLOAT8 | Type::NUMERIC => Kind::Number,
        Type::BOOL => Kind::Boolean,
        _ => Kind::Text,
    }
}

fn refused(place: &str, error: &SqlError) -> Error {
    Error::new(
        ErrorCode::Data,
        format!("{place}: the query failed: {error}"),
    )
}
