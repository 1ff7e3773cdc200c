//! The one thread that writes, and commits for all who wait: a sync of the disk
//! takes milliseconds, and one can serve many.
//!
//! Nobody is answered before the commit that holds their record has returned,
//! which with `synchronous = FULL` is after the log was synced.

use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use churn_core::{Error, ErrorCode, Result};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::{Refusal, Store, StoreError};
use crate::telemetry::Telemetry;

/// Most writes that may wait. At some thousand commits' worth a second this is
/// well below a second's work.
const MOST_WAITING: usize = 4096;

/// How long a commit is held back for those who were answered by the last one
/// and are likely to come again: small beside a sync, large beside a request.
const GATHERING: Duration = Duration::from_micros(600);

/// Rows written between two copies of the log into the file.
const ROWS_IN_LOG: u64 = 20_000;

/// How long nothing was written until the log is copied anyway.
const IDLE: Duration = Duration::from_secs(2);

/// The writing thread and its queue.
#[derive(Debug)]
pub struct Writer {
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Queue {
    state: Mutex<State>,
    /// Something was queued, or the queue was closed.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<Box<dyn Write>>,
    closed: bool,
    refusal: Option<Refusal>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} waiting, {:?}", self.waiting.len(), self.refusal)
    }
}

/// A write that waits for its commit.
trait Write: Send {
    fn run(&mut self, connection: &Connection) -> rusqlite::Result<()>;
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
    F: FnOnce(&Connection) -> rusqlite::Result<T> + Send,
    T: Send,
{
    fn run(&mut self, connection: &Connection) -> rusqlite::Result<()> {
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

impl Store {
    /// Has something written; answers when it is on disk. A write must fail
    /// only when the disk does: its failure undoes all that share its commit.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.writer.push(Box::new(Pending {
            write: Some(write),
            value: None,
            reply,
        }))?;
        match answer.await {
            Ok(answer) => answer,
            // The thread has ended without a word: nothing is known to be safe.
            Err(_) => Err(StoreError::Refused(Refusal(
                "the writer has stopped".into(),
            ))),
        }
    }
}

impl Writer {
    pub(super) fn start(connection: Connection, telemetry: Arc<Telemetry>) -> Result<Self> {
        let queue = Arc::new(Queue {
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let thread = thread::Builder::new().name("writer".into());
        let spawned = thread.spawn({
            let queue = Arc::clone(&queue);
            move || write_all(&queue, connection, &telemetry)
        });
        let thread = spawned.map_err(|error| {
            Error::new(ErrorCode::Io, format!("cannot start a thread: {error}"))
        })?;
        Ok(Self {
            queue,
            thread: Mutex::new(Some(thread)),
        })
    }

    fn push(&self, write: Box<dyn Write>) -> Result<(), StoreError> {
        let mut state = self.queue.state();
        if let Some(refusal) = &state.refusal {
            return Err(StoreError::Refused(refusal.clone()));
        }
        if state.closed || state.waiting.len() >= MOST_WAITING {
            return Err(StoreError::Busy);
        }
        state.waiting.push(write);
        drop(state);
        self.queue.changed.notify_one();
        Ok(())
    }

    pub(super) fn refusal(&self) -> Option<Refusal> {
        self.queue.state().refusal.clone()
    }

    /// Waits until all that was accepted is on disk.
    pub(super) fn close(&self) {
        self.queue.state().closed = true;
        self.queue.changed.notify_one();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            // It has nothing to say; what failed was told to who asked.
            let _ = thread.join();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is to be written next; empty after [`IDLE`]; none when the queue is
    /// closed and done. `expected` are likely to come: they are waited for, but
    /// not long.
    fn next(&self, expected: usize) -> Option<Vec<Box<dyn Write>>> {
        let state = self.state();
        let wait = |state: &mut State| state.waiting.is_empty() && !state.closed;
        let (state, _) = self
            .changed
            .wait_timeout_while(state, IDLE, wait)
            .unwrap_or_else(PoisonError::into_inner);
        if state.waiting.is_empty() {
            return (!state.closed).then(Vec::new);
        }
        let wait = |state: &mut State| state.waiting.len() < expected && !state.closed;
        let (mut state, _) = self
            .changed
            .wait_timeout_while(state, GATHERING, wait)
            .unwrap_or_else(PoisonError::into_inner);
        Some(mem::take(&mut state.waiting))
    }
}

fn write_all(queue: &Queue, mut connection: Connection, telemetry: &Telemetry) {
    match write_until_refused(queue, &mut connection, telemetry) {
        // What is in the log is safe there, too.
        Ok(()) => drop(copy_log(&connection)),
        Err(refusal) => {
            refuse(queue, &refusal);
            // After a failed sync nobody knows what the disk holds, and one more
            // may well seem to be done: the log stays as it is for the next start.
            let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        }
    }
}

fn write_until_refused(
    queue: &Queue,
    connection: &mut Connection,
    telemetry: &Telemetry,
) -> Result<(), Refusal> {
    let mut last = 0;
    let mut copied = connection.total_changes();
    while let Some(mut batch) = queue.next(last) {
        last = batch.len();
        if !batch.is_empty() {
            let start = Instant::now();
            let outcome = commit(connection, &mut batch);
            telemetry.commits.record(start.elapsed());
            if let Err(StoreError::Refused(refusal)) = &outcome {
                // Before who waits is told, so that nobody asks in vain again.
                refuse(queue, refusal);
            }
            for write in batch {
                write.answer(&outcome);
            }
            if let Err(StoreError::Refused(refusal)) = outcome {
                return Err(refusal);
            }
        }
        let rows = connection.total_changes() - copied;
        if rows > ROWS_IN_LOG || (last == 0 && rows > 0) {
            copied += rows;
            copy_log(connection).map_err(|error| Refusal(error.to_string()))?;
        }
    }
    Ok(())
}

/// One transaction for all.
fn commit(connection: &mut Connection, batch: &mut [Box<dyn Write>]) -> Result<(), StoreError> {
    let written = (|| {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for write in batch {
            write.run(&transaction)?;
        }
        transaction.commit()
    })();
    written.map_err(|error| StoreError::of_writing(&error))
}

/// Copies the log into the file, so that the log starts anew.
fn copy_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

/// From now on nothing is written. All that waits is told so.
fn refuse(queue: &Queue, refusal: &Refusal) {
    let mut state = queue.state();
    if state.refusal.replace(refusal.clone()).is_none() {
        tracing::error!(
            reason = refusal.0,
            "the disk refused a write: no more is written"
        );
    }
    let waiting = mem::take(&mut state.waiting);
    drop(state);
    let outcome = Err(StoreError::Refused(refusal.clone()));
    for write in waiting {
        write.answer(&outcome);
    }
}
