//! `churn table`: which tables there are, what is in them, what changed.

mod text;

use churn_core::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::value::RawValue;

use super::data::TablesArgs;
use crate::clock::rfc3339;
use crate::output::{print, print_json};
use crate::store::tables::{self, VersionRecord};
use crate::table::difference::compare;
use crate::table::quality::{ColumnQuality, look};
use crate::table::version::VersionName;

/// Lists tables, looks into one, compares two versions.
#[derive(Debug, Args)]
pub struct TableArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all versions of all tables
    List {
        #[command(flatten)]
        options: Options,
    },
    /// Tell where a version came from and what is in its columns
    Show {
        /// The table: its newest version, or another
        #[arg(value_name = "NAME[@VERSION]")]
        version: VersionName,

        #[command(flatten)]
        options: Options,
    },
    /// Tell what changed between two versions: columns, rows by their ids, and how
    /// far the columns moved, by the formulas of the monitoring
    Diff {
        /// The version to start from
        #[arg(value_name = "NAME@A")]
        from: VersionName,

        /// The version to compare with it
        #[arg(value_name = "NAME@B")]
        to: VersionName,

        #[command(flatten)]
        options: Options,
    },
}

#[derive(Debug, Args)]
struct Options {
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    tables: TablesArgs,
}

/// A version, for programs.
#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    version: u32,
    created: String,
    rows: u64,
    rejected: u64,
    content: &'a str,
    file: &'a str,
    schema: &'a RawValue,
    sources: &'a RawValue,
    reasons: &'a RawValue,
}

/// A version and what is in it.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    version: Listed<'a>,
    quality: &'a [ColumnQuality],
}

pub(super) fn run(args: &TableArgs) -> Result<()> {
    match &args.action {
        Action::List { options } => list(options),
        Action::Show { version, options } => show(version, options),
        Action::Diff { from, to, options } => {
            let mut tables = options.tables.existing()?;
            let (from, to) = (tables.version(from)?, tables.version(to)?);
            let difference = compare(&from, &to)?;
            options.print(&difference, || text::difference(&difference))
        }
    }
}

fn list(options: &Options) -> Result<()> {
    let all = tables::all(&mut options.tables.existing()?.connection)?;
    let listed = all.iter().map(listed).collect::<Result<Vec<_>>>()?;
    options.print(&listed, || text::list(&all))
}

fn show(name: &VersionName, options: &Options) -> Result<()> {
    let version = options.tables.existing()?.version(name)?;
    let quality = look(&version)?;
    let shown = Shown {
        version: listed(&version.record)?,
        quality: &quality,
    };
    options.print(&shown, || text::show(&version, &quality))
}

fn listed(record: &VersionRecord) -> Result<Listed<'_>> {
    Ok(Listed {
        name: &record.name,
        version: record.version,
        created: rfc3339(record.created_ms),
        rows: record.rows,
        rejected: record.rejected,
        content: &record.content,
        file: &record.file,
        schema: parsed(&record.schema)?,
        sources: parsed(&record.sources)?,
        reasons: parsed(&record.reasons)?,
    })
}

/// JSON as it is kept.
fn parsed(text: &str) -> Result<&RawValue> {
    churn_core::json::parse(text, churn_core::ErrorCode::Io, "a version as it is kept")
}

impl Options {
    fn print<T: Serialize>(&self, value: &T, text: impl FnOnce() -> Result<String>) -> Result<()> {
        match self.json {
            true => print_json(value),
            false => print(&text()?),
        }
    }
}
