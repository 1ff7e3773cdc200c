//! What waits to be written, and one commit of it.

use std::mem;

use tokio::sync::oneshot;

use super::connection::Connection;
use super::predictions::{self, NewPrediction};
use super::{Refusal, SqlResult, Store, StoreError};

/// A write that waits for its commit.
pub(super) trait Write: Send {
    /// Predictions to record, if that is all: those of neighbours are written as
    /// one.
    fn predictions(&mut self) -> Option<&mut Vec<NewPrediction>> {
        None
    }
    fn run(&mut self, connection: &mut Connection) -> SqlResult<()>;
    /// Tells the caller.
    fn answer(self: Box<Self>, outcome: &Result<(), StoreError>);
}

struct Pending<F, T> {
    write: Option<F>,
    value: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<F, T> Write for Pending<F, T>
where
    F: FnOnce(&mut Connection) -> SqlResult<T> + Send,
    T: Send,
{
    fn run(&mut self, connection: &mut Connection) -> SqlResult<()> {
        if let Some(write) = self.write.take() {
            self.value = Some(write(connection)?);
        }
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: &Result<(), StoreError>) {
        let answer = match (outcome, self.value) {
            (Ok(()), Some(value)) => Ok(value),
            (Ok(()), None) => Err(StoreError::Busy),
            (Err(error), _) => Err(error.clone()),
        };
        // Who asked may have gone; what was written stays.
        let _ = self.reply.send(answer);
    }
}

struct Record {
    predictions: Vec<NewPrediction>,
    /// None where nobody waits.
    reply: Option<oneshot::Sender<Result<(), StoreError>>>,
}

impl Write for Record {
    fn predictions(&mut self) -> Option<&mut Vec<NewPrediction>> {
        Some(&mut self.predictions)
    }

    fn run(&mut self, _: &mut Connection) -> SqlResult<()> {
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: &Result<(), StoreError>) {
        match (self.reply, outcome) {
            (Some(reply), _) => drop(reply.send(outcome.clone())),
            (None, Ok(())) => {}
            (None, Err(error)) => {
                let reason = error.to_string();
                tracing::error!(reason, "predictions that were answered are not recorded");
            }
        }
    }
}

impl Store {
    /// Has something written; answers when it is on disk. A write must fail
    /// only when the disk does: its failure undoes all that share its commit.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&mut Connection) -> SqlResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.writer.push(Box::new(Pending {
            write: Some(write),
            value: None,
            reply,
        }))?;
        answer.await.unwrap_or_else(|_| Err(ended()))
    }

    /// Records answers.
    ///
    /// # Errors
    /// When they are not on disk.
    pub async fn record(&self, predictions: Vec<NewPrediction>) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        let reply = Some(reply);
        self.writer.push(Box::new(Record { predictions, reply }))?;
        answer.await.unwrap_or_else(|_| Err(ended()))
    }

    /// Records answers soon, with the next commit. A crash before it loses them.
    ///
    /// # Errors
    /// When nothing can be written, or too much waits already.
    pub fn record_soon(&self, predictions: Vec<NewPrediction>) -> Result<(), StoreError> {
        let reply = None;
        self.writer.push(Box::new(Record { predictions, reply }))
    }
}

/// The thread has ended without a word: nothing is known to be safe.
fn ended() -> StoreError {
    StoreError::Refused(Refusal("the writer has stopped".into()))
}

/// One transaction for all.
pub(super) fn commit(
    connection: &mut Connection,
    batch: &mut [Box<dyn Write>],
) -> Result<(), StoreError> {
    // One statement of PostgreSQL is a transaction of its own: that saves half of
    // the exchanges.
    let is_one = matches!(connection, Connection::Postgresql(_))
        && batch.iter_mut().all(|write| write.predictions().is_some());
    let written = match is_one {
        true => run(connection, batch),
        false => connection.transaction(|connection| run(connection, batch)),
    };
    written.map_err(|error| error.of_writing())
}

fn run(connection: &mut Connection, batch: &mut [Box<dyn Write>]) -> SqlResult<()> {
    let mut records = Vec::new();
    for write in batch {
        match write.predictions() {
            Some(more) => records.append(more),
            // The order stays: this may be about one of those before it.
            None => {
                predictions::insert(connection, &mem::take(&mut records))?;
                write.run(connection)?;
            }
        }
    }
    predictions::insert(connection, &records)
}
