//! `churn score`: probability and decision of every customer, and their reasons.

use std::env;
use std::path::{Path, PathBuf};

use churn_core::artefact::sha256;
use churn_core::{Error, ErrorCode, Result};
use clap::Args;

use super::chosen_model::ModelChoiceArgs;
use super::customers::CustomersArgs;
use super::data::Secret;
use crate::batches::Batches;
use crate::count::Count;
use crate::output;
use crate::scoring::csv_part::CsvPart;
use crate::scoring::destination::Destination;
use crate::scoring::parquet_parts::ParquetParts;
use crate::scoring::score_table::{ScoreTable, TableName};
use crate::scoring::scores::Scorer;
use crate::scoring::stream::Stream;
use crate::scoring::work::Work;
use crate::scoring::{self, BATCH};
use crate::store::postgresql::Server;
use crate::terminal::say;

/// The address of a PostgreSQL database for scores, where no option says it.
const VARIABLE: &str = "CHURN_SCORES_URL";

/// Scores every customer of a CSV file or a table.
///
/// The columns of the model may be in any order. Writes CSV, a Parquet file or a
/// table of PostgreSQL with the columns id, probability (of leaving), decision (the
/// target's class) and, where reasons are asked for, reason_1, weight_1 and so on:
/// the features of largest exact LIME weight, above zero where they raise the
/// probability. Missing values are filled in by the model's rules and counted; rows
/// that do not fit the model are skipped and reported. All cores score; any number
/// of rows is read in constant memory. What is written appears when it is complete.
/// A run that was stopped, even by force, goes on from where it was when the same
/// command is given again.
#[derive(Debug, Args)]
pub struct ScoreArgs {
    #[command(flatten)]
    model: ModelChoiceArgs,

    #[command(flatten)]
    customers: CustomersArgs,

    /// How many reasons to give for each customer
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    reasons: usize,

    /// Where to write the scores: a file, Parquet if its name ends in .parquet and
    /// CSV otherwise; - is standard output
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "into",
        conflicts_with = "into"
    )]
    out: Option<PathBuf>,

    /// Write a table of PostgreSQL instead
    #[arg(long, value_name = "TABLE")]
    into: Option<TableName>,

    /// Its database: postgresql://USER:PASSWORD@HOST/DATABASE, which other users of
    /// this machine cannot see if it is in CHURN_SCORES_URL instead
    #[arg(long, value_name = "URL", requires = "into")]
    to: Option<Secret>,

    /// Put the table in the place of one that is there
    #[arg(long, requires = "into")]
    replace: bool,
}

pub(super) fn run(args: &ScoreArgs) -> Result<()> {
    let model = args.model.open(&args.customers)?;
    let scorer = Scorer::new(&model.predictor, model.target()?, args.reasons);
    let customers = args.customers.open()?;
    let schema = &model.predictor.artefact().schema;
    let columns = scorer.columns();
    let work = customers.identity().map(|customers| Work {
        program: env!("CARGO_PKG_VERSION").into(),
        model: sha256(model.document.text.as_bytes()),
        customers,
        columns: columns.iter().map(|(name, _)| name.clone()).collect(),
    });
    let mut batches = Batches::open(&customers, schema, BATCH, "scoring")?;
    let mut destination: Box<dyn Destination> = match (&args.out, &args.into) {
        (_, Some(table)) => {
            let server = args.server()?;
            let replace = args.replace;
            Box::new(ScoreTable::open(
                server,
                table.clone(),
                replace,
                work,
                &columns,
            )?)
        }
        (path, None) => {
            let path = path
                .as_deref()
                .unwrap_or(Path::new(output::STANDARD_OUTPUT));
            let names: Vec<_> = columns.iter().map(|(name, _)| name.as_str()).collect();
            let header = names.join(",") + "\n";
            let is_parquet = path.extension().is_some_and(|of| of == "parquet");
            match (output::is_streamed(path), is_parquet) {
                (true, _) => Box::new(Stream::create(path, header)?),
                (false, true) => Box::new(ParquetParts::open(path, work, columns)?),
                (false, false) => Box::new(CsvPart::open(path, work, header)?),
            }
        }
    };
    let done = destination.done();
    if done > 0 {
        let rows = Count(done * BATCH as u64).things("customer");
        say(format_args!("going on behind the first {rows}"));
    }
    let scored = scoring::run(&scorer, &mut batches, destination.as_mut());
    if scored.is_err() && destination.is_kept() {
        say("the scores so far are kept: the same command goes on from there");
    }
    let Some(imputed) = scored? else {
        return Ok(());
    };
    if destination.finish()? {
        let rows = Count(batches.rows()).things("customer");
        batches.into_issues().tell();
        imputed.tell(schema);
        say(format_args!("scored {rows}: {}", args.name()));
    }
    Ok(())
}

impl ScoreArgs {
    fn server(&self) -> Result<Server> {
        let said = self.to.as_ref().map(|url| url.reveal().to_owned());
        let said = said.or_else(|| env::var(VARIABLE).ok().filter(|url| !url.is_empty()));
        let url = said.ok_or_else(|| {
            let expected = format!("--to URL, or the address in {VARIABLE}");
            Error::mismatch(ErrorCode::Parameter, expected, "neither")
        })?;
        Server::new(&url).map_err(|error| error.in_field("--to"))
    }

    fn name(&self) -> String {
        match (&self.out, &self.into) {
            (_, Some(table)) => format!("table {table}"),
            (path, None) => path.as_deref().map(output::name).unwrap_or_default(),
        }
    }
}
