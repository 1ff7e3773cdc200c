//! `churn run`: the runs of experiments, searched, looked into, tagged.

mod text;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use churn_core::{Error, ErrorCode, Result};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::data::DataArgs;
use crate::experiment::comparison;
use crate::experiment::query::{Query, unknown};
use crate::output::{self, Output, print, print_json};
use crate::store::runs::{self, RunRecord};
use crate::store::{Connection, experiments};
use crate::terminal::say;

/// Finds the runs of experiments, looks into them, compares them.
///
/// A run is called by its experiment and its number: solvers-3.
#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List runs
    List {
        /// Those of this experiment alone
        #[arg(long, value_name = "NAME")]
        experiment: Option<String>,

        /// Those for which this holds, such as "metrics.test_score > 0.79 and
        /// params.kernel = 'linear'"; metrics., params., tags. and attributes.
        /// (status, number, start_time, end_time) stand before a name
        #[arg(long, value_name = "CONDITION")]
        query: Option<String>,

        /// In this order, such as "metrics.test_score desc"
        #[arg(long, value_name = "NAMES")]
        order: Option<String>,

        #[command(flatten)]
        options: Options,
    },
    /// Tell all of a run
    Show {
        /// The run
        run: String,

        #[command(flatten)]
        options: Options,
    },
    /// Tell what differs between runs, and whether the first does better or worse than
    /// each of the others by more than chance: paired tests on the same rows held
    /// out
    Compare {
        /// The runs
        #[arg(required = true, num_args = 2.., value_name = "RUN")]
        runs: Vec<String>,

        #[command(flatten)]
        options: Options,
    },
    /// Put a word on a run, or take it away
    Tag {
        /// The run
        run: String,

        /// Name of the tag and its value; without = it is taken away
        #[arg(value_name = "NAME[=VALUE]")]
        tag: String,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Write the model of a run, which `churn explain` takes and, if it is a logistic
    /// regression, every other command. That of a support vector machine with the
    /// kernel rbf holds values of customers, without their ids
    Model {
        /// The run
        run: String,

        /// Where to write the model; - is standard output
        #[arg(long, value_name = "FILE")]
        out: PathBuf,

        #[command(flatten)]
        data: DataArgs,
    },
}

#[derive(Debug, Args)]
struct Options {
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    data: DataArgs,
}

pub(super) fn run(args: &RunArgs) -> Result<()> {
    match &args.action {
        Action::List {
            experiment,
            query,
            order,
            options,
        } => {
            let query = Query {
                condition: query.as_deref(),
                order: order.as_deref(),
                limit: None,
            };
            list(experiment.as_deref(), &query, options)
        }
        Action::Show { run, options } => {
            let RunRecord { run, .. } = find(&mut options.data.existing()?.open()?, run)?;
            options.print(&run, || text::show(&run))
        }
        Action::Compare { runs, options } => side_by_side(runs, options),
        Action::Tag { run, tag, data } => set_tag(run, tag, data),
        Action::Model { run, out, data } => model(run, out, data),
    }
}

fn list(experiment: Option<&str>, query: &Query<'_>, options: &Options) -> Result<()> {
    let mut connection = options.data.existing()?.open()?;
    if let Some(name) = experiment
        && experiments::find(&mut connection, name)?.is_none()
    {
        let error = Error::mismatch(ErrorCode::Parameter, "an experiment", format!("'{name}'"));
        return Err(error.in_field("experiment"));
    }
    let found = query.choose(runs::all(&mut connection, experiment)?)?;
    options.print(&found, || text::list(&found.runs))
}

fn side_by_side(names: &[String], options: &Options) -> Result<()> {
    let mut connection = options.data.existing()?.open()?;
    let mut compared = Vec::new();
    for name in names {
        let record = find(&mut connection, name)?;
        let held_out = runs::held_out(&mut connection, record.id)?;
        compared.push((record, held_out));
    }
    let comparison = comparison::compare(compared)?;
    options.print(&comparison, || text::compare(&comparison))
}

fn set_tag(run: &str, tag: &str, data: &DataArgs) -> Result<()> {
    const LONGEST: usize = 250;
    let (name, value) = match tag.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (tag, None),
    };
    if name.is_empty() || name.len() > LONGEST || value.is_some_and(|value| value.len() > 5000) {
        let expected = "a name of 1 to 250 bytes and a value of up to 5,000";
        let error = Error::mismatch(ErrorCode::Parameter, expected, format!("'{tag}'"));
        return Err(error.in_field("tag"));
    }
    let mut connection = data.existing()?.open()?;
    let record = find(&mut connection, run)?;
    runs::tag(&mut connection, record.id, name, value)?;
    say(match value {
        Some(value) => format!("{run}: {name} = {value}"),
        None => format!("{run}: no {name} any more"),
    });
    Ok(())
}

fn model(run: &str, out: &Path, data: &DataArgs) -> Result<()> {
    let mut connection = data.existing()?.open()?;
    let record = find(&mut connection, run)?;
    let document = runs::document(&mut connection, record.id)?;
    let document = document.ok_or_else(|| {
        let got = format!("one that is {}", text::status(&record.run));
        Error::mismatch(ErrorCode::Parameter, "a finished run", got).in_field(run)
    })?;
    let mut output = Output::create(out)?;
    let written = output.write_all(document.as_bytes());
    written.map_err(|error| output::failed(out, &error))?;
    if output.finish()? {
        say(format_args!("wrote     {}", output::name(out)));
    }
    Ok(())
}

fn find(connection: &mut Connection, run: &str) -> Result<RunRecord> {
    runs::find(connection, run)?.ok_or_else(|| unknown(run))
}

impl Options {
    fn print<T: Serialize>(&self, value: &T, text: impl FnOnce() -> String) -> Result<()> {
        match self.json {
            true => print_json(value),
            false => print(&text()),
        }
    }
}
