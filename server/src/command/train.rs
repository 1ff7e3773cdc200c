//! `churn train`: from a CSV file or a table to a model document.

use std::io::Write as _;
use std::path::PathBuf;

use churn_core::artefact::TrainingRecord;
use churn_core::cross_validation::Scoring;
use churn_core::metrics::Metrics;
use churn_core::split::HoldOut;
use churn_core::train::{Regularisation, Solver, TrainParams, train};
use churn_core::{ModelArtefact, Reading, Result};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::columns::ColumnsArgs;
use super::customers::CustomersArgs;
use crate::count::Count;
use crate::input;
use crate::interrupt::Interrupt;
use crate::issues::Issues;
use crate::output::{self, Output};
use crate::presets;
use crate::progress::Bar;
use crate::terminal::say;

/// Trains a logistic regression on the customers of a CSV file or a table.
///
/// The outcome of the customers has to be known. Kinds and levels of the columns
/// are found out from the data. Rows with a missing value are left out of
/// training; rows that cannot be read are skipped and reported. The model document
/// holds all that scoring and explaining need, and no customer.
#[derive(Debug, Args)]
pub struct TrainArgs {
    #[command(flatten)]
    customers: CustomersArgs,

    #[command(flatten)]
    columns: ColumnsArgs,

    /// How to fit: to the exact optimum, or with linfa's L-BFGS
    #[arg(long, default_value = "newton-cholesky", value_parser = solver())]
    solver: Solver,

    /// Inverse of the L2 penalty: smaller is simpler
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 1.0,
        conflicts_with = "cv"
    )]
    c: f64,

    /// Choose C from 1e-4 to 1e4 by stratified cross-validation with this many
    /// folds
    #[arg(long, value_name = "FOLDS")]
    cv: Option<usize>,

    /// What cross-validation compares
    #[arg(long, default_value = "accuracy", requires = "cv", value_parser = scoring())]
    scoring: Scoring,

    /// Share of the customers held out to measure the model on; 0 for none
    #[arg(long, value_name = "SHARE", default_value_t = 0.25)]
    test_fraction: f64,

    /// Seed of the choice of customers held out
    #[arg(long, default_value_t = 42)]
    seed: u32,

    /// Hold out the customers with these ids instead: a text file, one id a line
    #[arg(long, value_name = "FILE", conflicts_with_all = ["test_fraction", "seed"])]
    holdout_ids: Option<PathBuf>,

    /// Give both classes the same weight in total
    #[arg(long)]
    balanced: bool,

    /// Where to write the model; - is standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

fn solver() -> impl TypedValueParser<Value = Solver> {
    PossibleValuesParser::new(["newton-cholesky", "lbfgs"]).map(|name| match name.as_str() {
        "lbfgs" => Solver::Lbfgs,
        _ => Solver::NewtonCholesky,
    })
}

fn scoring() -> impl TypedValueParser<Value = Scoring> {
    PossibleValuesParser::new(["accuracy", "log_loss", "roc_auc"])
        .try_map(|name| name.parse::<Scoring>())
}

pub(super) fn run(args: &TrainArgs) -> Result<()> {
    let params = args.params()?;
    // Before the work, so that a wrong name is told at once.
    let mut output = Output::create(&args.out)?;
    let customers = args.customers.open()?;
    let whole = customers.whole()?;
    let header = whole.header().map_err(customers.named())?;
    let preset = presets::fitting(&header)?;
    let options = args.columns.read_options(&header, preset.as_ref())?;

    let bar = Bar::new(Interrupt::listen());
    let reading = whole.read(&options, &mut bar.callback());
    let reading = reading.map_err(customers.named())?;
    let mut artefact = train(
        &reading,
        &params,
        preset.as_ref(),
        &whole.hash(),
        &mut bar.callback(),
    )?;
    artefact.training.table = whole.table();
    drop(bar);

    let written = output.write_all(artefact.to_json()?.as_bytes());
    written.map_err(|error| output::failed(&args.out, &error))?;
    if output.finish()? {
        summarise(reading, &artefact, &customers.name(), args);
    }
    Ok(())
}

impl TrainArgs {
    fn params(&self) -> Result<TrainParams> {
        let regularisation = match self.cv {
            Some(folds) => Regularisation::CrossValidated {
                folds,
                scoring: self.scoring,
            },
            None => Regularisation::Fixed(self.c),
        };
        let hold_out = match &self.holdout_ids {
            Some(path) => HoldOut::Ids(input::ids(path)?),
            None => HoldOut::Fraction {
                fraction: self.test_fraction,
                seed: self.seed,
            },
        };
        Ok(TrainParams {
            solver: self.solver,
            regularisation,
            hold_out,
            balanced: self.balanced,
            sample_weights: None,
            max_iterations: None,
        })
    }
}

/// Tells what was read, left out, fitted and written.
fn summarise(reading: Reading, artefact: &ModelArtefact, source: &str, args: &TrainArgs) {
    let record = &artefact.training;
    say(format_args!(
        "read      {source}: {}, {} incomplete, {} skipped",
        Count(record.rows).things("row"),
        Count(record.incomplete_rows),
        Count(record.skipped_rows),
    ));
    let features = &artefact.schema.features;
    let numeric = features.iter().filter(|feature| feature.is_numeric());
    let numeric = numeric.count() as u64;
    say(format_args!(
        "features  {}: {} numeric, {} categorical",
        Count::of(features),
        Count(numeric),
        Count(features.len() as u64 - numeric),
    ));
    for left_out in &reading.left_out {
        say(format_args!(
            "left out  {}: {}",
            left_out.column, left_out.reason
        ));
    }
    let mut issues = Issues::default();
    issues.add(reading.issues);
    issues.tell();
    say(format_args!("fitted    {}", fit(record)));
    match &record.test {
        Some(test) => say(format_args!("held out  {}", scores(test))),
        None => say(format_args!(
            "training  {} (nothing was held out)",
            scores(&record.train)
        )),
    }
    say(format_args!("wrote     {}", output::name(&args.out)));
}

fn fit(record: &TrainingRecord) -> String {
    let solver = record.solver.name();
    let chosen = match &record.cross_validation {
        Some(result) => format!(" (chosen by {} folds)", result.scores.len()),
        None => String::new(),
    };
    let steps = match record.iterations {
        0 => String::new(), // the solver does not say
        steps => format!(", {}", Count(steps).things("step")),
    };
    let converged = match record.converged {
        true => "converged",
        false => "NOT converged: try a smaller C",
    };
    format!(
        "{solver}, C = {}{chosen}{steps}, {converged} (largest gradient {:.1e})",
        record.c, record.gradient_norm
    )
}

fn scores(metrics: &Metrics) -> String {
    format!(
        "{}: accuracy {:.4}, AUC {:.4}, log loss {:.4}, Brier {:.4}",
        Count(metrics.rows).things("row"),
        metrics.accuracy,
        metrics.roc_auc,
        metrics.log_loss,
        metrics.brier
    )
}
