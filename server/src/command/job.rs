//! `churn job`: what a server does by itself.

mod text;

use std::path::{Path, PathBuf};

use churn_core::jobs::{Job, JobDefinition, JobRuns, Jobs};
use churn_core::{Error, ErrorCode, Result};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::data::{DataArgs, TablesArgs};
use crate::clock::now_ms;
use crate::input;
use crate::job::{attempt, definition, told};
use crate::output::{print, print_json};
use crate::store::registry::Outcome;
use crate::store::{Connection, SqlResult, job_history, jobs};
use crate::terminal::say;

/// Runs that are told of a job.
const RUNS: usize = 20;

/// Has a server do things by itself: at times of the clock, after each other, or when
/// it is told to.
///
/// A running server on the same data begins what is due, at most two runs at a time and
/// one of each job, and tries again what fails.
#[derive(Debug, Args)]
pub struct JobArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add a job, as a TOML file defines it
    #[command(after_help = ADDING)]
    Add {
        /// What is to be done, and when
        #[arg(value_name = "JOB.toml")]
        file: PathBuf,

        #[command(flatten)]
        data: DataArgs,
    },
    /// List jobs: how they stand, how they ended, when they run next
    List {
        #[command(flatten)]
        options: Options,
    },
    /// Tell all of a job, with its last runs
    Show {
        /// The job
        name: String,

        #[command(flatten)]
        options: Options,
    },
    /// Have a job run now
    Run {
        /// The job
        name: String,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Let a job run by hand alone
    Pause {
        /// The job
        name: String,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Let a paused job run by itself again
    Resume {
        /// The job
        name: String,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Stop what runs of a job, and what waits
    Cancel {
        /// The job
        name: String,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Remove a job, and what its runs said
    Remove {
        /// The job
        name: String,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Print what a run said, of each try
    Log {
        /// The job
        name: String,

        /// Number of the run [default: that of the newest]
        #[arg(long, value_name = "NUMBER")]
        run: Option<i64>,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Make a try of a run, as a server begins it
    #[command(hide = true)]
    Attempt {
        /// Its number in the store
        number: i64,

        #[command(flatten)]
        tables: TablesArgs,
    },
}

const ADDING: &str = "\
  name = \"nightly\"                                  # of the job
  schedule.cron = { expression = \"0 2 * * *\", zone = \"Europe/Berlin\" }
                         # or schedule.after = \"ingest\", or \"manual\", which is the default;
                         # six fields begin with the second
  missed = \"run_once\"    # as soon as it can, or \"skip\": where no server ran, for more than
                         # a minute, or the run before was not done
  retries = 3            # of a run that fails; 0 if nothing is said
  backoff_s = 30         # before the first retry, twice as long before each later one
  limit_s = 3600         # for one try

  [work]                 # one of
  kind = \"ingest\"        # table; sources (files, folders), or query with from or from_env; schema
  kind = \"train\"         # table, model; alias, c or cv, balanced, target, id, positive
  kind = \"experiment\"    # table, grid (as text); target, id, positive
  kind = \"score\"         # table, model; out (a file) or into (a table, by CHURN_SCORES_URL of
                         # the server's environment) with replace; reasons
  kind = \"evaluate\"      # table, model
  kind = \"retrain\"       # model
  kind = \"backup\"        # folder
selection, as --where, chooses rows of a table. model is NAME, NAME@VERSION or NAME@ALIAS of \
the registry.";

#[derive(Debug, Args)]
struct Options {
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    data: DataArgs,
}

/// All of a job.
#[derive(Serialize)]
struct Shown {
    job: Job,
    #[serde(flatten)]
    runs: JobRuns,
}

pub(super) fn run(args: &JobArgs) -> Result<()> {
    match &args.action {
        Action::Add { file, data } => add(file, data),
        Action::List { options } => list(options),
        Action::Show { name, options } => show(name, options),
        Action::Run { name, data } => {
            let run = change(data, |connection| jobs::run_now(connection, name, now_ms()))?;
            say(format_args!(
                "{name}: run {run} waits for its turn with a server"
            ));
            Ok(())
        }
        Action::Pause { name, data } => {
            change(data, |connection| jobs::pause(connection, name, now_ms()))?;
            say(format_args!("{name}: runs by hand alone"));
            Ok(())
        }
        Action::Resume { name, data } => {
            change(data, |connection| jobs::resume(connection, name, now_ms()))?;
            say(format_args!("{name}: runs by itself again"));
            Ok(())
        }
        Action::Cancel { name, data } => {
            change(data, |connection| jobs::cancel(connection, name, now_ms()))?;
            say(format_args!("{name}: is stopped"));
            Ok(())
        }
        Action::Remove { name, data } => {
            change(data, |connection| jobs::remove(connection, name, now_ms()))?;
            say(format_args!("{name}: no more"));
            Ok(())
        }
        Action::Log { name, run, data } => log(name, *run, data),
        Action::Attempt { number, tables } => {
            let place = tables.data.existing()?;
            attempt::run(*number, &place, tables.tables.clone())
        }
    }
}

fn add(file: &Path, data: &DataArgs) -> Result<()> {
    let in_file = input::in_file(file);
    let read = input::toml::<JobDefinition>(&input::text(file)?, "a job");
    let mut job = read.map_err(&in_file)?;
    definition::settle(&mut job.work)?;
    definition::check(&job, now_ms()).map_err(&in_file)?;
    let place = data.made()?;
    let added = place
        .open()?
        .transaction(|connection| jobs::add(connection, &job, now_ms()))?;
    let record = added.map_err(refused)?;
    let job = told::job(&mut place.open()?, record)?;
    say(format_args!(
        "{}: {}",
        job.definition.name,
        text::when(&job)
    ));
    Ok(())
}

fn list(options: &Options) -> Result<()> {
    let mut connection = options.data.existing()?.open()?;
    let all = jobs::all(&mut connection)?.into_iter();
    let told = all.map(|record| told::job(&mut connection, record));
    let jobs = Jobs {
        jobs: told.collect::<SqlResult<_>>()?,
    };
    options.print(&jobs, || text::list(&jobs.jobs))
}

fn show(name: &str, options: &Options) -> Result<()> {
    let mut connection = options.data.existing()?.open()?;
    let record = jobs::find(&mut connection, name)?.map_err(refused)?;
    let runs = job_history::history(&mut connection, record.id, RUNS)?;
    let shown = Shown {
        job: told::job(&mut connection, record)?,
        runs: JobRuns { runs },
    };
    options.print(&shown, || text::show(&shown.job, &shown.runs.runs))
}

fn log(name: &str, run: Option<i64>, data: &DataArgs) -> Result<()> {
    let mut connection = data.existing()?.open()?;
    let record = jobs::find(&mut connection, name)?.map_err(refused)?;
    let log = job_history::log(&mut connection, record.id, run)?;
    let log = log.ok_or_else(|| {
        let got = run.map_or_else(|| "none".into(), |run| run.to_string());
        let expected = format!("a run of '{name}'");
        Error::mismatch(ErrorCode::Parameter, expected, got).in_field("run")
    })?;
    print(&text::log(&log))
}

fn change<T>(data: &DataArgs, change: impl FnOnce(&mut Connection) -> Outcome<T>) -> Result<T> {
    let mut connection = data.existing()?.open()?;
    connection.transaction(change)?.map_err(refused)
}

fn refused(refused: crate::store::registry::Refused) -> Error {
    Error::new(ErrorCode::Parameter, refused.message()).in_field("job")
}

impl Options {
    fn print<T: Serialize>(&self, value: &T, text: impl FnOnce() -> String) -> Result<()> {
        match self.json {
            true => print_json(value),
            false => print(&text()),
        }
    }
}
