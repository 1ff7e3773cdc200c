//! `churn backup`: the data as one file, while the server runs.

use std::fs::{self, File};
use std::path::PathBuf;

use churn_core::Result;
use clap::Args;

use super::data::{TablesArgs, without_folder};
use crate::count::Count;
use crate::output::failed;
use crate::store::copy::{remove, taken, to_file, with_suffix};
use crate::store::sqlite;
use crate::table::copy::{beside, kept};
use crate::table::folder::TableFolder;
use crate::terminal::say;

/// Writes all data to one file, as they are at one moment. The server may be
/// running.
///
/// Whichever database the data are in, the file can be restored into a folder
/// or into PostgreSQL. The rows of tables are put beside it, in a folder of its
/// name and `.tables`.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// File to write; it must not be there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    tables: TablesArgs,
}

pub(super) fn run(args: &BackupArgs) -> Result<()> {
    let file = &args.file;
    if file.exists() {
        return Err(taken(file));
    }
    let place = args.tables.data.existing()?;
    let rows = beside(file);
    if rows.exists() {
        return Err(taken(&rows));
    }
    let folder = args.tables.folder(&place);
    // What is copied below stays until it is.
    let _lock = folder
        .as_ref()
        .filter(|folder| folder.exists())
        .map(TableFolder::lock)
        .transpose()?;
    // Under another name until it is whole and safe.
    let part = with_suffix(file, ".part");
    remove(&part).map_err(|error| failed(file, &error))?;
    let rows_part = with_suffix(&rows, ".part");
    let written = to_file(&place, &part).and_then(|()| {
        let predictions = sqlite::check(&part)?;
        let versions = kept(&mut place.open()?)?;
        if !versions.is_empty() {
            let folder = folder.as_ref().ok_or_else(without_folder)?;
            TableFolder::new(&rows_part).copy_from(folder, &versions)?;
            fs::rename(&rows_part, &rows).map_err(|error| failed(&rows, &error))?;
        }
        let named = File::open(&part)
            .and_then(|copy| copy.sync_all())
            .and_then(|()| fs::rename(&part, file));
        named.map_err(|error| failed(file, &error))?;
        Ok(predictions)
    });
    // After the renaming there is nothing to remove.
    let removed = remove(&part).map_err(|error| failed(file, &error));
    if rows_part.exists() {
        fs::remove_dir_all(&rows_part).map_err(|error| failed(&rows, &error))?;
    }
    let predictions = Count(written?).things("prediction");
    removed?;
    say(format_args!("backed up {predictions}: {}", file.display()));
    Ok(())
}
