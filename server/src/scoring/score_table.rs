//! Scores to a table of PostgreSQL that appears when it is complete. Up to then
//! they are in a table named like it with `_part` behind, whose comment says how
//! far it is: rows and comment change together, so none is there twice.

use churn_core::{Error, ErrorCode, Result};

use super::destination::{Destination, Form};
use super::scores::Block;
use super::work::{Journal, Work};
use crate::store::postgresql::Server;
use crate::store::session::Session;
use crate::store::{SqlError, SqlResult};
use crate::table::cells::Kind;

/// Longest name that PostgreSQL keeps whole, with [`PART`] behind it.
const LONGEST: usize = 63 - PART.len();

const PART: &str = "_part";

/// How the comment of a table begins that is ours.
const COMMENT: &str = "scores by churn, not complete: ";

/// The name of a table, perhaps with a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName {
    schema: Option<String>,
    name: String,
}

impl std::str::FromStr for TableName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (schema, name) = match text.split_once('.') {
            Some((schema, name)) => (Some(schema), name),
            None => (None, text),
        };
        let fits = |part: &str| (1..=LONGEST).contains(&part.len()) && !part.contains(['\0', '.']);
        match fits(name) && schema.is_none_or(fits) {
            true => Ok(Self {
                schema: schema.map(str::to_owned),
                name: name.to_owned(),
            }),
            false => Err(format!(
                "expected TABLE or SCHEMA.TABLE, of up to {LONGEST} bytes each"
            )),
        }
    }
}

impl TableName {
    /// As SQL, with something at its end.
    fn quoted(&self, suffix: &str) -> String {
        let name = quoted(&format!("{}{suffix}", self.name));
        match &self.schema {
            Some(schema) => format!("{}.{name}", quoted(schema)),
            None => name,
        }
    }
}

impl std::fmt::Display for TableName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// A table on its way.
#[derive(Debug)]
pub struct ScoreTable {
    server: Server,
    session: Session,
    name: TableName,
    replaces: bool,
    work: Option<Work>,
    copy: String,
    done: u64,
    is_kept: bool,
}

impl ScoreTable {
    /// Begins the table, or goes on with it.
    ///
    /// # Errors
    /// [`ErrorCode::Io`] when the server refuses; [`ErrorCode::Parameter`] when
    /// there is such a table and it is not to be replaced.
    pub fn open(
        server: Server,
        name: TableName,
        replaces: bool,
        work: Option<Work>,
        columns: &[(String, Kind)],
    ) -> Result<Self> {
        let session = server.connect_to_query();
        let session =
            session.map_err(|error| Error::new(ErrorCode::Io, format!("{server}: {error}")))?;
        let names: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
        let part = name.quoted(PART);
        let mut table = Self {
            copy: format!("COPY {part} ({}) FROM STDIN (FORMAT csv)", names.join(", ")),
            server,
            session,
            name,
            replaces,
            work,
            done: 0,
            is_kept: false,
        };
        table.take()?;
        // All of it in transactions: without a checkpoint there was no run.
        table.script("BEGIN")?;
        table.done = table.left()?;
        table.is_kept = table.done > 0;
        if table.done == 0 {
            let columns = columns.iter().map(|(name, kind)| {
                let kind = match kind {
                    Kind::Integer => "bigint",
                    Kind::Number => "double precision",
                    Kind::Text => "text",
                    Kind::Boolean => "boolean",
                };
                format!("{} {kind}", quoted(name))
            });
            let columns: Vec<String> = columns.collect();
            let columns = columns.join(", ");
            table.script(&format!(
                "DROP TABLE IF EXISTS {part}; CREATE TABLE {part} ({columns})"
            ))?;
        }
        Ok(table)
    }

    /// Keeps other runs out, and does not touch a table that is to stay.
    fn take(&mut self) -> Result<()> {
        self.script("SET client_min_messages = warning; SET synchronous_commit = on")?;
        let name = literal(&self.name.quoted(""));
        let lock = format!("SELECT pg_try_advisory_lock(hashtextextended({name}, 0))::text");
        if self.ask(&lock)?.as_deref() != Some("true") {
            return Err(self.refused("another run is writing it; let that end"));
        }
        let is_there = format!("SELECT to_regclass({name})::text");
        if self.ask(&is_there)?.is_some() && !self.replaces {
            return Err(self.refused("it is there already; --replace puts another in its place"));
        }
        Ok(())
    }

    /// How many batches a run of the same work has left.
    fn left(&mut self) -> Result<u64> {
        let part = literal(&self.name.quoted(PART));
        let asked = format!(
            "SELECT coalesce(obj_description(to_regclass({part}), 'pg_class'), '') \
             WHERE to_regclass({part}) IS NOT NULL"
        );
        let Some(comment) = self.ask(&asked)? else {
            return Ok(0);
        };
        let Some(journal) = comment.strip_prefix(COMMENT) else {
            let message = format!("there is a table {}{PART} that is not ours", self.name);
            return Err(self.refused(&message));
        };
        let journal = serde_json::from_str::<Journal>(journal).ok();
        let ours = journal.filter(|journal| Some(&journal.work) == self.work.as_ref());
        Ok(ours.map_or(0, |journal| journal.batches))
    }

    fn note(&mut self, batches: u64) -> Result<()> {
        let journal = self.work.clone().map(|work| Journal {
            work,
            batches,
            length: 0,
        });
        let journal = serde_json::to_string(&journal).unwrap_or_default();
        let comment = literal(&format!("{COMMENT}{journal}"));
        let part = self.name.quoted(PART);
        self.script(&format!("COMMENT ON TABLE {part} IS {comment}"))
    }

    /// The first value of an answer.
    fn ask(&mut self, sql: &str) -> Result<Option<String>> {
        let mut answer = None;
        let asked = self.session.each_of::<SqlError>(sql, |row| {
            answer = row.try_get(0)?;
            Ok(())
        });
        self.told(asked)?;
        Ok(answer)
    }

    fn script(&mut self, sql: &str) -> Result<()> {
        let done = self.session.script(sql);
        self.told(done)
    }

    fn told<T>(&self, result: SqlResult<T>) -> Result<T> {
        result.map_err(|error| {
            let message = format!("{}, table {}: {error}", self.server, self.name);
            Error::new(ErrorCode::Io, message)
        })
    }

    fn refused(&self, reason: &str) -> Error {
        let message = format!("{}, table {}: {reason}", self.server, self.name);
        Error::new(ErrorCode::Parameter, message)
    }
}

impl Destination for ScoreTable {
    fn form(&self) -> Form {
        Form::Text
    }

    fn done(&self) -> u64 {
        self.done
    }

    fn write(&mut self, block: Block<'_>) -> Result<()> {
        let copied = self.session.copy(&self.copy, block.text()?);
        self.told(copied)
    }

    fn checkpoint(&mut self, batches: u64) -> Result<()> {
        self.note(batches)?;
        self.script("COMMIT; BEGIN")?;
        self.is_kept = self.work.is_some();
        Ok(())
    }

    fn is_kept(&self) -> bool {
        self.is_kept
    }

    fn finish(mut self: Box<Self>) -> Result<bool> {
        let (name, part) = (self.name.quoted(""), self.name.quoted(PART));
        let drop = match self.replaces {
            true => format!("DROP TABLE IF EXISTS {name}; "),
            false => String::new(),
        };
        let model = self
            .work
            .as_ref()
            .map(|work| format!(" of the model {}", work.model));
        let comment = literal(&format!("scores by churn{}", model.unwrap_or_default()));
        self.script(&format!(
            "{drop}ALTER TABLE {part} RENAME TO {}; COMMENT ON TABLE {name} IS {comment}; COMMIT",
            quoted(&self.name.name)
        ))?;
        Ok(true)
    }
}

/// A name as SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL.
fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}
