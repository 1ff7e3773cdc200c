//! A node of what came from what in words, and all of them as a list.

use churn_core::lineage::{Lineage, LineageKind, LineageNode};

use super::chart::table_markup;
use crate::fragment::Fragment;
use crate::markup::escaped;
use crate::number::count;
use crate::text;

/// The name of the node in the address.
pub const NODE: &str = "node";

/// What is known of a node, as the inside of a table.
pub fn details(node: &LineageNode) -> String {
    let number = node.count.map(|number| count(number as usize));
    let counted = match node.kind {
        LineageKind::Predictions => text::FACT_PREDICTIONS,
        _ => text::FACT_ROWS,
    };
    let own = [
        (
            text::FACT_KIND,
            Some(text::lineage_kind(node.kind).to_owned()),
        ),
        (text::LINEAGE_HEADS[3], Some(text::lineage_times(node))),
        (text::FACT_USER, node.user.clone()),
        (counted, number),
        (text::FACT_HASH, node.hash.clone()),
        (text::FACT_QUERY, node.query.clone()),
    ];
    let mut out = String::new();
    let mut row = |name: &str, value: &str| {
        out += &format!(
            "<tr><th scope=\"row\">{}<td>{}",
            escaped(name),
            escaped(value)
        );
    };
    for (name, value) in own {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            row(name, &value);
        }
    }
    for (name, value) in &node.facts {
        row(name, value);
    }
    out
}

/// Where another page tells more of a node.
pub fn link(node: &LineageNode) -> Option<String> {
    let (page, values) = match node.kind {
        LineageKind::Source => return None,
        LineageKind::Table => ("tables", vec![("table".to_owned(), node.name.clone())]),
        LineageKind::Run if node.facts.contains_key("experiment") => {
            ("runs", vec![("runs".to_owned(), node.name.clone())])
        }
        LineageKind::Run => return None,
        LineageKind::Build | LineageKind::Deployment | LineageKind::Predictions => {
            ("monitoring", Vec::new())
        }
    };
    let address = Fragment {
        path: vec![page.into()],
        values,
    };
    let label = text::lineage_link(node.kind);
    Some(format!(
        "<a href=\"{}\">{label}</a>",
        escaped(&address.text())
    ))
}

/// What a node came from, or what came from it, step by step, as lists of links.
pub fn ways(lineage: &Lineage, node: &LineageNode, reached: &[bool]) -> String {
    let mut lists = [String::new(), String::new()];
    for (other, _) in lineage.nodes.iter().zip(reached).filter(|(_, on)| **on) {
        if other.kind != node.kind {
            lists[usize::from(other.kind > node.kind)] += &format!("<li>{}", name(other));
        }
    }
    let [before, after] = lists;
    [(text::CAME_FROM, before), (text::LED_TO, after)]
        .iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(head, list)| format!("<h3>{head}</h3><ul>{list}</ul>"))
        .collect()
}

/// All nodes with what each came from directly.
pub fn list(lineage: &Lineage) -> String {
    let mut out = table_markup(&text::LINEAGE_HEADS, &[]);
    let places = lineage.places();
    for node in &lineage.nodes {
        let before = lineage.edges.iter().filter(|edge| edge.to == node.id);
        let before = before.filter_map(|edge| places.get(edge.from.as_str()));
        let before: Vec<String> = before
            .map(|&at| escaped(&text::lineage_name(&lineage.nodes[at])))
            .collect();
        out += &format!(
            "<tr><th scope=\"row\">{}<td>{}<td>{}<td>{}<td>{}",
            name(node),
            text::lineage_kind(node.kind),
            before.join(", "),
            text::lineage_times(node),
            escaped(node.user.as_deref().unwrap_or_default()),
        );
    }
    out
}

/// The name of a node as a link to it.
fn name(node: &LineageNode) -> String {
    let address = Fragment {
        path: vec!["lineage".into()],
        values: vec![(NODE.into(), node.id.clone())],
    };
    format!(
        "<a href=\"{}\">{}</a>",
        escaped(&address.text()),
        escaped(&text::lineage_name(node))
    )
}
