//! An experiment from its grid to its end: the same for the command line and the
//! server.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::thread;

use churn_core::dataset::{ReadOptions, RowIssue};
use churn_core::progress::{OnProgress, Progress};
use churn_core::{Error, ErrorCode, Preset, Result};
use serde::Serialize;

use super::choice::Choice;
use super::grid::Grid;
use super::ground::Ground;
use super::workers::{Event, Job, work};
use crate::customers::Customers;
use crate::presets;
use crate::store::experiments::{self, ExperimentRecord};
use crate::store::folder::Lock;
use crate::store::{Connection, SqlError, SqlResult, runs};
use crate::table::version::check_name;

/// An experiment that can be run: all is read, split and checked.
#[derive(Debug)]
pub struct Prepared {
    /// The customers.
    pub ground: Ground,
    /// Rows that were skipped.
    pub issues: Vec<RowIssue>,
    choices: Vec<Choice>,
    record: ExperimentRecord,
}

/// An experiment that nobody else runs.
#[derive(Debug)]
pub struct Taken {
    /// The connection that keeps others out.
    pub connection: Connection,
    /// How many runs there are in all.
    pub total: usize,
    /// How many of them have ended before.
    pub ended: usize,
    /// How many are done at the same time.
    pub workers: usize,
    ground: Ground,
    experiment: i64,
    open: Vec<Job>,
    _lock: Option<Lock>,
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

/// Says what the columns are, by the header and what is known of them.
pub type Columns<'a> = &'a dyn Fn(&[String], Option<&Preset>) -> Result<ReadOptions>;

impl Prepared {
    /// Reads the customers and checks that every run can be begun. `in_grid` says
    /// where the grid is in an error about it.
    ///
    /// # Errors
    /// What is wrong with the name, the grid or the customers.
    pub fn new(
        (name, grid): (&str, &Grid),
        customers: &Customers,
        columns: Columns<'_>,
        in_grid: &dyn Fn(Error) -> Error,
        on_progress: OnProgress<'_>,
    ) -> Result<Self> {
        let name = check_name(name).map_err(|error| error.in_field("name"))?;
        let choices = grid.choices().map_err(in_grid)?;
        let hold_out = grid.hold_out().map_err(in_grid)?;
        let whole = customers.whole()?;
        let header = whole.header().map_err(customers.named())?;
        let preset = presets::fitting(&header)?;
        let options = columns(&header, preset.as_ref())?;
        let plan = json(&Plan {
            grid,
            id: options.id.as_deref(),
            target: options.target.as_deref(),
            positive: options.positive.as_deref(),
            selection: whole.selection(),
        })?;
        let reading = whole.read(&options, on_progress);
        let reading = reading.map_err(customers.named())?;
        let issues = reading.issues.clone();
        let source = (whole.hash(), whole.table());
        let ground = Ground::new(reading, preset, source, hold_out)?;
        ground.check(&choices).map_err(in_grid)?;
        Ok(Self {
            record: ExperimentRecord {
                name,
                plan,
                data_name: customers.name(),
                data_hash: ground.hash.clone(),
                train_rows: i64::try_from(ground.train_rows()).unwrap_or(i64::MAX),
                held_out: ground.kept()?,
                made_by: None,
            },
            choices,
            ground,
            issues,
        })
    }

    /// Says who begins it, where that is known.
    #[must_use]
    pub fn made_by(mut self, user: Option<String>) -> Self {
        self.record.made_by = user;
        self
    }

    /// Takes the experiment of this name: a new one, or what is left of one that is
    /// the same. It is for who has the experiments of the place
    /// ([`Place::take_experiments`](crate::store::Place::take_experiments)).
    ///
    /// # Errors
    /// When another experiment has the name.
    pub fn take(self, (mut connection, lock): (Connection, Option<Lock>)) -> Result<Taken> {
        let params = self.choices.iter().map(|choice| json(&choice.params()));
        let params = params.collect::<Result<Vec<_>>>()?;
        let experiment = match experiments::find(&mut connection, &self.record.name)? {
            Some((id, known)) => {
                self.check_same(&known)?;
                runs::break_off(&mut connection, id)?;
                id
            }
            None => connection.transaction::<_, SqlError>(|connection| {
                experiments::add(connection, &self.record, &params)
            })?,
        };
        let job = |(id, number): (i64, i64)| {
            let at = usize::try_from(number - 1).ok()?;
            Some((id, self.choices.get(at)?.clone()))
        };
        let open = runs::open(&mut connection, experiment)?.into_iter();
        let open: Vec<Job> = open.filter_map(job).collect();
        Ok(Taken {
            total: self.choices.len(),
            ended: self.choices.len() - open.len(),
            workers: cores(),
            ground: self.ground,
            connection,
            experiment,
            open,
            _lock: lock,
        })
    }

    fn check_same(&self, known: &ExperimentRecord) -> Result<()> {
        let differs = match known.data_hash == self.record.data_hash {
            false => "data",
            true if known.plan != self.record.plan => "grid",
            true => return Ok(()),
        };
        let message = format!(
            "the name '{}' is taken by an experiment with another {differs}; \
             give this one another",
            self.record.name
        );
        Err(Error::new(ErrorCode::Parameter, message).in_field("name"))
    }
}

impl Taken {
    /// Does all runs that have not ended; how many of them failed. `on_ended` is
    /// called with each that ends, inside the transaction that keeps it, and then
    /// `go_on` soon.
    ///
    /// # Errors
    /// When the store does not take it; [`ErrorCode::Cancelled`] when `go_on` says
    /// no.
    pub fn conduct(
        self,
        mut on_ended: impl FnMut(&mut Connection, i64) -> SqlResult<()>,
        mut go_on: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<usize> {
        let Self {
            mut connection,
            total,
            ended,
            workers,
            ground,
            experiment,
            open,
            _lock,
        } = self;
        let environment = json(&environment())?;
        let mut failed = 0;
        let ended = std::cell::Cell::new(ended);
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
                        on_ended(connection, run)
                    })?;
                    ended.set(ended.get() + 1);
                }
            }
            Ok(())
        };
        let go_on = || {
            go_on(Progress {
                stage: "runs",
                done: ended.get() as u64,
                total: total as u64,
            })
        };
        let worked = work(ground, open, workers, on_event, go_on);
        if worked.is_err() {
            // The error that led here is the one to tell.
            let _ = runs::break_off(&mut connection, experiment);
        }
        worked.map(|()| failed)
    }
}

/// How many cores there are.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Versions of the program and of the machine.
fn environment() -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("churn", env!("CARGO_PKG_VERSION").to_owned()),
        ("os", std::env::consts::OS.to_owned()),
        ("architecture", std::env::consts::ARCH.to_owned()),
        ("cores", cores().to_string()),
    ])
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::new(ErrorCode::Io, error.to_string()))
}
