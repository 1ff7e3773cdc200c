//! `churn score`: probability and decision of every customer, and their reasons,
//! streamed.

use std::path::PathBuf;

use churn_core::math::by_size;
use churn_core::{Dataset, Predictor, Result};
use clap::Args;
use csv::{Writer, WriterBuilder};
use serde::Serialize;

use super::customers::CustomersArgs;
use crate::batches::Batches;
use crate::count::Count;
use crate::imputed::Imputed;
use crate::input;
use crate::output::{self, Output};
use crate::terminal::say;

/// Rows that are scored at a time.
const BATCH: usize = 8192;

/// Scores every customer of a CSV file or a table.
///
/// The columns of the model may be in any order. Writes CSV with the columns id,
/// probability (of leaving), decision (the target's class) and, where reasons are
/// asked for, reason_1, weight_1 and so on: the features of largest exact LIME
/// weight, above zero where they raise the probability. Missing values are
/// filled in by the model's rules and counted; rows that do not fit the model are
/// skipped and reported. Any number of rows is read in constant memory.
#[derive(Debug, Args)]
pub struct ScoreArgs {
    /// Model document, from `churn train`
    #[arg(long, value_name = "FILE")]
    model: PathBuf,

    #[command(flatten)]
    customers: CustomersArgs,

    /// How many reasons to give for each customer
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    reasons: usize,

    /// Where to write the scores; - is standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// One line of the result.
#[derive(Serialize)]
struct Score<'a> {
    id: &'a str,
    probability: f64,
    decision: &'a str,
}

pub(super) fn run(args: &ScoreArgs) -> Result<()> {
    let predictor = input::predictor(&args.model)?;
    let target = input::target(&predictor).map_err(input::in_file(&args.model))?;
    let artefact = predictor.artefact();
    let mut batches = Batches::open(&args.customers.open()?, &artefact.schema, BATCH, "scoring")?;
    let mut writer = WriterBuilder::new()
        .has_headers(false)
        .from_writer(Output::create(&args.out)?);
    let count = args.reasons.min(artefact.schema.features.len());
    let mut imputed = Imputed::default();
    let mut is_new = true;
    while let Some(data) = batches.read()? {
        // Not before there is a row.
        if is_new && data.rows() > 0 {
            is_new = false;
            let header = head(&mut writer, count);
            header.map_err(|error| output::failed(&args.out, &error))?;
        }
        let (data, cells) = predictor.complete_all(&data);
        imputed.add(&cells);
        let reasons = reasons(&predictor, &data, count);
        for (row, probability) in predictor.probabilities(&data).into_iter().enumerate() {
            let decision = match probability >= artefact.threshold {
                true => &target.positive,
                false => &target.negative,
            };
            let score = Score {
                id: &data.id(row),
                probability,
                decision,
            };
            let reasons = &reasons[row * count..(row + 1) * count];
            let written = writer.serialize((score, reasons));
            written.map_err(|error| output::failed(&args.out, &error))?;
        }
        if writer.get_ref().is_closed() {
            return Ok(());
        }
    }
    let output = writer.into_inner();
    let output = output.map_err(|error| output::failed(&args.out, error.error()))?;
    if output.finish()? {
        let rows = Count(batches.rows()).things("customer");
        batches.into_issues().tell();
        imputed.tell(&artefact.schema);
        say(format_args!("scored {rows}: {}", output::name(&args.out)));
    }
    Ok(())
}

/// Names of the columns.
fn head(writer: &mut Writer<Output>, reasons: usize) -> csv::Result<()> {
    let scores = ["id", "probability", "decision"].map(str::to_owned);
    let reasons = (1..=reasons).flat_map(|rank| {
        let names = ["reason", "weight"];
        names.map(|name| format!("{name}_{rank}"))
    });
    writer.write_record(scores.into_iter().chain(reasons))
}

/// The features of largest weight of every customer, so many each, with their
/// weights.
fn reasons<'a>(predictor: &'a Predictor, data: &Dataset, count: usize) -> Vec<(&'a str, f64)> {
    if count == 0 {
        return Vec::new();
    }
    let features = &predictor.artefact().schema.features;
    let matrix = predictor.exact_weights(data);
    let of_row = |row| {
        let weights = matrix.row(row);
        let places = by_size(weights).into_iter().take(count);
        places.map(|feature| (features[feature].name.as_str(), weights[feature]))
    };
    (0..data.rows()).flat_map(of_row).collect()
}
