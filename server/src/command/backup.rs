//! `churn backup`: the data as one file, while the server runs.

use std::fs::{self, File};
use std::path::PathBuf;

use churn_core::Result;
use clap::Args;

use super::data::DataArgs;
use crate::count::Count;
use crate::output::failed;
use crate::store::copy::{remove, taken, to_file, with_suffix};
use crate::store::sqlite;
use crate::terminal::say;

/// Writes all data to one file, as they are at one moment. The server may be
/// running.
///
/// Whichever database the data are in, the file can be restored into a folder
/// or into PostgreSQL.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// File to write; it must not be there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    data: DataArgs,
}

pub(super) fn run(args: &BackupArgs) -> Result<()> {
    let file = &args.file;
    if file.exists() {
        return Err(taken(file));
    }
    let place = args.data.existing()?;
    // Under another name until it is whole and safe.
    let part = with_suffix(file, ".part");
    remove(&part).map_err(|error| failed(file, &error))?;
    let written = to_file(&place, &part).and_then(|()| {
        let predictions = sqlite::check(&part)?;
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
