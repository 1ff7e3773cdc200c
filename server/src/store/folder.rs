//! The folder that holds the database.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use churn_core::{Error, ErrorCode, Result};

use super::outbox::Peer;

/// A folder for the data of one server.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// Held by the program that has the folder; freed by the system when it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Folder {
    /// The folder, made if it is missing: for its owner only.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn open(path: &Path) -> Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let made = builder.create(path);
        made.map_err(|error| failed(path, &error))?;
        Ok(Self(path.to_owned()))
    }

    /// The folder, which has to hold data.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn existing(path: &Path) -> Result<Self> {
        let folder = Self(path.to_owned());
        match folder.database().is_file() {
            true => Ok(folder),
            false => {
                let message = format!("{}: there are no data of a server", path.display());
                Err(Error::new(ErrorCode::Io, message))
            }
        }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The database's file.
    pub fn database(&self) -> PathBuf {
        self.0.join("churn.db")
    }

    /// Where the files of tables are.
    pub fn tables(&self) -> PathBuf {
        self.0.join("tables")
    }

    /// Takes the folder for this process.
    ///
    /// # Errors
    /// [`ErrorCode::Io`] when another server has it.
    pub fn lock(&self) -> Result<Lock> {
        let mended = "another server is running on this folder; \
                      stop it, or choose another with --data-dir";
        self.taken("churn.lock", ErrorCode::Io, mended)
    }

    /// Takes the folder's experiments for this process.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] when another experiment is running.
    pub fn lock_experiments(&self) -> Result<Lock> {
        let mended = "another experiment is running on this folder; \
                      let it end, or choose another with --data-dir";
        self.taken("experiments.lock", ErrorCode::Parameter, mended)
    }

    /// Takes what is for a peer in the folder's outbox for this process; none when
    /// another one has it.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn lock_outbox(&self, peer: Peer) -> Result<Option<Lock>> {
        self.take(match peer {
            Peer::Mlflow => "outbox.lock",
            Peer::OpenLineage => "openlineage.lock",
        })
    }

    /// Takes a job of the folder for this process; none when another one has it.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn lock_job(&self, job: i64) -> Result<Option<Lock>> {
        self.take(&format!("job-{job}.lock"))
    }

    fn taken(&self, name: &str, code: ErrorCode, mended: &str) -> Result<Lock> {
        self.take(name)?.ok_or_else(|| {
            let message = format!("{}: {mended}", self.0.display());
            Error::new(code, message)
        })
    }

    fn take(&self, name: &str) -> Result<Option<Lock>> {
        let path = self.0.join(name);
        let opened = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let file = opened.map_err(|error| failed(&path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(&path, &error)),
        }
    }
}

fn failed(path: &Path, error: &io::Error) -> Error {
    Error::new(ErrorCode::Io, format!("{}: {error}", path.display()))
}
