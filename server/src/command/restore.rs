//! `churn restore`: a backup becomes the data of a server.

use std::path::PathBuf;

use churn_core::Result;
use clap::Args;

use super::data::{TablesArgs, without_folder};
use crate::count::Count;
use crate::store::copy::from_file;
use crate::store::sqlite;
use crate::table::copy::{beside, kept};
use crate::table::folder::TableFolder;
use crate::terminal::say;

/// Puts a backup into a data folder, or a PostgreSQL database, that holds no
/// data yet.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// File that `churn backup` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    tables: TablesArgs,
}

pub(super) fn run(args: &RestoreArgs) -> Result<()> {
    let predictions = Count(sqlite::check(&args.file)?).things("prediction");
    let place = args.tables.data.made()?;
    let rows = beside(&args.file);
    // Before the data, which say that they are there.
    if rows.exists() {
        let folder = args.tables.folder(&place).ok_or_else(without_folder)?;
        let versions = kept(&mut sqlite::open_to_read(&args.file)?)?;
        folder.copy_from(&TableFolder::new(&rows), &versions)?;
    }
    from_file(&args.file, &place)?;
    if !rows.exists() && !kept(&mut place.open()?)?.is_empty() {
        let rows = rows.display();
        say(format_args!(
            "the rows of tables are not there: {rows} is missing"
        ));
    }
    say(format_args!("restored {predictions}: {place}"));
    Ok(())
}
