//! Scores of any number of customers: computed on all cores, written in the order
//! of the rows, and gone on with where a run was stopped.
//!
//! * [`scores`]: what is written of each customer; [`workers`]: all cores.
//! * [`destination`]: where scores go: [`stream`], [`csv_part`], [`parquet_parts`],
//!   [`score_table`].
//! * [`work`]: what tells one run from another; [`part_folder`]: what there is of a
//!   file that is not complete.

pub mod csv_part;
pub mod destination;
pub mod parquet_parts;
pub mod part_folder;
pub mod score_table;
pub mod scores;
pub mod stream;
pub mod work;
pub mod workers;

use std::thread;
use std::time::{Duration, Instant};

use churn_core::Result;

use crate::batches::Batches;
use crate::imputed::Imputed;
use destination::Destination;
use scores::Scorer;
use workers::Workers;

/// Rows that are scored at a time. Runs that go on count in these.
pub const BATCH: usize = 8192;

/// How often it is made sure that a run can go on from where it is: after so long,
/// or so many batches.
const CHECKPOINT: (Duration, u64) = (Duration::from_secs(2), 64);

/// Scores all customers; how many had values filled in, or nothing where the reader
/// of the scores has gone.
///
/// # Errors
/// Those of reading and writing; [`churn_core::ErrorCode::Cancelled`].
pub fn run(
    scorer: &Scorer<'_>,
    batches: &mut Batches,
    destination: &mut dyn Destination,
) -> Result<Option<Imputed>> {
    let (form, done) = (destination.form(), destination.done());
    let work = |data| scorer.score(data, form);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let mut workers = Workers::start(scope, &work, cores)?;
        let mut imputed = Imputed::default();
        let (mut read, mut written, mut is_read) = (0, done, false);
        let mut last = (Instant::now(), done);
        loop {
            while !is_read && workers.has_room() {
                match batches.read()? {
                    Some(data) if read < done => imputed.add(&scorer.missing(&data)),
                    Some(data) => workers.send(data)?,
                    None => {
                        is_read = true;
                        break;
                    }
                }
                read += 1;
            }
            let Some(block) = workers.take()? else {
                return Ok(Some(imputed));
            };
            imputed.add(&block.imputed);
            destination.write(block)?;
            written += 1;
            if destination.is_closed() {
                return Ok(None);
            }
            let (time, batches) = CHECKPOINT;
            if last.0.elapsed() >= time || written - last.1 >= batches {
                destination.checkpoint(written)?;
                last = (Instant::now(), written);
            }
        }
    })
}
