//! `churn table`: which tables there are, what is in them, what changed; and away
//! with what nobody needs.

mod text;

use churn_core::Result;
use churn_core::tables::TableVersions;
use clap::{Args, Subcommand};
use serde::Serialize;

use super::data::TablesArgs;
use crate::output::{print, print_json};
use crate::store::tables::{self, VersionRecord};
use crate::table::difference::compare;
use crate::table::version::VersionName;
use crate::terminal::say;

/// Lists tables, looks into one, compares two versions, deletes one.
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
    /// Delete the rows of a version, and those kept aside; that it was stays known
    Delete {
        /// The version
        #[arg(value_name = "NAME@VERSION")]
        version: VersionName,

        #[command(flatten)]
        tables: TablesArgs,
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

pub(super) fn run(args: &TableArgs) -> Result<()> {
    match &args.action {
        Action::List { options } => list(options),
        Action::Show { version, options } => show(version, options),
        Action::Delete { version, tables } => delete(version, tables),
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
    let versions = all.iter().map(VersionRecord::told);
    let versions = versions.collect::<Result<_>>()?;
    let listed = TableVersions { versions };
    options.print(&listed, || text::list(&listed))
}

fn show(name: &VersionName, options: &Options) -> Result<()> {
    let content = options.tables.existing()?.version(name)?.content()?;
    options.print(&content, || text::show(&content))
}

fn delete(name: &VersionName, tables: &TablesArgs) -> Result<()> {
    let deleted = tables.existing()?.delete(name)?;
    say(format_args!(
        "deleted the rows of {}@{}",
        deleted.name, deleted.version
    ));
    Ok(())
}

impl Options {
    fn print<T: Serialize>(&self, value: &T, text: impl FnOnce() -> String) -> Result<()> {
        match self.json {
            true => print_json(value),
            false => print(&text()),
        }
    }
}
