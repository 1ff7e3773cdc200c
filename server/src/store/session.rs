//! A session with a PostgreSQL server: the calls of a connection.
//!
//! All that is ours is in the schema `churn`.

use std::collections::HashMap;
use std::fmt;

use ::postgres::binary_copy::BinaryCopyInWriter;
use ::postgres::fallible_iterator::FallibleIterator as _;
use ::postgres::types::ToSql;
use ::postgres::{Client, Row, Statement};

use super::connection::Value;
use super::error::SqlResult;

/// Statements kept prepared per session.
const STATEMENTS: usize = 64;

/// A session with a PostgreSQL server.
pub struct Session {
    client: Client,
    prepared: HashMap<String, Statement>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session, {} statements", self.prepared.len())
    }
}

impl Session {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            prepared: HashMap::new(),
        }
    }

    /// Begins a transaction when no other one writes; the lock ends with it.
    pub(super) const BEGIN: &'static str =
        "BEGIN; SELECT pg_advisory_xact_lock(7163101024104742914)";

    fn prepared(&mut self, sql: &str) -> SqlResult<Statement> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        if self.prepared.len() >= STATEMENTS {
            self.prepared.clear();
        }
        let statement = self.client.prepare(&sql.replace('?', "$"))?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(super) fn execute(&mut self, sql: &str, values: &[&dyn Value]) -> SqlResult<u64> {
        let statement = self.prepared(sql)?;
        Ok(self.client.execute(&statement, &of_postgresql(values))?)
    }

    pub(super) fn each(
        &mut self,
        sql: &str,
        values: &[&dyn Value],
        mut read: impl FnMut(&Row) -> SqlResult<()>,
    ) -> SqlResult<()> {
        let statement = self.prepared(sql)?;
        let mut rows = self.client.query_raw(&statement, of_postgresql(values))?;
        while let Some(row) = rows.next()? {
            read(&row)?;
        }
        Ok(())
    }

    /// One row by the statement; more are streamed, which takes no exchange
    /// for each.
    pub(super) fn insert<'a, R: AsRef<[&'a dyn Value]>>(
        &mut self,
        sql: &str,
        table: &str,
        columns: &[&str],
        rows: impl IntoIterator<Item = R>,
    ) -> SqlResult<()> {
        let mut rows = rows.into_iter().peekable();
        let Some(first) = rows.next() else {
            return Ok(());
        };
        if rows.peek().is_none() {
            return self.execute(sql, first.as_ref()).map(drop);
        }
        // The statement knows the columns' types.
        let types = self.prepared(sql)?.params().to_vec();
        let columns = columns.join(", ");
        let copy = self.prepared(&format!(
            "COPY {table} ({columns}) FROM STDIN (FORMAT binary)"
        ))?;
        let mut writer = BinaryCopyInWriter::new(self.client.copy_in(&copy)?, &types);
        writer.write(&of_postgresql(first.as_ref()))?;
        for row in rows {
            writer.write(&of_postgresql(row.as_ref()))?;
        }
        writer.finish()?;
        Ok(())
    }

    pub(super) fn script(&mut self, sql: &str) -> SqlResult<()> {
        Ok(self.client.batch_execute(sql)?)
    }
}

fn of_postgresql<'a>(values: &[&'a dyn Value]) -> Vec<&'a (dyn ToSql + Sync)> {
    values
        .iter()
        .map(|&value| value as &(dyn ToSql + Sync))
        .collect()
}
