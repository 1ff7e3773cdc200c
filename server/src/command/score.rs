//! `churn score`: probability and decision of every customer, streamed.

use std::path::PathBuf;

use churn_core::Result;
use clap::Args;
use csv::Writer;
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
/// probability (of leaving) and decision (the target's class). Missing values are
/// filled in by the model's rules and counted; rows that do not fit the model are
/// skipped and reported. Any number of rows is read in constant memory.
#[derive(Debug, Args)]
pub struct ScoreArgs {
    /// Model document, from `churn train`
    #[arg(long, value_name = "FILE")]
    model: PathBuf,

    #[command(flatten)]
    customers: CustomersArgs,

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
    let mut writer = Writer::from_writer(Output::create(&args.out)?);
    let mut imputed = Imputed::default();
    while let Some(data) = batches.read()? {
        let (data, cells) = predictor.complete_all(&data);
        imputed.add(&cells);
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
            let written = writer.serialize(score);
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
