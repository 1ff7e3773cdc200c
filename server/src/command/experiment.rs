//! `churn experiment`: many models, one for each choice of a grid.

use std::path::PathBuf;

use churn_core::Result;
use churn_core::progress::Progress;
use clap::Args;

use super::columns::ColumnsArgs;
use super::customers::CustomersArgs;
use super::mlflow::say_unsent;
use crate::count::Count;
use crate::experiment::conduct::Prepared;
use crate::experiment::grid::Grid;
use crate::input;
use crate::interrupt::Interrupt;
use crate::issues::Issues;
use crate::mlflow;
use crate::progress::Bar;
use crate::store::outbox::Peer;
use crate::store::{Connection, SqlError, SqlResult, runs};
use crate::telling::Sender;
use crate::terminal::say;
use crate::user::user;

/// Trains a model for each choice of a grid, on the same customers, and keeps how
/// well each does on the same customers held out.
///
/// Runs go on at the same time, one per core. What is broken off goes on where it
/// was when the same is asked again.
#[derive(Debug, Args)]
#[command(after_help = "\
Each [[grid]] of the file names a model and has lists; each value of a list is tried \
with each of the others:
  model = \"logistic\"  solver, c (or cv with scoring), balanced, max-iterations, leave-out
  model = \"svm\"       kernel (linear, rbf), c, tolerance, leave-out; its solver goes on \
until the tolerance is reached, so there is no max-iterations
[hold-out] has test-fraction and seed, or ids; name is that of the experiment, else the \
file's. What is broken off goes on where it was when the same is asked again.")]
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

pub(super) fn run(args: &ExperimentArgs) -> Result<()> {
    let in_grid = input::in_file(&args.grid);
    let grid = Grid::parse(&input::text(&args.grid)?).map_err(&in_grid)?;
    let name = args.name(&grid);
    let place = args.customers.place()?;
    let customers = args.customers.open()?;

    let bar = Bar::new(Interrupt::listen());
    let prepared = Prepared::new(
        (&name, &grid),
        &customers,
        &|header, preset| args.columns.read_options(header, preset),
        &in_grid,
        &mut bar.callback(),
    )?
    .made_by(user());
    let (rows, incomplete) = prepared.ground.counts();
    let read = format!(
        "read      {}: {}, {} incomplete, {} skipped",
        customers.name(),
        Count(rows).things("row"),
        Count(incomplete),
        Count::of(&prepared.issues),
    );
    let mut issues = Issues::default();
    issues.add(prepared.issues.clone());
    let mut taken = prepared.take(place.take_experiments()?)?;
    say(read);
    issues.tell();
    let runs = Count(taken.total as u64).things("run");
    if taken.ended > 0 {
        let done = Count(taken.ended as u64);
        say(format_args!(
            "going on  {name}: {done} of {runs} done before"
        ));
    }
    let telling = args.mlflow_uri.as_deref();
    let start = |uri| Sender::start(place.clone(), Peer::Mlflow, uri, |_| Ok(true));
    let sender = telling.map(start);
    let sender = sender.transpose()?;
    if let Some(uri) = telling {
        // Those that ended before; what was told is not told again.
        taken.connection.transaction::<_, SqlError>(|connection| {
            let runs = runs::all(connection, Some(&name))?;
            let mut runs = runs.iter().filter(|run| run.run.ended_ms.is_some());
            runs.try_for_each(|run| tell(connection, uri, run.id))
        })?;
    }
    let on_ended =
        |connection: &mut Connection, run| telling.map_or(Ok(()), |uri| tell(connection, uri, run));
    let mut told = 0;
    let go_on = |progress: Progress| {
        if progress.done != told {
            told = progress.done;
            sender.iter().for_each(Sender::nudge);
        }
        bar.show(progress)
    };
    let failed = taken.conduct(on_ended, go_on)?;
    drop(bar);
    let failed = match failed {
        0 => String::new(),
        failed => format!(
            ", {} FAILED: `churn run show` tells why",
            Count(failed as u64)
        ),
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

impl ExperimentArgs {
    /// What the experiment is called.
    fn name(&self, grid: &Grid) -> String {
        let of_file = || {
            let stem = self.grid.file_stem().unwrap_or_default();
            stem.to_string_lossy().into_owned()
        };
        grid.name.clone().unwrap_or_else(of_file)
    }
}
