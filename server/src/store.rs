//! What the server must not lose: models, keys, predictions and what became of
//! them, in one SQLite file.
//!
//! All writing goes through one thread that commits for many requests at once
//! ([`writer`]); a write is answered when its commit is on disk. Reading has
//! connections of its own ([`readers`]). SQL is in this folder only, so that
//! another database can take this one's place behind the methods of [`Store`].
//!
//! * [`folder`]: the data folder, and that only one server has it.
//! * [`database`]: opening the file; [`migrations`]: its version.
//! * [`monitoring`]: what came since it was last looked at.
//! * [`deployments`], [`keys`], [`predictions`], [`labels`], [`aggregates`]:
//!   one kind of record each.

pub mod aggregates;
pub mod database;
pub mod deployments;
pub mod error;
pub mod folder;
pub mod keys;
pub mod labels;
pub mod migrations;
pub mod monitoring;
pub mod predictions;
pub mod readers;
pub mod writer;

use std::sync::Arc;

pub use error::{Refusal, StoreError};
pub use folder::Folder;

use crate::telemetry::Telemetry;
use readers::Readers;
use writer::Writer;

/// The store of a running server.
#[derive(Debug)]
pub struct Store {
    writer: Writer,
    readers: Readers,
}

impl Store {
    /// Opens the store of a folder, making what is missing.
    ///
    /// # Errors
    /// When the file cannot be opened, or is of a newer version.
    pub fn open(folder: &Folder, telemetry: &Arc<Telemetry>) -> churn_core::Result<Self> {
        let connection = database::open(folder)?;
        Ok(Self {
            writer: Writer::start(connection, Arc::clone(telemetry))?,
            readers: Readers::new(folder.database()),
        })
    }

    /// Why nothing can be written any more, if so.
    pub fn refusal(&self) -> Option<Refusal> {
        self.writer.refusal()
    }

    /// Ends writing when all that was accepted is on disk.
    pub fn close(&self) {
        self.writer.close();
    }
}
