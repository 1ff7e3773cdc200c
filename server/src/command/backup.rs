//! `churn backup`: the data as one file, while the server runs.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use churn_core::{Error, ErrorCode, Result};
use clap::Args;

use crate::count::Count;
use crate::output::failed;
use crate::store::{Folder, database};
use crate::terminal::say;

/// Writes all data to one file, as they are at one moment. The server may be
/// running.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// File to write; it must not be there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Folder of the server's data
    #[arg(long, value_name = "FOLDER")]
    data_dir: PathBuf,
}

pub(super) fn run(args: &BackupArgs) -> Result<()> {
    let file = &args.file;
    if file.exists() {
        return Err(taken(file));
    }
    let folder = Folder::existing(&args.data_dir)?;
    // Under another name until it is whole and safe.
    let part = with_suffix(file, ".part");
    remove(&part).map_err(|error| failed(file, &error))?;
    let written = database::copy(&folder, &part).and_then(|()| {
        let predictions = database::check(&part)?;
        let named = File::open(&part)
            .and_then(|copy| copy.sync_all())
            .and_then(|()| fs::rename(&part, file));
        named.map_err(|error| failed(file, &error))?;
        Ok(predictions)
    });
    // After the renaming there is nothing to remove.
    let removed = remove(&part).map_err(|error| failed(file, &error));
    let predictions = Count(written?).things("prediction");
    removed?;
    say(format_args!("backed up {predictions}: {}", file.display()));
    Ok(())
}

/// The error for a file that is there already.
pub(super) fn taken(file: &Path) -> Error {
    let message = format!(
        "{}: it is there already; choose another name",
        file.display()
    );
    Error::new(ErrorCode::Io, message)
}

/// The path with something at the end of its name.
pub(super) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Removes a file that may be there.
pub(super) fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
