//! `churn lineage`: what came from what.

mod peers;
mod text;

use std::path::{Path, PathBuf};

use churn_core::lineage::Direction;
use churn_core::{Error, ErrorCode, Result};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

use self::peers::{ExportArgs, SendArgs};
use super::data::DataArgs;
use crate::count::Count;
use crate::lineage::{Records, declared, graph};
use crate::output::{print, print_json};
use crate::terminal::say;
use crate::user::user;

/// Tells what came from what: from a file or a query over tables, runs, builds and
/// deployments to the predictions.
#[derive(Debug, Args)]
pub struct LineageArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show what came from what
    Show {
        /// What this came from and what came from it, such as customers.csv,
        /// customers@1, solvers-3, model@2 or an id [all there is]
        node: Option<String>,

        /// Only what it came from, or only what came from it
        #[arg(long, default_value = "both", value_parser = direction(), requires = "node")]
        direction: Direction,

        /// Of each kind so many at most, those first from which something came last
        #[arg(long, value_name = "NUMBER", default_value_t = 1000)]
        limit: usize,

        /// Print JSON instead of a tree
        #[arg(long)]
        json: bool,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Write all of it for other programs
    Export(ExportArgs),
    /// Tell a server of OpenLineage, such as Marquez, of all that it does not know
    ///
    /// `churn serve --openlineage-url` does so itself. The variable OPENLINEAGE_API_KEY
    /// says who tells, where the server wants to know.
    Send(SendArgs),
    /// Read a lineage file: for each model that it names, the Hive tables that the
    /// model comes from, and any metadata
    #[command(after_help = "\
What was read last of a model counts:
  model:
    hive_table_qualified_names:
      - \"default.customers@cm\"
    metadata:
      query: \"select * from customers\"")]
    Read {
        /// The file, in the form of the workshop's platform
        #[arg(value_name = "LINEAGE.yml")]
        file: PathBuf,

        /// The model that the file is about, where that names one by another name
        #[arg(long, value_name = "NAME")]
        model: Option<String>,

        #[command(flatten)]
        data: DataArgs,
    },
}

fn direction() -> impl TypedValueParser<Value = Direction> {
    PossibleValuesParser::new(["upstream", "downstream", "both"]).map(|name| match name.as_str() {
        "upstream" => Direction::Upstream,
        "downstream" => Direction::Downstream,
        _ => Direction::Both,
    })
}

pub(super) fn run(args: &LineageArgs) -> Result<()> {
    match &args.action {
        Action::Show {
            node,
            direction,
            limit,
            json,
            data,
        } => show(node.as_deref(), *direction, (*limit, *json), data),
        Action::Export(args) => peers::export(args),
        Action::Send(args) => peers::send(args),
        Action::Read { file, model, data } => read(file, model.as_deref(), data),
    }
}

fn read(file: &Path, model: Option<&str>, data: &DataArgs) -> Result<()> {
    let mut entries = declared::read(file, user().as_deref())?;
    if let Some(model) = model {
        let [entry] = entries.as_mut_slice() else {
            let got = entries.len().to_string();
            let error = Error::mismatch(ErrorCode::Parameter, "a file about one model", got);
            return Err(error.in_field("--model"));
        };
        entry.model = model.into();
    }
    let unknown = declared::keep(&mut data.made()?.open()?, &entries)?;
    for entry in &entries {
        let tables = Count::of(&entry.tables).things("table");
        let facts = Count(entry.metadata.len() as u64).things("fact");
        let none_yet = match unknown.contains(&entry.model) {
            true => "; there is no such model yet",
            false => "",
        };
        say(format_args!("{}: {tables}, {facts}{none_yet}", entry.model));
    }
    Ok(())
}

fn show(
    node: Option<&str>,
    direction: Direction,
    (limit, json): (usize, bool),
    data: &DataArgs,
) -> Result<()> {
    let all = graph(&Records::read(&mut data.existing()?.open()?)?);
    let from = node.map(|node| all.find(node)).transpose()?;
    let id = from.map(|at| all.nodes[at].id.clone());
    let part = match from {
        Some(at) => {
            let reached = all.reached(at, direction);
            all.part(&reached)
        }
        None => all,
    };
    let part = part.newest(limit);
    match json {
        true => print_json(&part),
        false => print(&text::tree(&part, id.as_deref())),
    }
}
