//! What there is of a result file that is not complete: a folder beside it, named
//! like it with a dot before and `.part` behind.
//!
//! * `journal.json`: which run it is of, and how far it is.
//! * `lock`: held by the run that is at it.
//! * The scores so far.
//!
//! Without a journal there is nothing to go on with, and the folder is removed
//! when the run ends in whichever way it can.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use churn_core::{Error, Result};

use super::work::{Journal, Work};
use crate::output::failed;
use crate::store::copy::remove;

const JOURNAL: &str = "journal.json";

/// The folder, held by a run.
#[derive(Debug)]
pub struct PartFolder {
    path: PathBuf,
    /// What the user called the result.
    name: PathBuf,
    destination: PathBuf,
    /// Nothing where the customers cannot be read a second time.
    work: Option<Work>,
    is_kept: bool,
    _lock: File,
}

impl PartFolder {
    /// Takes the folder of a result, and the journal of an earlier run of the same
    /// work. What is of another one is removed.
    ///
    /// # Errors
    /// [`Io`](churn_core::ErrorCode::Io); also when another run is at it.
    pub fn open(name: &Path, work: Option<Work>) -> Result<(Self, Option<Journal>)> {
        let (path, destination, lock) = take(name).map_err(|error| failed(name, &error))?;
        let mut folder = Self {
            path,
            name: name.to_owned(),
            destination,
            work,
            is_kept: false,
            _lock: lock,
        };
        let found = fs::read(folder.path(JOURNAL)).ok();
        let found = found.and_then(|bytes| serde_json::from_slice::<Journal>(&bytes).ok());
        let journal = found.filter(|journal| Some(&journal.work) == folder.work.as_ref());
        folder.is_kept = journal.is_some();
        if journal.is_none() {
            // Its files are about to change.
            remove(&folder.path(JOURNAL)).map_err(|error| folder.failed(&error))?;
        }
        Ok((folder, journal))
    }

    /// Whether there is something to go on with.
    pub fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// A file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Notes how far the result is, on disk already.
    ///
    /// # Errors
    /// [`Io`](churn_core::ErrorCode::Io).
    pub fn note(&mut self, batches: u64, length: u64) -> Result<()> {
        let Some(work) = self.work.clone() else {
            return Ok(());
        };
        let journal = Journal {
            work,
            batches,
            length,
        };
        let written = serde_json::to_vec(&journal)
            .map_err(io::Error::from)
            .and_then(|bytes| {
                let path = self.path("journal.new");
                let mut file = File::create(&path)?;
                file.write_all(&bytes)?;
                file.sync_all()?;
                fs::rename(&path, self.path(JOURNAL))
            });
        written.map_err(|error| self.failed(&error))?;
        self.is_kept = true;
        Ok(())
    }

    /// Gives a file in it, on disk already, the name of the result. The folder is
    /// removed.
    ///
    /// # Errors
    /// [`Io`](churn_core::ErrorCode::Io).
    pub fn complete(mut self, file: &str) -> Result<()> {
        let renamed = fs::rename(self.path(file), &self.destination);
        renamed.map_err(|error| self.failed(&error))?;
        self.is_kept = false;
        Ok(())
    }

    /// The error for something in it.
    pub fn failed(&self, error: &dyn std::error::Error) -> Error {
        failed(&self.name, error)
    }
}

impl Drop for PartFolder {
    fn drop(&mut self) {
        if !self.is_kept {
            // What stays is taken up, or removed, by the next run.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

fn take(name: &Path) -> io::Result<(PathBuf, PathBuf, File)> {
    // A link stays a link: the file it points to is the one to replace.
    let destination = fs::canonicalize(name).unwrap_or_else(|_| name.to_owned());
    if destination.is_dir() {
        return Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder"));
    }
    let Some(last) = destination.file_name() else {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it names no file"));
    };
    let path = destination.with_file_name(format!(".{}.part", last.to_string_lossy()));
    match fs::create_dir(&path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path.join("lock"))?;
    if lock.try_lock().is_err() {
        let message = "another run is writing it; let that end, or name another file";
        return Err(io::Error::new(ErrorKind::ResourceBusy, message));
    }
    Ok((path, destination, lock))
}
