//! `churn ingest`: from files or a query to a version of a table.

use std::env;
use std::path::PathBuf;

use churn_core::{Error, ErrorCode, Result};
use clap::Args;

use super::data::{Secret, TablesArgs};
use crate::count::Count;
use crate::interrupt::Interrupt;
use crate::progress::Bar;
use crate::table::ingest::Ingest;
use crate::table::query::Query;
use crate::table::schema::TableSchema;
use crate::table::source::Source;
use crate::table::version::check_name;
use crate::terminal::say;
use crate::user::user;

/// Puts the rows of files or of a query into a table, as its new version.
///
/// The new version holds these rows and no others; the same rows as in the newest
/// one make none. Names and kinds of the columns (integer, number, text, boolean)
/// are found out from the data of the first version and hold for the later ones.
/// Rows that do not fit are reported, and kept in a file. A version is there as a
/// whole or not at all; any number of rows is read in constant memory.
#[derive(Debug, Args)]
pub struct IngestArgs {
    /// CSV and Parquet files, or folders of them, with the same columns
    #[arg(
        value_name = "SOURCE",
        required_unless_present = "query",
        conflicts_with = "query"
    )]
    sources: Vec<PathBuf>,

    /// Name of the table
    #[arg(long, value_name = "NAME", value_parser = check_name)]
    table: String,

    /// Columns and their kinds, if they are new or not to be found out: a JSON file
    /// such as {"columns": [{"name": "tenure", "kind": "integer"}]}
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,

    /// Take the rows of this query instead
    #[arg(long, value_name = "SQL", requires = "database")]
    query: Option<String>,

    /// What to ask: a SQLite file, or postgresql://USER:PASSWORD@HOST/DATABASE
    #[arg(long, value_name = "DATABASE", requires = "query", group = "database")]
    from: Option<Secret>,

    /// What to ask, as this variable of the environment has it, where nobody sees a
    /// password
    #[arg(long, value_name = "VARIABLE", requires = "query", group = "database")]
    from_env: Option<String>,

    #[command(flatten)]
    tables: TablesArgs,
}

pub(super) fn run(args: &IngestArgs) -> Result<()> {
    let schema = args.schema.as_deref().map(TableSchema::read).transpose()?;
    let sources = args.sources()?;
    let mut tables = args.tables.made()?;
    let ingest = Ingest {
        name: args.table.clone(),
        sources,
        schema,
        made_by: user(),
    };
    let bar = Bar::new(Interrupt::listen());
    let ingested = ingest.run(&mut tables, &bar)?;
    drop(bar);
    ingested.issues.tell();
    let version = &ingested.version;
    let (name, number) = (&version.name, version.version);
    let rows = Count(version.rows).things("row");
    if !ingested.is_new {
        say(format_args!(
            "nothing new: {name}@{number} holds these {rows}"
        ));
        return Ok(());
    }
    if version.rejected > 0 {
        let path = tables.folder.rejected(name, number);
        say(format_args!("kept the skipped rows: {}", path.display()));
    }
    let columns = TableSchema::from_json(&version.schema)?.columns;
    let columns = Count::of(&columns).things("column");
    say(format_args!("ingested {rows}, {columns}: {name}@{number}"));
    Ok(())
}

impl IngestArgs {
    /// What to ask.
    fn database(&self) -> Result<String> {
        match (&self.from, &self.from_env) {
            (Some(from), _) => Ok(from.reveal().to_owned()),
            (None, Some(name)) => env::var(name).map_err(|_| {
                let expected = "a variable of the environment that has an address";
                let error = Error::mismatch(ErrorCode::Parameter, expected, format!("'{name}'"));
                error.in_field("--from-env")
            }),
            (None, None) => Ok(String::new()),
        }
    }

    fn sources(&self) -> Result<Vec<Source>> {
        if let Some(query) = &self.query {
            let query = Query::new(query, &self.database()?)?;
            return Ok(vec![Source::Query(Box::new(query))]);
        }
        let mut all = Vec::new();
        for path in &self.sources {
            all.extend(Source::files(path)?);
        }
        match all.is_empty() {
            true => Err(Error::mismatch(ErrorCode::Parameter, "a source", "none")),
            false => Ok(all),
        }
    }
}
