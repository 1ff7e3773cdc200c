//! `churn evaluate`: how good a model is on customers whose outcome is known.

mod table;

use std::collections::HashSet;
use std::path::PathBuf;

use churn_core::metrics::{Metrics, Report};
use churn_core::{Dataset, Error, ErrorCode, Predictor, Result, Target};
use clap::Args;
use serde::Serialize;

use super::chosen_model::ModelChoiceArgs;
use super::customers::CustomersArgs;
use crate::imputed::Imputed;
use crate::input;
use crate::interrupt::Interrupt;
use crate::issues::Issues;
use crate::output;
use crate::progress::Bar;
use table::Table;

/// Measures a model on the customers of a CSV file or a table.
///
/// On the very data the model was trained from, also on some rows of its table,
/// the customers held out then are measured; on any other data, all customers
/// with a label. Missing values are
/// filled in by the model's rules.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    #[command(flatten)]
    model: ModelChoiceArgs,

    #[command(flatten)]
    customers: CustomersArgs,

    /// Measure the customers with these ids: a text file, one id a line
    #[arg(long, value_name = "FILE")]
    ids: Option<PathBuf>,

    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// What was measured, and the result.
#[derive(Serialize)]
struct Evaluation {
    rows: Rows,
    skipped_rows: u64,
    imputed_rows: u64,
    metrics: Metrics,
    report: Report,
}

/// Which labelled rows were measured.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Rows {
    /// Those held out of training.
    HeldOut,
    /// Those whose ids were given.
    Ids,
    /// All of other data.
    All,
    /// All of the training's data, as nothing was held out.
    AllTrained,
}

pub(super) fn run(args: &EvaluateArgs) -> Result<()> {
    let model = args.model.open(&args.customers)?;
    let (predictor, target) = (&model.predictor, model.target()?);
    let ids = args.ids.as_deref().map(input::ids).transpose()?;
    let customers = args.customers.open()?;
    let whole = customers.whole()?;

    let bar = Bar::new(Interrupt::listen());
    let schema = &predictor.artefact().schema;
    let reading = whole.read_as(schema, &mut bar.callback());
    let reading = reading.map_err(customers.named())?;
    drop(bar);
    let mut issues = Issues::default();
    issues.add(reading.issues);

    let data = &reading.dataset;
    let labelled: Vec<usize> = (0..data.rows())
        .filter(|&row| data.label(row).is_some())
        .collect();
    let (which, rows) = match &ids {
        Some(ids) => (Rows::Ids, with_ids(data, &labelled, ids)?),
        None => by_default(predictor, data, &labelled, &whole.hash()),
    };
    let (complete, cells) = predictor.complete_all(&data.select(&rows));
    let mut imputed = Imputed::default();
    imputed.add(&cells);
    let labels = data.left(&rows);
    let threshold = predictor.artefact().threshold;
    let metrics = Metrics::measure(&predictor.probabilities(&complete), &labels, threshold);
    let metrics = metrics.ok_or_else(|| customers.named()(unlabelled(target)))?;

    issues.tell();
    imputed.tell(schema);
    let evaluation = Evaluation {
        rows: which,
        skipped_rows: issues.count(),
        imputed_rows: imputed.rows(),
        report: metrics.confusion.report(),
        metrics,
    };
    print(&evaluation, target, args.json)
}

/// Labelled rows with the given ids.
fn with_ids(data: &Dataset, labelled: &[usize], ids: &HashSet<String>) -> Result<Vec<usize>> {
    let mut unknown = ids.clone();
    let mut rows = Vec::new();
    for &row in labelled {
        let id = data.id(row);
        if ids.contains(&id) {
            unknown.remove(&id);
            rows.push(row);
        }
    }
    match unknown.iter().min() {
        Some(id) => {
            let got = format!("'{id}' and {} more", unknown.len() - 1);
            let expected = "ids of labelled rows of the data";
            Err(Error::mismatch(ErrorCode::Parameter, expected, got).in_field("ids"))
        }
        None => Ok(rows),
    }
}

/// The rows held out of training when the data is that of the training, else
/// all labelled rows.
fn by_default(
    predictor: &Predictor,
    data: &Dataset,
    labelled: &[usize],
    data_hash: &str,
) -> (Rows, Vec<usize>) {
    let record = &predictor.artefact().training;
    if record.data_hash != data_hash {
        return (Rows::All, labelled.to_vec());
    }
    if record.held_out.is_empty() {
        return (Rows::AllTrained, labelled.to_vec());
    }
    let is_held_out = |&&row: &&usize| record.is_held_out(data.position(row));
    let rows = labelled.iter().filter(is_held_out).copied().collect();
    (Rows::HeldOut, rows)
}

fn unlabelled(target: &Target) -> Error {
    let expected = format!("'{}' or '{}'", target.negative, target.positive);
    let error = Error::new(ErrorCode::Target, "no row has a label");
    error.in_field(&target.name).expected(expected)
}

fn print(evaluation: &Evaluation, target: &Target, json: bool) -> Result<()> {
    match json {
        true => output::print_json(evaluation),
        false => output::print(&Table { evaluation, target }.to_string()),
    }
}
