//! The folder with the files of tables: what is in it is whole.
//!
//! * `<SHA-256>.parquet`: the rows of a version, under the hash of the file.
//! * `<table>@<version>.rejected.ndjson`: the rows that did not fit.
//! * `.ingest.parquet`, `.ingest.ndjson`: both, while they are written.
//! * `.upload-…`: a file that a client of the server is sending.
//! * `.ingest.pending`: which version is about to be, until the database has it.
//!
//! One ingest at a time: it holds the lock, which the system frees when it ends
//! in whichever way. So all that the next one finds of these is left over.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use churn_core::artefact::hexadecimal;
use churn_core::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::clock::random_uuid;
use crate::store::copy::remove;
use crate::store::tables::{self, VersionRecord};
use crate::store::{Connection, Folder};
use crate::terminal::say;

/// How the names of files begin that are being sent.
const UPLOAD: &str = ".upload-";

/// The files of tables.
#[derive(Clone, Debug)]
pub struct TableFolder(PathBuf);

/// Held by the ingest that has the folder.
#[derive(Debug)]
pub struct IngestLock {
    _file: File,
}

/// A version that is about to be.
#[derive(Serialize, Deserialize)]
struct Pending {
    name: String,
    version: u32,
    file: String,
}

impl TableFolder {
    /// The folder, which may not be there yet.
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Whether anything was ingested.
    pub fn exists(&self) -> bool {
        self.0.is_dir()
    }

    /// The file of a version.
    pub fn file(&self, sha256: &str) -> PathBuf {
        self.0.join(format!("{sha256}.parquet"))
    }

    /// The rows that did not fit into a version.
    pub fn rejected(&self, name: &str, version: u32) -> PathBuf {
        self.0.join(format!("{name}@{version}.rejected.ndjson"))
    }

    /// Rows, while they are written by the ingest that has the lock.
    pub fn rows_part(&self) -> PathBuf {
        self.0.join(".ingest.parquet")
    }

    /// Rows that do not fit, while they are written.
    pub fn rejected_part(&self) -> PathBuf {
        self.0.join(".ingest.ndjson")
    }

    fn pending(&self) -> PathBuf {
        self.0.join(".ingest.pending")
    }

    /// Takes the folder, made if it is missing, for this ingest; waits for
    /// another one.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn lock(&self) -> Result<IngestLock> {
        Folder::open(&self.0)?;
        let path = self.0.join(".lock");
        let opened = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let file = opened.map_err(|error| failed(&path, &error))?;
        if file.try_lock().is_err() {
            say(format_args!(
                "waiting for another ingest: {}",
                self.0.display()
            ));
            file.lock().map_err(|error| failed(&path, &error))?;
        }
        Ok(IngestLock { _file: file })
    }

    /// Removes what is not complete: what an ingest left that did not come to
    /// its end.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn clean(&self, _lock: &IngestLock, connection: &mut Connection) -> Result<()> {
        // One that cannot be read was not on disk before files got their names.
        let pending = fs::read(self.pending()).ok();
        let pending = pending.and_then(|bytes| serde_json::from_slice::<Pending>(&bytes).ok());
        if let Some(Pending {
            name,
            version,
            file,
        }) = pending
        {
            if tables::find(connection, &name, version)?.is_none() {
                self.remove(&self.rejected(&name, version))?;
            }
            if !tables::has_file(connection, &file)? {
                self.remove(&self.file(&file))?;
            }
        }
        self.remove(&self.rows_part())?;
        self.remove(&self.rejected_part())?;
        self.remove(&self.pending())
    }

    /// Gives the files of a version their names. Unless the database has the
    /// version, they go with the next [`clean`](Self::clean).
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn place(
        &self,
        rows: &Path,
        rejected: Option<&Path>,
        version: &VersionRecord,
    ) -> Result<()> {
        let VersionRecord {
            name,
            version,
            file: sha256,
            ..
        } = version;
        let pending = Pending {
            name: name.clone(),
            version: *version,
            file: sha256.clone(),
        };
        let place = || {
            let file = File::create(self.pending())?;
            serde_json::to_writer(&file, &pending)?;
            file.sync_all()?;
            self.sync()?;
            if let Some(path) = rejected {
                fs::rename(path, self.rejected(name, *version))?;
            }
            fs::rename(rows, self.file(sha256))?;
            self.sync()
        };
        place().map_err(|error| failed(&self.file(sha256), &error))
    }

    /// Removes the files of a version that was deleted; its rows stay where
    /// another version has the same.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn forget(&self, version: &VersionRecord, is_needed: bool) -> Result<()> {
        self.remove(&self.rejected(&version.name, version.version))?;
        match is_needed {
            true => Ok(()),
            false => self.remove(&self.file(&version.file)),
        }
    }

    /// Where a file is written that was sent; who has it removes it.
    ///
    /// # Errors
    /// [`ErrorCode::Io`] when the folder cannot be made.
    pub fn upload(&self) -> Result<PathBuf> {
        Folder::open(&self.0)?;
        let name = format!("{UPLOAD}{}", random_uuid().simple());
        Ok(self.0.join(name))
    }

    /// Removes files that were being sent when a server ended; no other server
    /// may be running.
    pub fn clear_uploads(&self) {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        for entry in entries {
            if entry.file_name().to_string_lossy().starts_with(UPLOAD) {
                // What stays is in nobody's way.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// The names of files are on disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        // Elsewhere a folder cannot be opened, and the system does it.
        #[cfg(unix)]
        File::open(&self.0)?.sync_all()?;
        Ok(())
    }

    fn remove(&self, path: &Path) -> Result<()> {
        remove(path).map_err(|error| failed(path, &error))
    }
}

/// SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// [`ErrorCode::Io`].
pub fn sha256_of(path: &Path) -> Result<String> {
    let read = || -> io::Result<String> {
        let mut file = File::open(path)?;
        let mut digest = Sha256::new();
        let mut bytes = vec![0; 1 << 16];
        loop {
            match file.read(&mut bytes)? {
                0 => return Ok(hexadecimal(&digest.finalize())),
                read => digest.update(&bytes[..read]),
            }
        }
    };
    read().map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &io::Error) -> Error {
    Error::new(ErrorCode::Io, format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests;
