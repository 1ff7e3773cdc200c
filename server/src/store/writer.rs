//! The one thread that writes, and commits for all who wait: a sync of the disk
//! takes milliseconds, and one can serve many.
//!
//! Nobody is answered before the commit that holds their record has returned,
//! which with SQLite's `synchronous = FULL` and PostgreSQL's
//! `synchronous_commit` is after the log was synced. A PostgreSQL server that is
//! gone, or says nothing for ten seconds, is connected to again; whatever was not
//! answered by then is told as an error, since nobody knows what became of it.

use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::sqlite::{self, Log};
use super::writes::{Write, commit};
use super::{Place, Refusal, SqlError, StoreError};
use crate::telemetry::Telemetry;
use churn_core::{Error, ErrorCode, Result};

/// Most writes that may wait. At some thousand commits' worth a second this is
/// well below a second's work.
const MOST_WAITING: usize = 4096;

/// How long a commit is held back for those who were answered by the last one
/// and are likely to come again: small beside a sync, large beside a request.
const GATHERING: Duration = Duration::from_micros(600);

/// How long nothing was written until the log is copied anyway, or a server
/// asked whether it is still there.
const IDLE: Duration = Duration::from_secs(2);

/// How long until a server that is gone is looked for again.
const AGAIN: Duration = Duration::from_millis(250);

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
    /// Why nothing can be written, for good or for now.
    trouble: Option<StoreError>,
    /// Something was erased that the log still has.
    erased: bool,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} waiting, {:?}", self.waiting.len(), self.trouble)
    }
}

impl Writer {
    pub(super) fn start(
        place: Place,
        connection: Connection,
        telemetry: Arc<Telemetry>,
    ) -> Result<Self> {
        let queue = Arc::new(Queue {
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let thread = thread::Builder::new().name("writer".into());
        let spawned = thread.spawn({
            let queue = Arc::clone(&queue);
            move || write_all(&queue, &place, connection, &telemetry)
        });
        let thread = spawned.map_err(|error| {
            Error::new(ErrorCode::Io, format!("cannot start a thread: {error}"))
        })?;
        Ok(Self {
            queue,
            thread: Mutex::new(Some(thread)),
        })
    }

    pub(super) fn push(&self, write: Box<dyn Write>) -> Result<(), StoreError> {
        let mut state = self.queue.state();
        if let Some(trouble) = &state.trouble {
            return Err(trouble.clone());
        }
        if state.closed || state.waiting.len() >= MOST_WAITING {
            return Err(StoreError::Busy);
        }
        state.waiting.push(write);
        drop(state);
        self.queue.changed.notify_one();
        Ok(())
    }

    pub(super) fn trouble(&self) -> Option<StoreError> {
        self.queue.state().trouble.clone()
    }

    /// Something was erased: the log is emptied soon.
    pub(super) fn erased(&self) {
        self.queue.state().erased = true;
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

    /// From now on nothing is written, for good or until a server is back. All
    /// that waits is told so.
    fn stop(&self, trouble: &StoreError) {
        let reason = trouble.to_string();
        match trouble {
            StoreError::Refused(Refusal(reason)) => {
                tracing::error!(reason, "the disk refused a write: no more is written");
            }
            StoreError::Away(_) => {
                tracing::error!(reason, "nothing is written until the database answers");
            }
            // This once.
            StoreError::Failed(_) => return tracing::error!(reason, "a write failed"),
            _ => return,
        }
        let mut state = self.state();
        state.trouble = Some(trouble.clone());
        let waiting = mem::take(&mut state.waiting);
        drop(state);
        for write in waiting {
            write.answer(&Err(trouble.clone()));
        }
    }
}

fn write_all(queue: &Queue, place: &Place, mut connection: Connection, telemetry: &Telemetry) {
    let mut last = 0;
    let mut log = match &connection {
        Connection::Sqlite(file) => Some(Log::of(file)),
        Connection::Postgresql(_) => None,
    };
    while let Some(mut batch) = queue.next(last) {
        last = batch.len();
        let mut outcome = Ok(());
        if !batch.is_empty() {
            let start = Instant::now();
            outcome = commit(&mut connection, &mut batch);
            telemetry.commits.record(start.elapsed());
            if let Err(trouble) = &outcome {
                queue.stop(trouble);
            }
            for write in batch {
                write.answer(&outcome);
            }
        }
        if outcome.is_ok() {
            let is_idle = last == 0;
            let erased = mem::take(&mut queue.state().erased);
            outcome = keep(&mut connection, log.as_mut(), is_idle, erased);
            if let Err(trouble) = &outcome {
                queue.stop(trouble);
            }
        }
        match outcome {
            Err(StoreError::Away(reason)) => {
                // Its session may still be there, and have the lock.
                drop(connection);
                match return_to(queue, place, reason) {
                    Some(again) => connection = again,
                    None => return,
                }
            }
            Err(StoreError::Refused(_)) => return sqlite::leave_log(&connection),
            _ => {}
        }
    }
    if let Connection::Sqlite(file) = &connection {
        // What is in the log is safe there, too.
        let _ = sqlite::checkpoint(file, "PASSIVE");
    }
}

/// What is to be done besides writing.
fn keep(
    connection: &mut Connection,
    log: Option<&mut Log>,
    is_idle: bool,
    erased: bool,
) -> Result<(), StoreError> {
    let kept = match (&mut *connection, log) {
        (Connection::Sqlite(file), Some(log)) => {
            if erased {
                log.empty_soon();
            }
            log.keep_short(file, is_idle).map_err(SqlError::from)
        }
        // Whether the server is still there.
        (Connection::Postgresql(session), _) if is_idle => session.script(""),
        _ => Ok(()),
    };
    kept.map_err(|error| error.of_writing())
}

/// Connects to a server that was gone, as often as it takes; none when the
/// queue is closed meanwhile.
fn return_to(queue: &Queue, place: &Place, mut reason: String) -> Option<Connection> {
    loop {
        let state = queue.state();
        let (state, _) = queue
            .changed
            .wait_timeout_while(state, AGAIN, |state| !state.closed)
            .unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return None;
        }
        drop(state);
        match place.take() {
            Ok((connection, _)) => {
                tracing::info!("the database answers again");
                queue.state().trouble = None;
                return Some(connection);
            }
            Err(error) if error.message != reason => {
                reason = error.message;
                queue.stop(&StoreError::Away(reason.clone()));
            }
            Err(_) => {}
        }
    }
}
