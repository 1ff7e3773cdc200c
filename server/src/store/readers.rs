//! Reading, beside the writer: each reader sees the last commit.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use super::{Store, StoreError, database};

/// Connections for reading, kept open when they are not in use.
#[derive(Debug)]
pub struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            idle: Mutex::new(Vec::new()),
        }
    }

    fn take(&self) -> Result<Connection, StoreError> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(connection) => Ok(connection),
            None => database::open_to_read(&self.path)
                .map_err(|error| StoreError::Unreadable(error.to_string())),
        }
    }

    fn put_back(&self, connection: Connection) {
        /// More than these are closed again.
        const KEPT: usize = 8;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(connection);
        }
    }
}

impl Store {
    /// Runs a query. It may take its time: callers in an asynchronous task put
    /// it on a thread of its own.
    pub(super) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let connection = self.readers.take()?;
        let answer = query(&connection);
        self.readers.put_back(connection);
        answer.map_err(|error| StoreError::Unreadable(error.to_string()))
    }
}
