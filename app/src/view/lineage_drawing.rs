//! What came from what, drawn from left to right by kind.

use churn_core::lineage::{Lineage, LineageKind, LineageNode};

use super::chart::{open_part, push_rect, shortened};
use crate::markup::escaped;
use crate::text;

/// A box, and the space between two, in pixels.
const BOX: (f64, f64) = (192.0, 44.0);
const GAP: (f64, f64) = (44.0, 12.0);

/// Room for the heads of the columns.
const HEAD: f64 = 28.0;

/// Letters that fit into a box.
const LETTERS: (usize, usize) = (21, 26);

/// The drawing. `reached` says what belongs to the chosen node, if one is.
pub fn drawing(lineage: &Lineage, chosen: Option<usize>, reached: &[bool]) -> String {
    let is_there = |kind: &LineageKind| lineage.nodes.iter().any(|node| node.kind == *kind);
    let kinds: Vec<LineageKind> = LineageKind::ALL.into_iter().filter(is_there).collect();
    let mut rows = vec![0; kinds.len()];
    let mut places = Vec::with_capacity(lineage.nodes.len());
    for node in &lineage.nodes {
        let column = kinds.iter().position(|kind| *kind == node.kind);
        let column = column.unwrap_or_default();
        let row = rows[column];
        rows[column] += 1;
        places.push((
            1.0 + column as f64 * (BOX.0 + GAP.0),
            HEAD + f64::from(row) * (BOX.1 + GAP.1),
        ));
    }
    let width = kinds.len() as f64 * (BOX.0 + GAP.0) - GAP.0 + 2.0;
    let most = rows.into_iter().max().unwrap_or_default();
    let height = HEAD + f64::from(most) * (BOX.1 + GAP.1);
    let mut out = format!(
        "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"group\" \
         aria-label=\"{}\">",
        text::WHAT_CAME_FROM_WHAT
    );
    for (column, kind) in kinds.iter().enumerate() {
        out += &format!(
            "<text class=\"kind\" x=\"{}\" y=\"14\">{}</text>",
            1.0 + column as f64 * (BOX.0 + GAP.0),
            text::lineage_kind(*kind)
        );
    }
    push_edges(
        &mut out,
        lineage,
        &places,
        chosen.is_some().then_some(reached),
    );
    for (at, (node, place)) in lineage.nodes.iter().zip(&places).enumerate() {
        let is_off = chosen.is_some() && !reached.get(at).copied().unwrap_or_default();
        let is_stop = chosen.unwrap_or_default() == at;
        push_node(
            &mut out,
            node,
            *place,
            (chosen == Some(at), is_off, is_stop),
        );
    }
    out + "</svg>"
}

/// Lines between what came from each other; those of the chosen node lie above.
fn push_edges(out: &mut String, lineage: &Lineage, places: &[(f64, f64)], on: Option<&[bool]>) {
    let known = lineage.places();
    let place = |id: &str| known.get(id).copied();
    let mut above = String::new();
    for edge in &lineage.edges {
        let (Some(from), Some(to)) = (place(&edge.from), place(&edge.to)) else {
            continue;
        };
        let is_on = on.is_some_and(|on| on[from] && on[to]);
        let ((x, y), (to_x, to_y)) = (places[from], places[to]);
        let (x, y, to_y) = (x + BOX.0, y + BOX.1 / 2.0, to_y + BOX.1 / 2.0);
        let (bend, last) = (x + GAP.0 / 2.0, to_x - GAP.0 / 2.0);
        // What leads past another column goes between the rows: under a box it would
        // seem to come from that.
        let way = match to_x - x > GAP.0 + 1.0 {
            false => format!("M{x} {y}C{bend} {y} {last} {to_y} {to_x} {to_y}"),
            true => {
                let lane = y + (BOX.1 + GAP.1) / 2.0;
                let (on, off) = (x + GAP.0, to_x - GAP.0);
                format!(
                    "M{x} {y}C{bend} {y} {bend} {lane} {on} {lane}H{off}C{last} {lane} {last} {to_y} \
                     {to_x} {to_y}"
                )
            }
        };
        let line = format!(
            "<path class=\"{}\" d=\"{way}\"/>",
            match is_on {
                true => "edge on",
                false => "edge",
            }
        );
        match is_on {
            true => above += &line,
            false => *out += &line,
        }
    }
    *out += &above;
}

fn push_node(
    out: &mut String,
    node: &LineageNode,
    (x, y): (f64, f64),
    (is_chosen, is_off, is_stop): (bool, bool, bool),
) {
    let (name, note) = (text::lineage_name(node), text::lineage_note(node));
    let label = format!("{}: {name}, {note}", text::lineage_kind(node.kind));
    let data = format!("data-node=\"{}\"", escaped(&node.id));
    open_part(out, &data, &label, Some(is_chosen), is_stop);
    let class = match (is_chosen, is_off) {
        (true, _) => "node chosen",
        (false, true) => "node off",
        (false, false) => "node",
    };
    push_rect(out, class, (x, y), BOX);
    *out += "</g>";
    // What is written in the box is in its name already.
    let off = if is_off { " off" } else { "" };
    let short = text::lineage_short_name(node);
    for (class, text, most, down) in [
        ("name", short, LETTERS.0, 18.0),
        ("under", note, LETTERS.1, 34.0),
    ] {
        let text = escaped(&shortened(&text, most));
        *out += &format!(
            "<text class=\"{class}{off}\" x=\"{}\" y=\"{}\" aria-hidden=\"true\">{text}</text>",
            x + 8.0,
            y + down
        );
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use churn_core::lineage::{Direction, LineageEdge};

    use super::*;

    fn node(id: &str, kind: LineageKind) -> LineageNode {
        LineageNode {
            id: id.into(),
            kind,
            name: format!("<{id}>"),
            hash: None,
            query: None,
            model: None,
            user: None,
            from_ms: None,
            to_ms: None,
            count: None,
            facts: BTreeMap::new(),
        }
    }

    #[test]
    fn kinds_stand_side_by_side_and_ways_are_marked() {
        let edge = |from: &str, to: &str| LineageEdge {
            from: from.into(),
            to: to.into(),
        };
        let lineage = Lineage {
            nodes: vec![
                node("a", LineageKind::Source),
                node("b", LineageKind::Source),
                node("r", LineageKind::Run),
                node("s", LineageKind::Run),
            ],
            edges: vec![edge("a", "r"), edge("b", "s"), edge("x", "r")],
            left_out: 0,
        };
        let plain = drawing(&lineage, None, &[]);
        assert!(plain.contains("viewBox=\"0 0 430 140\""), "{plain}");
        assert_eq!(plain.matches("class=\"edge\"").count(), 2);
        assert!(
            plain.contains("&lt;a>") && !plain.contains("off"),
            "{plain}"
        );
        let reached = lineage.reached(2, Direction::Both);
        assert!(!plain.contains('H'), "{plain}");
        let chosen = drawing(&lineage, Some(2), &reached);
        assert_eq!(chosen.matches("class=\"edge on\"").count(), 1);
        assert_eq!(chosen.matches("class=\"node off\"").count(), 2);
        assert_eq!(chosen.matches("class=\"node chosen\"").count(), 1);
        assert_eq!(chosen.matches("tabindex=\"0\"").count(), 1);
    }
}
