//! `churn restore`: a backup becomes the data of a server.

use std::fs::{self, File};
use std::path::PathBuf;

use churn_core::Result;
use clap::Args;

use super::backup::{remove, taken, with_suffix};
use crate::count::Count;
use crate::output::failed;
use crate::store::{Folder, database};
use crate::terminal::say;

/// Puts a backup into a data folder that holds no data yet.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// File that `churn backup` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Folder of the server's data, made if it is missing
    #[arg(long, value_name = "FOLDER")]
    data_dir: PathBuf,
}

pub(super) fn run(args: &RestoreArgs) -> Result<()> {
    database::check(&args.file)?;
    let folder = Folder::open(&args.data_dir)?;
    let _lock = folder.lock()?;
    let path = folder.database();
    if path.exists() {
        return Err(taken(&path));
    }
    let part = with_suffix(&path, ".part");
    let copied = fs::copy(&args.file, &part)
        .and_then(|_| File::open(&part)?.sync_all())
        .and_then(|()| fs::rename(&part, &path));
    let removed = remove(&part);
    copied.and(removed).map_err(|error| failed(&path, &error))?;
    // Brought up to date, if it is of an older version.
    drop(database::open(&folder)?);
    let predictions = Count(database::check(&path)?).things("prediction");
    say(format_args!("restored {predictions}: {}", path.display()));
    Ok(())
}
