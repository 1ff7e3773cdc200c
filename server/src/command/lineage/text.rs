//! What came from what, as trees for people.

use std::collections::HashSet;
use std::fmt::Write as _;

use churn_core::lineage::{Lineage, LineageKind, LineageNode};

use crate::clock::rfc3339;
use crate::count::Count;

/// Digits of a hash that are shown.
const DIGITS: usize = 12;

/// All of a node, and what it came from and led to, as trees; without a node what
/// came from each that came from nothing.
pub(super) fn tree(lineage: &Lineage, node: Option<&str>) -> String {
    let mut out = String::new();
    match node {
        Some(id) => {
            let all = lineage.nodes.iter();
            for node in all.filter(|node| node.id == id) {
                details(node, &mut out);
            }
            for (head, is_upstream) in [("came from", true), ("led to", false)] {
                let mut tree = Tree::new(lineage, is_upstream);
                tree.below(id, "");
                if !tree.out.is_empty() {
                    let _ = write!(out, "\n{head}\n{}", tree.out);
                }
            }
        }
        None => {
            let mut tree = Tree::new(lineage, false);
            for node in &lineage.nodes {
                if !lineage.edges.iter().any(|edge| edge.to == node.id) {
                    let _ = writeln!(tree.out, "{}", line(node));
                    tree.below(&node.id, "");
                }
            }
            out = tree.out;
        }
    }
    if lineage.nodes.is_empty() {
        out.push_str("nothing yet: `churn ingest` or `churn deploy` begins\n");
    }
    if lineage.left_out > 0 {
        let left_out = Count(lineage.left_out).things("older one");
        let _ = writeln!(out, "\n{left_out} not shown: --limit shows more");
    }
    out
}

struct Tree<'a> {
    lineage: &'a Lineage,
    is_upstream: bool,
    /// Below which all was told.
    told: HashSet<&'a str>,
    out: String,
}

impl<'a> Tree<'a> {
    fn new(lineage: &'a Lineage, is_upstream: bool) -> Self {
        Self {
            lineage,
            is_upstream,
            told: HashSet::new(),
            out: String::new(),
        }
    }

    /// What is below a node. It is as deep as there are kinds.
    fn below(&mut self, id: &str, indent: &str) {
        let lineage = self.lineage;
        let edges = lineage.edges.iter().filter_map(|edge| {
            let (of, next) = match self.is_upstream {
                true => (&edge.to, &edge.from),
                false => (&edge.from, &edge.to),
            };
            (of == id).then_some(next)
        });
        let next: HashSet<&str> = edges.map(String::as_str).collect();
        let nodes = lineage.nodes.iter();
        let nodes: Vec<&LineageNode> = nodes
            .filter(|node| next.contains(node.id.as_str()))
            .collect();
        for (at, node) in nodes.iter().enumerate() {
            let (branch, further) = match at + 1 == nodes.len() {
                true => ("└─ ", "   "),
                false => ("├─ ", "│  "),
            };
            let is_new = self.told.insert(&node.id);
            let again = if is_new { "" } else { " (as above)" };
            let _ = writeln!(self.out, "{indent}{branch}{}{again}", line(node));
            if is_new {
                self.below(&node.id, &format!("{indent}{further}"));
            }
        }
    }
}

/// A node in a line.
fn line(node: &LineageNode) -> String {
    let mut parts = vec![format!("{} {}", kind(node.kind), title(node))];
    parts.extend(node.count.map(|count| match node.kind {
        LineageKind::Predictions => Count(count).to_string(),
        _ => Count(count).things("row"),
    }));
    parts.extend(node.facts.get("status").cloned());
    parts.extend(node.from_ms.map(rfc3339));
    if let (LineageKind::Predictions, Some(last)) = (node.kind, node.to_ms) {
        parts.push(format!("to {}", rfc3339(last)));
    }
    parts.extend(node.user.as_ref().map(|user| format!("by {user}")));
    if let (LineageKind::Source, Some(hash)) = (node.kind, &node.hash) {
        parts.push(format!("sha256 {}", hash.get(..DIGITS).unwrap_or(hash)));
    }
    parts.join(", ")
}

fn title(node: &LineageNode) -> String {
    match (node.kind, &node.model) {
        (LineageKind::Deployment, Some(model)) => format!("{} of {model}", node.name),
        (LineageKind::Predictions, Some(model)) => format!("of {model}"),
        _ => node.name.clone(),
    }
}

fn kind(kind: LineageKind) -> &'static str {
    match kind {
        LineageKind::Source => "source",
        LineageKind::Table => "table",
        LineageKind::Run => "run",
        LineageKind::Build => "build",
        LineageKind::Deployment => "deployment",
        LineageKind::Predictions => "predictions",
    }
}

fn details(node: &LineageNode, out: &mut String) {
    let _ = writeln!(out, "{}\nid\t{}", line(node), node.id);
    let ended = match node.kind {
        LineageKind::Predictions => None,
        _ => node.to_ms.map(rfc3339),
    };
    for (name, value) in [
        ("sha256", node.hash.clone()),
        ("query", node.query.clone()),
        ("until", ended),
    ] {
        if let Some(value) = value {
            let _ = writeln!(out, "{name}\t{value}");
        }
    }
    for (name, value) in &node.facts {
        let _ = writeln!(out, "{name}\t{value}");
    }
}
