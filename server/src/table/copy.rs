//! The files of tables in a backup: in a folder beside it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use churn_core::{Error, ErrorCode, Result};

use super::folder::{TableFolder, sha256_of};
use crate::output::failed;
use crate::store::copy::with_suffix;
use crate::store::tables::VersionRecord;
use crate::store::{Connection, tables};

/// The folder of the tables that belongs to a backup.
pub fn beside(backup: &Path) -> PathBuf {
    with_suffix(backup, ".tables")
}

/// The versions whose rows are there.
///
/// # Errors
/// When the database cannot be read.
pub fn kept(connection: &mut Connection) -> Result<Vec<VersionRecord>> {
    let mut versions = tables::all(connection)?;
    versions.retain(|version| !version.deleted);
    Ok(versions)
}

impl TableFolder {
    /// Copies the files of versions from another folder, those that are there
    /// already left out; each is on disk and what its name says.
    ///
    /// # Errors
    /// [`ErrorCode::Io`]; [`ErrorCode::Data`] for a file that is damaged.
    pub fn copy_from(&self, other: &Self, versions: &[VersionRecord]) -> Result<()> {
        let lock = self.lock()?;
        let files: BTreeSet<&String> = versions.iter().map(|version| &version.file).collect();
        for sha256 in files {
            let (from, to) = (other.file(sha256), self.file(sha256));
            if to.exists() {
                continue;
            }
            let part = self.rows_part();
            copied(&from, &part)?;
            if sha256_of(&part)? != *sha256 {
                let message = format!("{}: the file is damaged", from.display());
                return Err(Error::new(ErrorCode::Data, message));
            }
            fs::rename(&part, &to).map_err(|error| failed(&to, &error))?;
        }
        for version in versions.iter().filter(|version| version.rejected > 0) {
            let (from, to) = [other, self]
                .map(|folder| folder.rejected(&version.name, version.version))
                .into();
            if from.exists() {
                copied(&from, &to)?;
            }
        }
        self.sync()
            .map_err(|error| failed(&self.file(""), &error))?;
        drop(lock);
        Ok(())
    }
}

/// Copies a file; it is on disk then.
fn copied(from: &Path, to: &Path) -> Result<()> {
    let copy = || -> io::Result<()> {
        fs::copy(from, to)?;
        File::open(to)?.sync_all()
    };
    copy().map_err(|error| failed(from, &error))
}
