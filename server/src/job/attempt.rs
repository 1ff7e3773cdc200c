//! A try of a run, from within: a process that a server began.
//!
//! It holds a lock of its job for its whole life: of a file, which the system frees
//! whichever way the process ends, or of a session with PostgreSQL. Under that lock it
//! looks whether it is still the try that is to be made, and a server that takes up
//! what another one left gives a try up only with that lock in its hands. So no two
//! tries of a job are ever at work, whoever is killed when.
//!
//! Its standard input is held open by the server. When that closes, the server asks it
//! to end, or is gone: either way it ends. (Linux could do that by itself, by a signal
//! on the parent's death; this needs no unsafe code and works everywhere.)

use std::fs::{self, DirBuilder};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use churn_core::jobs::JobWork;
use churn_core::{Error, ErrorCode, Result};
use clap::Parser as _;

use super::steps::{Context, steps};
use crate::cli::Cli;
use crate::clock::random_uuid;
use crate::command;
use crate::interrupt;
use crate::output::failed;
use crate::store::folder::Lock;
use crate::store::job_runs::{Claimed, current};
use crate::store::{Connection, Place};

/// How long a try before this one, which is about to end, may still have the lock.
const LINGERING: Duration = Duration::from_secs(20);

/// How long work may take to end that was asked to.
const ENDING: Duration = Duration::from_secs(3);

/// How often it is looked whether the database still knows the lock.
const LOOK: Duration = Duration::from_secs(2);

/// How long PostgreSQL is waited for when it is asked that.
const PATIENCE: Duration = Duration::from_secs(8);

/// Exit code after a signal to end, as a shell gives it.
const ENDED: i32 = 130;

/// Makes a try.
///
/// # Errors
/// Those of the work; when the try is not, or no longer, to be made.
pub fn run(attempt: i64, place: &Place, tables: Option<PathBuf>) -> Result<()> {
    let scratch = Scratch::make()?;
    end_with_server(scratch.0.clone())?;
    let mut connection = place.open()?;
    let not_it = || Error::new(ErrorCode::Cancelled, "this try is not to be made any more");
    let Claimed { job, .. } = current(&mut connection, attempt)?.ok_or_else(not_it)?;
    let _lock = hold(place, job.id)?;
    let Claimed { run, job, .. } = current(&mut connection, attempt)?.ok_or_else(not_it)?;
    let mut context = Context::new(&scratch.0, &job.definition.name, (run, attempt));
    context.tables = tables;
    if let Place::Folder(folder) = place {
        context.data_dir = Some(folder.path().to_owned());
    }
    drop(connection);
    if let JobWork::Experiment { grid, .. } = &job.definition.work {
        fs::write(&context.grid, grid).map_err(|error| failed(&context.grid, &error))?;
    }
    for step in steps(&job.definition.work, &context) {
        let parsed = Cli::try_parse_from(["churn".to_owned()].into_iter().chain(step));
        let parsed = parsed.map_err(|usage| Error::new(ErrorCode::Parameter, usage.to_string()))?;
        command::run(parsed.command)?;
    }
    Ok(())
}

/// Ends this process when nobody holds its standard input open any more: first as
/// Ctrl-C does, then at once.
fn end_with_server(scratch: PathBuf) -> Result<()> {
    let wait = move || {
        // Nobody writes to it; an error is an end, too.
        let _ = io::stdin().read_to_end(&mut Vec::new());
        interrupt::ask();
        sleep(ENDING);
        let _ = fs::remove_dir_all(&scratch);
        process::exit(ENDED)
    };
    let thread = thread::Builder::new().name("server".into()).spawn(wait);
    thread.map(drop).map_err(no_thread)
}

/// Takes the lock of a job, and ends this process should the database lose it.
fn hold(place: &Place, job: i64) -> Result<Option<Lock>> {
    let start = Instant::now();
    let (mut connection, lock) = loop {
        if let Some(taken) = place.take_job(job)? {
            break taken;
        }
        if start.elapsed() > LINGERING {
            let message = "another try of this job is still at work";
            return Err(Error::new(ErrorCode::Io, message));
        }
        sleep(Duration::from_millis(50));
    };
    if let Connection::Postgresql(_) = connection {
        connection.set_patience(PATIENCE);
        let watch = move || {
            while connection.script("").is_ok() {
                sleep(LOOK);
            }
            crate::terminal::say("error: the database let go of this job");
            process::exit(ENDED)
        };
        let thread = thread::Builder::new().name("lock".into()).spawn(watch);
        thread.map_err(no_thread)?;
    }
    Ok(lock)
}

fn no_thread(error: io::Error) -> Error {
    Error::new(ErrorCode::Io, format!("cannot start a thread: {error}"))
}

/// A folder for this try alone, removed at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn make() -> Result<Self> {
        let path: &Path = &std::env::temp_dir().join(format!("churn-job-{}", random_uuid()));
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(|error| failed(path, &error))?;
        Ok(Self(path.to_owned()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // If it cannot be removed now, it is in nobody's way.
        let _ = fs::remove_dir_all(&self.0);
    }
}
