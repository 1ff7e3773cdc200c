//! `churn experiment`: many models, one for each choice of a grid.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread;

use churn_core::progress::Progress;
use churn_core::{Error, ErrorCode, Result};
use clap::Args;
use serde::Serialize;

use super::columns::ColumnsArgs;
use super::customers::CustomersArgs;
use super::mlflow::say_unsent;
use crate::count::Count;
use crate::experiment::choice::Choice;
use crate::experiment::grid::Grid;
use crate::experiment::ground::Ground;
use crate::experiment::workers::{Event, Job, work};
use crate::input;
use crate::interrupt::Interrupt;
use crate::mlflow;
use crate::presets;
use crate::progress::Bar;
use crate::store::experiments::{self, ExperimentRecord};
use crate::store::{Connection, SqlError, SqlResult, runs};
use crate::table::version::check_name;
use crate::terminal::say;

/// Trains a model for each choice of a grid, on the same customers, and keeps how
/// well each does on the same customers held out.
///
/// The grid is a TOML file. Each of its [[grid]] tables names a model, logistic or
/// svm, and has lists, each value of which is tried with each of the others:
/// solver, c or cv with scoring, balanced, max-iterations and leave-out of a
/// logistic regression; kernel (linear, rbf), c, tolerance and leave-out of a
/// support vector machine, whose solver cannot be told how many steps to take.
/// [hold-out] has test-fraction and seed, or ids.
///
/// Runs go on at the same time, one per core. What is broken off goes on where it
/// was when the same is asked again.
#[derive(Debug, Args)]
pub struct ExperimentArgs {
    /// What to try: a TOML file
    #[arg(value_name = "GRID.toml")]
    grid: PathBuf,

    #[command(flatten)]
    customers: CustomersArgs,

    #[command(flatten)]
    columns: ColumnsArgs,

    /// Tell an MLflow server of every run, too, such as http://127.0.0.1:5000. One
    /// that cannot be reached holds nothing up: `churn mlflow send` sends the rest
    #[arg(long, value_name = "URI")]
    mlflow_uri: Option<String>,
}

/// All that the runs follow from, but for the data.
#[derive(Serialize)]
struct Plan<'a> {
    #[serde(flatten)]
    grid: &'a Grid,
    id: Option<&'a str>,
    target: Option<&'a str>,
    positive: Option<&'a str>,
    selection: Option<String>,
}

pub(super) fn run(args: &ExperimentArgs) -> Result<()> {
    let in_grid = || input::in_file(&args.grid);
    let grid = Grid::parse(&input::text(&args.grid)?).map_err(in_grid())?;
    let name = args.name(&grid).map_err(in_grid())?;
    let choices = grid.choices().map_err(in_grid())?;
    let hold_out = grid.hold_out().map_err(in_grid())?;

    let place = args.customers.place()?;
    let customers = args.customers.open()?;
    let whole = customers.whole()?;
    let header = whole.header().map_err(customers.named())?;
    let preset = presets::fitting(&header)?;
    let options = args.columns.read_options(&header, preset.as_ref())?;
    let plan = Plan {
        grid: &grid,
        id: options.id.as_deref(),
        target: options.target.as_deref(),
        positive: options.positive.as_deref(),
        selection: whole.selection(),
    };
    let plan = json(&plan)?;

    let bar = Bar::new(Interrupt::listen());
    let reading = whole.read(&options, &mut bar.callback());
    let reading = reading.map_err(customers.named())?;
    let source = (whole.hash(), whole.table());
    let ground = Ground::new(reading, preset, source, hold_out)?;
    ground.check(&choices).map_err(in_grid())?;

    let (mut connection, _lock) = place.take_experiments()?;
    let wanted = ExperimentRecord {
        name: name.clone(),
        plan,
        data_name: customers.name(),
        data_hash: ground.hash.clone(),
        train_rows: i64::try_from(ground.train_rows()).unwrap_or(i64::MAX),
        held_out: ground.kept()?,
    };
    let (experiment, jobs) = take_up(&mut connection, &wanted, choices)?;
    let (total, open) = (jobs.total, jobs.open.len());
    if open < total {
        let done = Count((total - open) as u64);
        let of = Count(total as u64).things("run");
        say(format_args!("going on  {name}: {done} of {of} done before"));
    }
    let telling = args.mlflow_uri.as_deref();
    let sender = telling.map(|uri| mlflow::Sender::start(place.clone(), uri));
    let sender = sender.transpose()?;
    if let Some(uri) = telling {
        // Those that ended before; what was told is not told again.
        connection.transaction::<_, SqlError>(|connection| {
            let runs = runs::all(connection, Some(&name))?;
            let mut runs = runs.iter().filter(|run| run.run.ended_ms.is_some());
            runs.try_for_each(|run| tell(connection, uri, run.id))
        })?;
    }
    let environment = json(&environment())?;
    let (mut ended, mut failed) = (total - open, 0);
    let told = std::cell::Cell::new(ended);
    let on_event = |event| {
        match event {
            Event::Begun(run) => runs::begin(&mut connection, run, &environment)?,
            Event::Ended(run, result) => {
                if let Err(error) = &*result {
                    match error.code {
                        ErrorCode::Cancelled => return Err(error.clone()),
                        _ => failed += 1,
                    }
                }
                connection.transaction::<_, SqlError>(|connection| {
                    match &*result {
                        Ok(result) => runs::finish(connection, run, result)?,
                        Err(error) => runs::fail(connection, run, &error.to_string())?,
                    }
                    telling.map_or(Ok(()), |uri| tell(connection, uri, run))
                })?;
                if let Some(sender) = &sender {
                    sender.nudge();
                }
                ended += 1;
                told.set(ended);
            }
        }
        Ok(())
    };
    let go_on = || {
        bar.show(Progress {
            stage: "runs",
            done: told.get() as u64,
            total: total as u64,
        })
    };
    let worked = work(ground, jobs.open, on_event, go_on);
    drop(bar);
    if worked.is_err() {
        // The error that led here is the one to tell.
        let _ = runs::break_off(&mut connection, experiment);
    }
    worked?;
    let runs = Count(total as u64).things("run");
    let failed = match failed {
        0 => String::new(),
        failed => format!(", {} FAILED: `churn run list` tells why", Count(failed)),
    };
    say(format_args!("finished  {name}: {runs}{failed}"));
    if let Some(sender) = sender
        && let Some(trouble) = sender.finish()?
    {
        say_unsent(&trouble);
    }
    Ok(())
}

/// Lets an MLflow server know of a run that has ended.
fn tell(connection: &mut Connection, uri: &str, run: i64) -> SqlResult<()> {
    let Some(record) = runs::numbered(connection, run)? else {
        return Ok(());
    };
    let document = runs::document(connection, run)?;
    mlflow::add(connection, uri, &record.run, document.as_deref(), None).map(drop)
}

/// Runs to do, and how many there are in all.
struct Jobs {
    open: Vec<Job>,
    total: usize,
}

/// The experiment of this name: a new one, or what is left of one that is the
/// same.
fn take_up(
    connection: &mut Connection,
    wanted: &ExperimentRecord,
    choices: Vec<Choice>,
) -> Result<(i64, Jobs)> {
    let params = choices.iter().map(|choice| json(&choice.params()));
    let params = params.collect::<Result<Vec<_>>>()?;
    let found = experiments::find(connection, &wanted.name)?;
    let experiment = match found {
        Some((id, known)) => {
            let differs = match known.data_hash == wanted.data_hash {
                false => Some("data"),
                true => (known.plan != wanted.plan).then_some("grid"),
            };
            if let Some(differs) = differs {
                let message = format!(
                    "the name '{}' is taken by an experiment with another {differs}; \
                     give this one another",
                    wanted.name
                );
                return Err(Error::new(ErrorCode::Parameter, message).in_field("name"));
            }
            runs::break_off(connection, id)?;
            id
        }
        None => connection.transaction::<_, SqlError>(|connection| {
            experiments::add(connection, wanted, &params)
        })?,
    };
    let total = choices.len();
    let open = runs::open(connection, experiment)?.into_iter();
    let job = |(id, number): (i64, i64)| {
        let at = usize::try_from(number - 1).ok()?;
        Some((id, choices.get(at)?.clone()))
    };
    let open = open.filter_map(job).collect();
    Ok((experiment, Jobs { open, total }))
}

impl ExperimentArgs {
    /// What the experiment is called.
    fn name(&self, grid: &Grid) -> Result<String> {
        let of_file = || {
            let stem = self.grid.file_stem().unwrap_or_default();
            stem.to_string_lossy().into_owned()
        };
        let name = grid.name.clone().unwrap_or_else(of_file);
        check_name(&name).map_err(|error| error.in_field("name"))
    }
}

/// Versions of the program and of the machine.
fn environment() -> BTreeMap<&'static str, String> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    BTreeMap::from([
        ("churn", env!("CARGO_PKG_VERSION").to_owned()),
        ("os", std::env::consts::OS.to_owned()),
        ("architecture", std::env::consts::ARCH.to_owned()),
        ("cores", cores.to_string()),
    ])
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::new(ErrorCode::Io, error.to_string()))
}
