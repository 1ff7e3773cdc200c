//! `churn restore`: a backup becomes the data of a server.

use std::path::PathBuf;

use churn_core::Result;
use clap::Args;

use super::data::DataArgs;
use crate::count::Count;
use crate::store::copy::from_file;
use crate::store::sqlite;
use crate::terminal::say;

/// Puts a backup into a data folder, or a PostgreSQL database, that holds no
/// data yet.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// File that `churn backup` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    data: DataArgs,
}

pub(super) fn run(args: &RestoreArgs) -> Result<()> {
    let predictions = Count(sqlite::check(&args.file)?).things("prediction");
    let place = args.data.made()?;
    from_file(&args.file, &place)?;
    say(format_args!("restored {predictions}: {place}"));
    Ok(())
}
