//! Which runs, and in which order, in MLflow's words: `metrics.test_score > 0.79
//! and params.kernel = 'linear'`, `metrics.test_score desc`.
//!
//! Conditions are those of [`crate::condition`], which has `or`, `not`, `in` and
//! `is null` besides. Parameters and tags are texts, as in MLflow. What a run has
//! not is neither equal nor unequal to anything.

use std::cell::RefCell;
use std::cmp::Ordering;

use churn_core::runs::{Run, Runs, Status};
use churn_core::{Error, ErrorCode, Result};

use crate::condition::{Condition, order};
use crate::store::runs::RunRecord;
use crate::table::cells::{Cell, Kind};

/// Which runs, in which order, and how many at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<'a> {
    /// Which.
    pub condition: Option<&'a str>,
    /// In which order; in that of the store if nothing is said.
    pub order: Option<&'a str>,
    /// How many at most.
    pub limit: Option<usize>,
}

/// Something about a run that has a name.
#[derive(Clone, Debug, PartialEq)]
enum Name {
    Metric(String),
    Param(String),
    Tag(String),
    Attribute(Attribute),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Attribute {
    Run,
    Experiment,
    Number,
    Status,
    Started,
    Ended,
}

impl Query<'_> {
    /// Chooses among runs.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`], with the place, for what cannot be understood.
    pub fn choose(&self, runs: Vec<RunRecord>) -> Result<Runs> {
        let names = RefCell::new(Vec::new());
        let lookup = |text: &str| {
            let (name, kind) = Name::parse(text)?;
            let mut names = names.borrow_mut();
            names.push(name);
            Some((names.len() - 1, kind))
        };
        let parse = |text| Condition::parse(text, "query", &lookup);
        let condition = self.condition.map(parse).transpose()?;
        let parse = |text| order(text, "order", &lookup);
        let order = self.order.map(parse).transpose()?.unwrap_or_default();
        let names = names.into_inner();
        let mut runs: Vec<Run> = runs.into_iter().map(|record| record.run).collect();
        if let Some(condition) = condition {
            runs.retain(|run| condition.holds(&|at| names[at].of(run)));
        }
        runs.sort_by(|a, b| {
            let by = |&(at, descending): &(usize, bool)| {
                compare(names[at].of(a), names[at].of(b), descending)
            };
            let first = order.iter().map(by).find(|order| order.is_ne());
            first.unwrap_or(Ordering::Equal)
        });
        let matching = runs.len() as u64;
        runs.truncate(self.limit.unwrap_or(usize::MAX));
        Ok(Runs { runs, matching })
    }
}

/// What is missing comes last, whichever way.
fn compare(a: Cell<'_>, b: Cell<'_>, descending: bool) -> Ordering {
    let order = match (a, b) {
        (Cell::Missing, Cell::Missing) => return Ordering::Equal,
        (Cell::Missing, _) => return Ordering::Greater,
        (_, Cell::Missing) => return Ordering::Less,
        // Numbers that are written as texts are in the order of numbers.
        (Cell::Text(x), Cell::Text(y)) => match (x.parse::<f64>(), y.parse::<f64>()) {
            (Ok(x), Ok(y)) => x.total_cmp(&y),
            _ => x.cmp(y),
        },
        (a, b) => a
            .number()
            .partial_cmp(&b.number())
            .unwrap_or(Ordering::Equal),
    };
    match descending {
        true => order.reverse(),
        false => order,
    }
}

impl Name {
    fn parse(text: &str) -> Option<(Self, Kind)> {
        let (of, name) = text.split_once('.').unwrap_or(("attributes", text));
        match of {
            "metrics" => Some((Self::Metric(name.into()), Kind::Number)),
            "params" => Some((Self::Param(name.into()), Kind::Text)),
            "tags" => Some((Self::Tag(name.into()), Kind::Text)),
            "attributes" => {
                let (attribute, kind) = match name {
                    "run" | "run_id" | "run_name" => (Attribute::Run, Kind::Text),
                    "experiment" => (Attribute::Experiment, Kind::Text),
                    "number" => (Attribute::Number, Kind::Integer),
                    "status" => (Attribute::Status, Kind::Text),
                    "start_time" => (Attribute::Started, Kind::Integer),
                    "end_time" => (Attribute::Ended, Kind::Integer),
                    _ => return None,
                };
                Some((Self::Attribute(attribute), kind))
            }
            _ => None,
        }
    }

    fn of<'a>(&self, run: &'a Run) -> Cell<'a> {
        let text = |text: Option<&'a String>| text.map_or(Cell::Missing, |text| Cell::Text(text));
        let time = |time: Option<i64>| time.map_or(Cell::Missing, Cell::Integer);
        match self {
            Self::Metric(name) => last(run, name).map_or(Cell::Missing, Cell::Number),
            Self::Param(name) => text(run.params.get(name)),
            Self::Tag(name) => text(run.tags.get(name)),
            Self::Attribute(attribute) => match attribute {
                Attribute::Run => Cell::Text(&run.run),
                Attribute::Experiment => Cell::Text(&run.experiment),
                Attribute::Number => Cell::Integer(run.number),
                Attribute::Status => Cell::Text(status(run.status)),
                Attribute::Started => time(run.started_ms),
                Attribute::Ended => time(run.ended_ms),
            },
        }
    }
}

/// A metric of a run, at its last step as MLflow has it; nothing where it has none.
pub fn last(run: &Run, metric: &str) -> Option<f64> {
    let of_name = run.metrics.iter().filter(|known| known.name == metric);
    let last = of_name.max_by_key(|known| known.step);
    last.map(|known| known.value)
}

/// What a status is called.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Waiting => "waiting",
        Status::Running => "running",
        Status::Finished => "finished",
        Status::Failed => "failed",
    }
}

/// The error for a run that there is not.
pub fn unknown(run: &str) -> Error {
    let expected = "the name of a run, such as solvers-3";
    Error::mismatch(ErrorCode::Parameter, expected, format!("'{run}'")).in_field("run")
}
