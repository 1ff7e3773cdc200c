//! What came from what: the shapes in which a server, the command line and the
//! page tell of it, and the ways through it.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode, Result};

/// What came from what. There are no circles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Lineage {
    /// What there is: sources, versions of tables, runs, builds, deployments,
    /// predictions; of each kind the newest first.
    pub nodes: Vec<LineageNode>,
    /// What came directly from what.
    pub edges: Vec<LineageEdge>,
    /// How many older nodes are not told.
    pub left_out: u64,
}

/// Something that came from something, or that something came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LineageNode {
    /// Names it alone, and stays the same.
    pub id: String,
    /// What it is.
    pub kind: LineageKind,
    /// What people call it: a file, `customers@1`, a run, `model@2`.
    pub name: String,
    /// SHA-256 of what is in it, in hexadecimal, where that is known: of a file,
    /// of rows, of the data of a training, of a model document.
    pub hash: Option<String>,
    /// The query, where it is one.
    pub query: Option<String>,
    /// The model with the version of its build, where it is of one.
    pub model: Option<String>,
    /// Who made it: the name of an API key, or of a user of the system; null where
    /// that is not known.
    pub user: Option<String>,
    /// When it was made or begun, or the first prediction, in milliseconds since
    /// 1970.
    pub from_ms: Option<i64>,
    /// When it ended, or the last prediction, in milliseconds since 1970.
    pub to_ms: Option<i64>,
    /// How many rows, or predictions, where that is known.
    pub count: Option<u64>,
    /// What else is known, by name.
    pub facts: BTreeMap<String, String>,
}

/// What a node is, in the order in which they come from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LineageKind {
    /// A file or the rows of a query, by what was in it; or a Hive table that a
    /// lineage file names.
    Source,
    /// A version of a table.
    Table,
    /// A run of an experiment, or a training.
    Run,
    /// A build of a model.
    Build,
    /// A deployment of a build.
    Deployment,
    /// All predictions of a deployment that are kept.
    Predictions,
}

impl LineageKind {
    /// Every kind, in order.
    pub const ALL: [Self; 6] = [
        Self::Source,
        Self::Table,
        Self::Run,
        Self::Build,
        Self::Deployment,
        Self::Predictions,
    ];
}

/// That one node came directly from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LineageEdge {
    /// Id of the node that was there before.
    pub from: String,
    /// Id of the node that came from it.
    pub to: String,
}

/// A way through what came from what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To all that it came from.
    Upstream,
    /// To all that came from it.
    Downstream,
    /// Both.
    #[default]
    Both,
}

impl Lineage {
    /// The place of the node of an id, or of a name that no other node has.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] where there is none, or several are of that name.
    pub fn find(&self, wanted: &str) -> Result<usize> {
        let by_id = self.nodes.iter().position(|node| node.id == wanted);
        if let Some(at) = by_id {
            return Ok(at);
        }
        let of_name = |(at, node): (usize, &LineageNode)| (node.name == wanted).then_some(at);
        let named: Vec<usize> = self.nodes.iter().enumerate().filter_map(of_name).collect();
        match *named.as_slice() {
            [at] => Ok(at),
            [] => Err(wrong("a node, by its id or name", format!("'{wanted}'"))),
            _ => {
                let ids = named.iter().map(|&at| self.nodes[at].id.as_str());
                let expected = format!("one of {}", ids.collect::<Vec<_>>().join(", "));
                Err(wrong(
                    expected,
                    format!("'{wanted}', which is each of them"),
                ))
            }
        }
    }

    /// Which nodes a way leads to from a node, itself among them.
    pub fn reached(&self, from: usize, direction: Direction) -> Vec<bool> {
        let mut reached = vec![false; self.nodes.len()];
        if direction != Direction::Downstream {
            self.follow(from, true, &mut reached);
        }
        if direction != Direction::Upstream {
            // What was marked upstream is not downstream, since there are no circles.
            self.follow(from, false, &mut reached);
        }
        reached
    }

    fn follow(&self, from: usize, is_upstream: bool, reached: &mut [bool]) {
        let mut next: HashMap<&str, Vec<&str>> = HashMap::new();
        for edge in &self.edges {
            let (of, to) = match is_upstream {
                true => (&edge.to, &edge.from),
                false => (&edge.from, &edge.to),
            };
            next.entry(of).or_default().push(to);
        }
        let places = self.places();
        let mut waiting = vec![from];
        let mut seen = vec![false; self.nodes.len()];
        while let Some(at) = waiting.pop() {
            let Some(node) = self.nodes.get(at).filter(|_| !seen[at]) else {
                continue;
            };
            (seen[at], reached[at]) = (true, true);
            let further = next.get(node.id.as_str()).into_iter().flatten();
            waiting.extend(further.filter_map(|id| places.get(id)));
        }
    }

    /// Where the node of each id is.
    pub fn places(&self) -> HashMap<&str, usize> {
        let ids = self.nodes.iter().map(|node| node.id.as_str());
        ids.zip(0..).collect()
    }

    /// The nodes that are wanted, by their places, and what is between them.
    #[must_use]
    pub fn part(mut self, wanted: &[bool]) -> Self {
        let mut places = wanted.iter();
        self.nodes
            .retain(|_| places.next().copied().unwrap_or_default());
        let known: HashMap<&str, usize> = self.places();
        let is_known = |edge: &LineageEdge| {
            known.contains_key(edge.from.as_str()) && known.contains_key(edge.to.as_str())
        };
        let kept: Vec<bool> = self.edges.iter().map(is_known).collect();
        let mut kept = kept.iter();
        self.edges
            .retain(|_| kept.next().copied().unwrap_or_default());
        self
    }

    /// Of each kind as many nodes as `most`: those from which something came last.
    /// Counts the others.
    #[must_use]
    pub fn newest(mut self, most: usize) -> Self {
        let mut left = BTreeMap::from(LineageKind::ALL.map(|kind| (kind, most)));
        let mut wanted = vec![false; self.nodes.len()];
        for (node, wanted) in self.nodes.iter().zip(&mut wanted) {
            if let Some(left) = left.get_mut(&node.kind).filter(|left| **left > 0) {
                *left -= 1;
                *wanted = true;
            }
        }
        let all = self.nodes.len();
        self = self.part(&wanted);
        self.left_out += (all - self.nodes.len()) as u64;
        self
    }

    /// Puts the nodes in order: by kind, and of each kind those first from which
    /// something came last.
    pub fn arrange(&mut self) {
        let own = |node: &LineageNode| node.to_ms.max(node.from_ms).unwrap_or(i64::MIN);
        let mut last: HashMap<String, i64> = HashMap::new();
        let mut after: HashMap<&str, Vec<&str>> = HashMap::new();
        for edge in &self.edges {
            after.entry(&edge.from).or_default().push(&edge.to);
        }
        // What comes from a node is of a later kind.
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        order.sort_by_key(|&at| std::cmp::Reverse(self.nodes[at].kind));
        for at in order {
            let node = &self.nodes[at];
            let later = after.get(node.id.as_str()).into_iter().flatten();
            let later = later.filter_map(|id| last.get(*id).copied()).max();
            last.insert(node.id.clone(), later.unwrap_or(i64::MIN).max(own(node)));
        }
        let last = |node: &LineageNode| last.get(&node.id).copied();
        self.nodes
            .sort_by(|a, b| a.kind.cmp(&b.kind).then(last(b).cmp(&last(a))));
        self.edges.sort();
        self.edges.dedup();
    }
}

fn wrong(expected: impl Into<String>, got: String) -> Error {
    Error::mismatch(ErrorCode::Parameter, expected, got).in_field("node")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lineage() -> Lineage {
        use LineageKind::{Build, Run, Source, Table};
        let node = |id: &str, kind, name: &str, from_ms| LineageNode {
            id: id.into(),
            kind,
            name: name.into(),
            hash: None,
            query: None,
            model: None,
            user: None,
            from_ms,
            to_ms: None,
            count: None,
            facts: BTreeMap::new(),
        };
        let edge = |from: &str, to: &str| LineageEdge {
            from: from.into(),
            to: to.into(),
        };
        let mut lineage = Lineage {
            nodes: vec![
                node("b", Build, "m@1", Some(9)),
                node("r1", Run, "grid-1", Some(5)),
                node("r2", Run, "grid-2", Some(6)),
                node("t", Table, "t@1", Some(2)),
                node("s1", Source, "a.csv", None),
                node("s2", Source, "b.csv", None),
                node("s3", Source, "b.csv", None),
            ],
            edges: vec![
                edge("s1", "t"),
                edge("s2", "t"),
                edge("t", "r1"),
                edge("t", "r2"),
                edge("r1", "b"),
                edge("s3", "b"),
                edge("s3", "b"),
            ],
            left_out: 0,
        };
        lineage.arrange();
        lineage
    }

    fn ids(lineage: &Lineage) -> Vec<&str> {
        lineage.nodes.iter().map(|node| node.id.as_str()).collect()
    }

    #[test]
    fn ways_lead_both_ways_and_to_no_neighbour() -> Result<()> {
        let all = lineage();
        let part = |from: &str, direction| -> Result<(String, usize)> {
            let part = all.clone().part(&all.reached(all.find(from)?, direction));
            Ok((ids(&part).join(" "), part.edges.len()))
        };
        for (from, direction, nodes, edges) in [
            ("r1", Direction::Upstream, "s1 s2 t r1", 3),
            ("r1", Direction::Downstream, "r1 b", 1),
            ("r1", Direction::Both, "s1 s2 t r1 b", 4),
            ("a.csv", Direction::Both, "s1 t r1 r2 b", 4),
        ] {
            assert_eq!(part(from, direction)?, (nodes.into(), edges));
        }
        Ok(())
    }

    #[test]
    fn names_of_one_node_name_it() {
        let all = lineage();
        assert_eq!(all.find("grid-1"), all.find("r1"));
        let told = |wanted| all.find(wanted).err().map(|error| error.to_string());
        let several = "node: expected one of s2, s3, got 'b.csv', which is each of them";
        assert_eq!(told("b.csv").as_deref(), Some(several));
        let none = "node: expected a node, by its id or name, got 'c.csv'";
        assert_eq!(told("c.csv").as_deref(), Some(none));
    }

    #[test]
    fn what_led_to_the_newest_stays() {
        let newest = lineage().newest(1);
        // The older run led to the build, which is newer than the other run.
        assert_eq!(ids(&newest), ["s1", "t", "r1", "b"]);
        assert_eq!((newest.left_out, newest.edges.len()), (3, 3));
        assert_eq!(lineage().newest(9), lineage());
    }
}
