//! `churn erase`: predictions of a customer are forgotten.

use std::path::PathBuf;
use std::thread;

use churn_core::{Error, ErrorCode, Result};
use clap::Args;
use uuid::Uuid;

use super::data::DataArgs;
use crate::count::Count;
use crate::input;
use crate::store::Connection;
use crate::store::erasure::{BATCH, Erased, PAUSE, erase};
use crate::terminal::say;

/// Erases predictions with all that was said of them. The server may be running.
///
/// The store knows predictions by their uuids, not customers: who asks for
/// predictions keeps their uuids beside the customer, and erases by them. What
/// is erased is overwritten in the file; PostgreSQL overwrites it in its own
/// time. Backups made before still hold it.
#[derive(Debug, Args)]
pub struct EraseArgs {
    /// Name of a prediction; can be given more than once
    #[arg(long, value_name = "UUID", required_unless_present = "uuids")]
    uuid: Vec<Uuid>,

    /// Text file with one such name a line
    #[arg(long, value_name = "FILE")]
    uuids: Option<PathBuf>,

    #[command(flatten)]
    data: DataArgs,
}

pub(super) fn run(args: &EraseArgs) -> Result<()> {
    let mut uuids = args.uuid.clone();
    if let Some(file) = &args.uuids {
        for id in input::ids(file)? {
            let wrong =
                || Error::mismatch(ErrorCode::Parameter, "a uuid a line", format!("'{id}'"));
            let uuid = id.parse().map_err(|_| wrong());
            uuids.push(uuid.map_err(input::in_file(file))?);
        }
    }
    let mut connection = args.data.existing()?.open()?;
    let mut erased = Erased::default();
    for batch in uuids.chunks(BATCH) {
        erased.add(connection.transaction(|connection| erase(connection, batch))?);
        thread::sleep(PAUSE);
    }
    finish(&mut connection, &erased)
}

/// Makes sure that nothing is left in a log, and tells what was erased.
pub(super) fn finish(connection: &mut Connection, erased: &Erased) -> Result<()> {
    let is_empty = connection.empty_log()?;
    say(tell(erased));
    if !is_empty {
        say("the database's log is being read and may still have it: run this again later");
    }
    Ok(())
}

/// What was erased, in words.
pub(super) fn tell(erased: &Erased) -> String {
    let mut told = format!(
        "erased {}, {} and metrics of {}",
        Count(erased.predictions).things("prediction"),
        Count(erased.labels).things("label"),
        Count(erased.metrics)
    );
    if erased.aggregates > 0 {
        told += &format!(", and {}", Count(erased.aggregates).things("aggregate"));
    }
    told
}
