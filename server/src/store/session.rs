//! A session with a PostgreSQL server: the calls of a connection.
//!
//! All that is ours is in the schema `churn`. A server may hang, with its
//! connections open: who waits for its next word gives it up after a while.

use std::collections::HashMap;
use std::fmt;
use std::future::{Future, poll_fn};
use std::iter;
use std::mem;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use axum::body::Bytes;
use futures_util::{SinkExt as _, TryStreamExt as _};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Error, Row, Socket, Statement};

use super::connection::Value;
use super::error::{SqlError, SqlResult};

/// Statements kept prepared per session.
const STATEMENTS: usize = 64;

/// A session with a PostgreSQL server.
pub struct Session {
    client: Client,
    prepared: HashMap<String, Statement>,
    wire: Wire,
}

/// What carries a session's words, while somebody waits for an answer.
struct Wire {
    runtime: Runtime,
    carrier: Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>,
    /// How long the server is waited for.
    patience: Duration,
    /// It was waited for in vain: nobody knows what it did, or may do yet.
    given_up: bool,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session, {} statements", self.prepared.len())
    }
}

impl Session {
    /// A session with a server that lets in, and later answers, within `patience`.
    pub(super) fn connect<T>(config: &Config, tls: T, patience: Duration) -> SqlResult<Self>
    where
        T: MakeTlsConnect<Socket>,
        T::Stream: Send + 'static,
    {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(SqlError::System)?;
        let connected = async { timeout(patience, config.connect(tls)).await };
        let connected = match runtime.block_on(connected) {
            Ok(connected) => connected.map_err(SqlError::from),
            Err(_) => Err(SqlError::Silent(patience)),
        };
        let (client, connection) = match connected {
            Ok(connected) => connected,
            Err(error) => {
                // A name may still be looked up, which is not waited for.
                runtime.shutdown_background();
                return Err(error);
            }
        };
        Ok(Self {
            client,
            prepared: HashMap::new(),
            wire: Wire {
                runtime,
                carrier: Box::pin(connection),
                patience,
                given_up: false,
            },
        })
    }

    /// Waits so long for each answer from now on; how long it was before.
    pub(super) fn set_patience(&mut self, patience: Duration) -> Duration {
        mem::replace(&mut self.wire.patience, patience)
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
        let numbered = sql.replace('?', "$");
        let statement = self.wire.wait(self.client.prepare(&numbered))?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(super) fn execute(&mut self, sql: &str, values: &[&dyn Value]) -> SqlResult<u64> {
        let statement = self.prepared(sql)?;
        let values = of_postgresql(values);
        self.wire.wait(self.client.execute(&statement, &values))
    }

    pub(super) fn each(
        &mut self,
        sql: &str,
        values: &[&dyn Value],
        mut read: impl FnMut(&Row) -> SqlResult<()>,
    ) -> SqlResult<()> {
        let statement = self.prepared(sql)?;
        self.stream(&statement, values, &mut read)
    }

    /// Names and types of the columns of a query, taken as it is written.
    pub(crate) fn columns_of(&mut self, sql: &str) -> SqlResult<Vec<(String, Type)>> {
        let statement = self.wire.wait(self.client.prepare(sql))?;
        let columns = statement.columns().iter();
        let columns = columns.map(|column| (column.name().to_owned(), column.type_().clone()));
        Ok(columns.collect())
    }

    /// Calls for every row of a query, taken as it is written.
    pub(crate) fn each_of<E: From<SqlError>>(
        &mut self,
        sql: &str,
        mut read: impl FnMut(&Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let statement = self.wire.wait(self.client.prepare(sql))?;
        self.stream(&statement, &[], &mut read)
    }

    fn stream<E: From<SqlError>>(
        &mut self,
        statement: &Statement,
        values: &[&dyn Value],
        read: &mut dyn FnMut(&Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let values = of_postgresql(values);
        let rows = self.wire.wait(self.client.query_raw(statement, values))?;
        let mut rows = pin!(rows);
        while let Some(row) = self.wire.wait(rows.try_next())? {
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
        let copied = async {
            let sink = self.client.copy_in(&copy).await?;
            let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
            for row in iter::once(first).chain(rows) {
                writer.as_mut().write(&of_postgresql(row.as_ref())).await?;
            }
            writer.finish().await
        };
        self.wire.wait(copied).map(drop)
    }

    /// Gives a statement that copies rows in all of its input.
    pub(crate) fn copy(&mut self, sql: &str, input: Vec<u8>) -> SqlResult<()> {
        let copied = async {
            let sink = self.client.copy_in(sql).await?;
            let mut sink = pin!(sink);
            sink.send(Bytes::from(input)).await?;
            sink.finish().await
        };
        self.wire.wait(copied).map(drop)
    }

    pub(crate) fn script(&mut self, sql: &str) -> SqlResult<()> {
        self.wire.wait(self.client.batch_execute(sql))
    }
}

impl Wire {
    /// Waits for an answer.
    fn wait<T>(&mut self, answer: impl Future<Output = Result<T, Error>>) -> SqlResult<T> {
        if self.given_up {
            return Err(SqlError::Silent(self.patience));
        }
        let mut answer = pin!(answer);
        let carried = poll_fn(|context| match self.carrier.as_mut().poll(context) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            _ => answer.as_mut().poll(context),
        });
        let answered = self
            .runtime
            .block_on(async { timeout(self.patience, carried).await });
        self.given_up = answered.is_err();
        match answered {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(SqlError::Silent(self.patience)),
        }
    }
}

fn of_postgresql<'a>(values: &[&'a dyn Value]) -> Vec<&'a (dyn ToSql + Sync)> {
    values
        .iter()
        .map(|&value| value as &(dyn ToSql + Sync))
        .collect()
}
