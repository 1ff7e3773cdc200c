//! What the server must not lose: models, keys, predictions and what became of
//! them, in one SQLite file or in a PostgreSQL database.
//!
//! All writing goes through one thread that commits for many requests at once
//! ([`writer`], [`writes`]); a write is answered when its commit is on disk.
//! Reading has connections of its own ([`readers`]). SQL is in this folder only, the same
//! for both databases.
//!
//! * [`place`]: where the data are; [`folder`]: a folder, and that only one
//!   server has it.
//! * [`connection`]: a connection to either database; [`sqlite`],
//!   [`postgresql`], [`session`]: what is particular to each; [`migrations`]:
//!   the version.
//! * [`monitoring`]: what came since it was last looked at.
//! * [`deployments`], [`keys`], [`predictions`], [`labels`], [`aggregates`]:
//!   one kind of record each; [`registry`]: the builds of a model, their aliases
//!   and which of them answered when; [`erasure`]: what is to be forgotten.
//! * [`tables`]: versions of tables, whose rows are in files.
//! * [`experiments`], [`runs`]: models trained by a grid, and how well they do.
//! * [`mod@retraining`]: rules on models, and what was decided by them; [`notices`]:
//!   what webhooks are to be told of it.
//! * [`lineage`]: what the above came from; what a lineage file says.
//! * [`jobs`], [`job_runs`], [`job_history`]: what is done by itself, and how that
//!   went.
//! * [`outbox`]: what other servers are to be told.
//! * [`copy`]: backups, and from one database to the other; `cell`: values of
//!   any type, for that.

pub mod aggregates;
mod cell;
pub mod connection;
pub mod copy;
pub mod deployments;
pub mod erasure;
pub mod error;
pub mod experiments;
pub mod folder;
pub mod job_history;
pub mod job_runs;
pub mod jobs;
pub mod keys;
pub mod labels;
pub mod lineage;
pub mod migrations;
pub mod monitoring;
pub mod notices;
pub mod outbox;
pub mod place;
pub mod postgresql;
pub mod predictions;
pub mod readers;
pub mod registry;
pub mod retraining;
pub mod runs;
pub mod session;
pub mod sqlite;
pub mod tables;
pub mod writer;
pub mod writes;

use std::sync::Arc;

use churn_core::Result;

pub use connection::Connection;
pub use error::{Refusal, SqlError, SqlResult, StoreError};
pub use folder::Folder;
pub use place::Place;

use crate::telemetry::Telemetry;
use folder::Lock;
use readers::Readers;
use writer::Writer;

/// The store of a running server.
#[derive(Debug)]
pub struct Store {
    writer: Writer,
    readers: Readers,
    _lock: Option<Lock>,
}

impl Store {
    /// The store of a place that was taken ([`Place::take`]).
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(
        place: Place,
        (connection, lock): (Connection, Option<Lock>),
        telemetry: &Arc<Telemetry>,
    ) -> Result<Self> {
        Ok(Self {
            writer: Writer::start(place.clone(), connection, Arc::clone(telemetry))?,
            readers: Readers::new(place),
            _lock: lock,
        })
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        self.readers.place()
    }

    /// Why nothing can be written, if so: for good, or for now.
    pub fn trouble(&self) -> Option<StoreError> {
        let away = || StoreError::Away("it cannot be read".into());
        let trouble = self.writer.trouble();
        trouble.or_else(|| (!self.readers.answers()).then(away))
    }

    /// Ends writing when all that was accepted is on disk.
    pub fn close(&self) {
        self.writer.close();
        self.readers.close();
    }
}
