//! Texts about what came from what.

use churn_core::lineage::{LineageKind, LineageNode};

use crate::number::count;
use crate::page;

pub const LINEAGE: &str = "Lineage";
pub const LINEAGE_NEEDS_SERVER: &str = "No server answers here: this page is served as plain \
    files. A server knows which predictions came from which file. Start one, then open its \
    address:";
pub const WHAT_CAME_FROM_WHAT: &str = "What came from what?";
pub const LINEAGE_HELP: &str = "From the files on the left to the predictions on the right. Press \
    one to see what it came from and what came from it.";
pub const NO_LINEAGE: &str = "Nothing yet. On the server:";
pub const FIRST_LINEAGE: &str = "churn ingest customers.csv --table customers --data-dir data
churn train --table customers --data-dir data --out model.json
churn deploy model.json --data-dir data";
pub const NO_SUCH_NODE: &str = "The server knows nothing of that name.";
pub const CAME_FROM: &str = "Came from";
pub const LED_TO: &str = "Led to";
pub const ALL_AS_LIST: &str = "All of it as a list";
pub const LIST_HELP: &str = "The same as the drawing, in words.";
pub const LINEAGE_HEADS: [&str; 5] = ["What", "Kind", "Came from", "When", "By"];
pub const SHOW_ALL: &str = "Show all";
pub const FACT_KIND: &str = "Kind";
pub const FACT_HASH: &str = "SHA-256";
pub const FACT_QUERY: &str = "Query";
pub const FACT_USER: &str = "By";
pub const FACT_ROWS: &str = "Rows";
pub const FACT_PREDICTIONS: &str = "Predictions";

/// What a node is.
pub fn lineage_kind(kind: LineageKind) -> &'static str {
    match kind {
        LineageKind::Source => "Source",
        LineageKind::Table => "Table",
        LineageKind::Run => "Run",
        LineageKind::Build => "Build",
        LineageKind::Deployment => "Deployment",
        LineageKind::Predictions => "Predictions",
    }
}

/// What people call a node.
pub fn lineage_name(node: &LineageNode) -> String {
    let model = node.model.as_deref().unwrap_or_default();
    match node.kind {
        LineageKind::Deployment => format!("{model} deployed"),
        LineageKind::Predictions => format!("predictions of {model}"),
        _ => node.name.clone(),
    }
}

/// The same beside others of its kind: of a file its own name, without its folders.
pub fn lineage_short_name(node: &LineageNode) -> String {
    let name = node.name.as_str();
    let short = match node.kind {
        LineageKind::Source => name.rsplit(['/', '\\']).next(),
        LineageKind::Deployment | LineageKind::Predictions => node.model.as_deref(),
        _ => None,
    };
    short.unwrap_or(name).to_owned()
}

/// What stands under the name.
pub fn lineage_note(node: &LineageNode) -> String {
    let fact = |name: &str| node.facts.get(name).cloned().unwrap_or_default();
    match (node.kind, node.count) {
        (LineageKind::Predictions, Some(number)) => count(number as usize),
        (LineageKind::Table, Some(1)) => "1 row".into(),
        (LineageKind::Table, Some(rows)) => format!("{} rows", count(rows as usize)),
        (LineageKind::Source, _) => match (&node.query, &node.hash) {
            (Some(query), _) => query.clone(),
            (None, Some(hash)) => hash.get(..12).unwrap_or(hash).to_owned(),
            (None, None) => fact("is"),
        },
        (LineageKind::Run, _) if node.facts.contains_key("status") => fact("status"),
        (LineageKind::Run, _) => fact("solver"),
        _ => node.from_ms.map(page::moment).unwrap_or_default(),
    }
}

/// When a node was made, began and ended.
pub fn lineage_times(node: &LineageNode) -> String {
    let from = node.from_ms.map(page::moment).unwrap_or_default();
    match (node.kind, node.to_ms) {
        (_, None) => from,
        (_, Some(to)) => format!("{from} to {}", page::moment(to)),
    }
}

/// What a link to another page about a node says.
pub fn lineage_link(kind: LineageKind) -> &'static str {
    match kind {
        LineageKind::Table => "Look into the table",
        LineageKind::Run => "Look at the run",
        LineageKind::Build => "All builds of the model",
        _ => "How it does: Monitoring",
    }
}

/// How many are not told.
pub fn left_out_of_lineage(number: u64) -> String {
    match number {
        0 => String::new(),
        1 => "1 older one is left out.".into(),
        _ => format!(
            "{} older ones are left out: those first from which something came last are shown.",
            count(number as usize)
        ),
    }
}
