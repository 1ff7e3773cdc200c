//! Where the data are: in a folder, or on a PostgreSQL server.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use churn_core::{Error, Result};

use super::connection::Connection;
use super::copy::{remove, with_suffix};
use super::folder::Lock;
use super::outbox::Peer;
use super::postgresql::{OPENLINEAGE_LOCK, OUTBOX_LOCK, Server, WRITING};
use super::{Folder, migrations, sqlite};
use crate::output::failed;

/// Where the data are.
#[derive(Clone, Debug)]
pub enum Place {
    /// In a file of a folder.
    Folder(Folder),
    /// On a PostgreSQL server.
    Server(Box<Server>),
}

impl Place {
    /// A connection for writing, at the newest version; what is missing is made.
    ///
    /// # Errors
    /// When the database cannot be opened, or is of a newer version.
    pub fn open(&self) -> Result<Connection> {
        self.brought_up(match self {
            Self::Folder(folder) => sqlite::open_to_write(&folder.database())?,
            Self::Server(server) => Connection::Postgresql(Box::new(server.connect()?)),
        })
    }

    /// As [`Place::open`], and no other server gets it while this connection
    /// and the lock are there.
    ///
    /// # Errors
    /// When another server has it, and those of opening.
    pub fn take(&self) -> Result<(Connection, Option<Lock>)> {
        match self {
            Self::Folder(folder) => {
                let lock = folder.lock()?;
                Ok((self.open()?, Some(lock)))
            }
            Self::Server(server) => {
                let session = Connection::Postgresql(Box::new(server.take(WRITING)?));
                Ok((self.brought_up(session)?, None))
            }
        }
    }

    /// As [`Place::open`], and no other experiment runs there while this connection
    /// and the lock are there. A server may.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`](churn_core::ErrorCode::Parameter) when another
    /// experiment is running, and those of opening.
    pub fn take_experiments(&self) -> Result<(Connection, Option<Lock>)> {
        match self {
            Self::Folder(folder) => {
                let lock = folder.lock_experiments()?;
                Ok((self.open()?, Some(lock)))
            }
            Self::Server(server) => {
                let session = Connection::Postgresql(Box::new(server.take_experiments()?));
                Ok((self.brought_up(session)?, None))
            }
        }
    }

    /// A job of the place for this process, while the connection and the lock are
    /// there; none when another one has it.
    ///
    /// # Errors
    /// Those of opening.
    pub fn take_job(&self, job: i64) -> Result<Option<(Connection, Option<Lock>)>> {
        match self {
            Self::Folder(folder) => match folder.lock_job(job)? {
                Some(lock) => Ok(Some((self.open()?, Some(lock)))),
                None => Ok(None),
            },
            Self::Server(server) => {
                let session = server.take_job(job)?;
                Ok(session.map(|session| (Connection::Postgresql(Box::new(session)), None)))
            }
        }
    }

    /// Whether this process may send what is for a peer in the outbox, while the
    /// connection and the lock are there.
    ///
    /// # Errors
    /// When it cannot be found out.
    pub fn take_outbox(
        &self,
        connection: &mut Connection,
        peer: Peer,
    ) -> Result<Option<Option<Lock>>> {
        match self {
            Self::Folder(folder) => Ok(folder.lock_outbox(peer)?.map(Some)),
            Self::Server(_) => {
                let sql = "SELECT pg_try_advisory_lock(?1)";
                let lock = match peer {
                    Peer::Mlflow => OUTBOX_LOCK,
                    Peer::OpenLineage => OPENLINEAGE_LOCK,
                };
                let taken = connection.first(sql, &[&lock], |row| row.get::<bool>(0))?;
                Ok((taken == Some(true)).then_some(None))
            }
        }
    }

    /// A connection for reading what is there, whose answers are not waited for for
    /// ever.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn open_to_read(&self) -> Result<Connection> {
        match self {
            Self::Folder(folder) => sqlite::open_to_read(&folder.database()),
            Self::Server(server) => Ok(Connection::Postgresql(Box::new(server.connect_to_read()?))),
        }
    }

    /// Brings a database up to date. A file is kept as it was, beside it; backups
    /// of a server are its own affair.
    fn brought_up(&self, mut connection: Connection) -> Result<Connection> {
        let named = |error| self.named(&error);
        if let Self::Folder(folder) = self {
            let version = migrations::version(&mut connection).map_err(named)?;
            if (1..migrations::NEWEST).contains(&version) {
                keep(&folder.database(), version)?;
            }
        }
        migrations::run(&mut connection).map_err(named)?;
        Ok(connection)
    }

    /// An error with the place before it.
    pub(super) fn named(&self, error: &Error) -> Error {
        Error::new(error.code, format!("{self}: {error}"))
    }
}

/// Keeps a copy of a file that is of an older version.
fn keep(database: &Path, version: usize) -> Result<()> {
    let kept = with_suffix(database, &format!(".version-{version}"));
    let part = with_suffix(&kept, ".part");
    let failed = |error: io::Error| failed(&part, &error);
    // What a copy that was broken off left.
    remove(&part).map_err(failed)?;
    sqlite::copy(database, &part)?;
    let synced = File::open(&part).and_then(|part| part.sync_all());
    synced
        .and_then(|()| fs::rename(&part, &kept))
        .map_err(failed)
}

/// The file, or the server and its database.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.database().display().fmt(f),
            Self::Server(server) => server.fmt(f),
        }
    }
}
