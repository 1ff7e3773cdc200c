//! Reading, beside the writer: each reader sees the last commit.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::connection::Connection;
use super::{Place, SqlResult, Store, StoreError};

/// More connections than these are closed again.
const KEPT: usize = 8;

/// Connections for reading, kept open when they are not in use.
#[derive(Debug)]
pub struct Readers {
    place: Place,
    /// None when the store is closed.
    idle: Mutex<Option<Vec<Connection>>>,
    /// Whether the database answered when it was last read.
    answers: AtomicBool,
}

impl Readers {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            idle: Mutex::new(Some(Vec::new())),
            answers: AtomicBool::new(true),
        }
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection, and whether it was in use before.
    fn take(&self) -> Result<(Connection, bool), StoreError> {
        let idle = self.idle().as_mut().and_then(Vec::pop);
        match idle {
            Some(connection) => Ok((connection, true)),
            None => match (self.place.open_to_read(), &self.place) {
                (Ok(connection), _) => Ok((connection, false)),
                (Err(error), Place::Folder(_)) => Err(StoreError::Unreadable(error.to_string())),
                (Err(error), Place::Server(_)) => Err(StoreError::Away(error.to_string())),
            },
        }
    }

    fn put_back(&self, connection: Connection) {
        if let Some(idle) = self.idle().as_mut().filter(|idle| idle.len() < KEPT) {
            idle.push(connection);
        }
    }

    fn read<T>(&self, query: impl Fn(&mut Connection) -> SqlResult<T>) -> Result<T, StoreError> {
        loop {
            let (mut connection, was_used) = self.take()?;
            let answer = query(&mut connection);
            match answer {
                // The server may be back already, and others with it.
                Err(error) if error.is_away() && was_used => {
                    self.idle().iter_mut().for_each(Vec::clear);
                }
                Err(error) if error.is_away() => return Err(error.of_reading()),
                answer => {
                    self.put_back(connection);
                    return answer.map_err(|error| error.of_reading());
                }
            }
        }
    }

    pub(super) fn answers(&self) -> bool {
        self.answers.load(Relaxed)
    }

    pub(super) fn close(&self) {
        drop(mem::take(&mut *self.idle()));
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
