//! `churn lineage`: what came from what.

mod text;

use churn_core::Result;
use churn_core::lineage::Direction;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

use super::data::DataArgs;
use crate::lineage::{Records, graph};
use crate::output::{print, print_json};

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
    }
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
