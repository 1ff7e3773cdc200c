//! Reading, beside the writer: each reader sees the last commit.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::connection::Connection;
use super::{Place, SqlError, SqlResult, Store, StoreError};

/// Most connections at a time; who wants one more waits. A server has not many
/// to give.
const MOST: usize = 16;

/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections for reading, kept open when they are not in use.
#[derive(Debug)]
pub struct Readers {
    place: Place,
    pool: Mutex<Pool>,
    /// A connection was given back.
    changed: Condvar,
    /// Whether the database answered when it was last read.
    answers: AtomicBool,
}

#[derive(Debug, Default)]
struct Pool {
    idle: Vec<Connection>,
    in_use: usize,
    closed: bool,
}

impl Readers {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            pool: Mutex::default(),
            changed: Condvar::new(),
            answers: AtomicBool::new(true),
        }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection, and whether it was in use before.
    fn take(&self) -> Result<(Connection, bool), StoreError> {
        let (mut pool, waited) = self
            .changed
            .wait_timeout_while(self.pool(), PATIENCE, |pool| pool.in_use >= MOST)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(StoreError::Busy);
        }
        pool.in_use += 1;
        if let Some(connection) = pool.idle.pop() {
            return Ok((connection, true));
        }
        drop(pool);
        self.place
            .open_to_read()
            .map(|connection| (connection, false))
            .map_err(|error| {
                self.put_back(None);
                match self.place {
                    Place::Folder(_) => StoreError::Unreadable(error.to_string()),
                    Place::Server(_) => StoreError::Away(error.to_string()),
                }
            })
    }

    /// Gives a connection back, if it is still good.
    fn put_back(&self, connection: Option<Connection>) {
        let mut pool = self.pool();
        pool.in_use -= 1;
        if !pool.closed {
            pool.idle.extend(connection);
        }
        drop(pool);
        self.changed.notify_one();
    }

    fn read<T>(&self, query: impl Fn(&mut Connection) -> SqlResult<T>) -> Result<T, StoreError> {
        loop {
            let (mut connection, was_used) = self.take()?;
            let answer = query(&mut connection);
            match answer {
                Err(error) if error.is_away() => {
                    self.put_back(None);
                    // What else was open is of no use either.
                    self.pool().idle.clear();
                    let hangs = matches!(error, SqlError::Silent(_));
                    if hangs || !was_used {
                        return Err(error.of_reading());
                    }
                    // The server may be back already.
                }
                answer => {
                    self.put_back(Some(connection));
                    return answer.map_err(|error| error.of_reading());
                }
            }
        }
    }

    pub(super) fn answers(&self) -> bool {
        self.answers.load(Relaxed)
    }

    pub(super) fn close(&self) {
        let mut pool = self.pool();
        pool.closed = true;
        pool.idle.clear();
    }
}

impl Store {
    /// Runs a query. It may take its time, and must not be run by an
    /// asynchronous task: callers in one put it on a thread of its own.
    pub(super) fn read<T>(
        &self,
        query: impl Fn(&mut Connection) -> SqlResult<T>,
    ) -> Result<T, StoreError> {
        let answer = self.readers.read(query);
        let is_away = matches!(answer, Err(StoreError::Away(_)));
        self.readers.answers.store(!is_away, Relaxed);
        answer
    }
}
