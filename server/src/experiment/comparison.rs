//! Runs side by side: what differs, and whether by more than chance.

use std::collections::BTreeSet;

use churn_core::paired::{Difference, Paired, Scored};
use churn_core::runs::{
    ComparedMetric, ComparedParam, Comparison, PairedDifference, PairedTest, Run,
};
use churn_core::{Error, ErrorCode, Result};

use super::query::{last, status};
use crate::store::runs::{HeldOut, RunRecord};

/// Most runs that are compared at a time.
pub const MOST_RUNS: usize = 20;

/// Below it a difference is taken to be more than chance.
const LEVEL: f64 = 0.05;

/// A run with the rows held out; none where it has not ended well.
pub type Compared = (RunRecord, Option<HeldOut>);

/// Compares runs: the first with each of the others. Their tests are as many as
/// these, and each has its own chance of a false alarm.
///
/// # Errors
/// [`ErrorCode::Parameter`] for fewer than two runs or too many, one that has not
/// ended well, and runs that were not measured on the same rows.
pub fn compare(compared: Vec<Compared>) -> Result<Comparison> {
    let wrong = |expected: &str, got: String| {
        Error::mismatch(ErrorCode::Parameter, expected, got).in_field("runs")
    };
    if !(2..=MOST_RUNS).contains(&compared.len()) {
        let expected = format!("2 to {MOST_RUNS} runs");
        return Err(wrong(&expected, compared.len().to_string()));
    }
    let mut runs: Vec<Run> = Vec::new();
    let mut sides = Vec::new();
    for (RunRecord { run, .. }, held_out) in compared {
        if runs.iter().any(|known| known.run == run.run) {
            return Err(wrong("each run once", format!("'{}' twice", run.run)));
        }
        let Some(held_out) = held_out else {
            let got = format!("'{}', which is {}", run.run, status(run.status));
            return Err(wrong("finished runs", got));
        };
        sides.push(Side::new(held_out)?);
        runs.push(run);
    }
    let (Some((first, others)), Some((name, names))) = (sides.split_first(), runs.split_first())
    else {
        return Err(wrong("2 runs", "none".into()));
    };
    let mut tests = Vec::new();
    for (other, second) in others.iter().zip(names) {
        first.check_same(other, &name.run, &second.run)?;
        let paired = Paired::compare(first.scored(), other.scored(), &first.labels)?;
        tests.push(told(&paired, &name.run, &second.run));
    }
    Ok(Comparison {
        params: params(&runs),
        metrics: metrics(&runs),
        tests,
        runs,
    })
}

/// A run's rows held out.
struct Side {
    data_hash: String,
    rows: Vec<u8>,
    labels: Vec<bool>,
    threshold: f64,
    probabilities: Vec<f64>,
}

impl Side {
    fn new(held_out: HeldOut) -> Result<Self> {
        let (rows, _) = held_out.rows.as_chunks::<4>();
        let (probabilities, _) = held_out.probabilities.as_chunks::<8>();
        if rows.len() != probabilities.len() {
            let got = format!("{} for {}", probabilities.len(), rows.len());
            let expected = "a probability for every row held out";
            return Err(Error::mismatch(ErrorCode::Io, expected, got));
        }
        let left = |row: &[u8; 4]| u32::from_le_bytes(*row) & 1 == 1;
        Ok(Self {
            labels: rows.iter().map(left).collect(),
            probabilities: probabilities
                .iter()
                .map(|p| f64::from_le_bytes(*p))
                .collect(),
            data_hash: held_out.data_hash,
            threshold: held_out.threshold,
            rows: held_out.rows,
        })
    }

    /// Whether another run was measured on the same rows.
    fn check_same(&self, other: &Self, first: &str, second: &str) -> Result<()> {
        let got = if self.data_hash != other.data_hash {
            format!("other data of {first} and {second}")
        } else if self.rows != other.rows {
            format!("others of {first} and {second}")
        } else {
            return Ok(());
        };
        let expected = "runs measured on the same rows held out, as only these can be compared";
        Err(Error::mismatch(ErrorCode::Parameter, expected, got).in_field("runs"))
    }

    fn scored(&self) -> Scored<'_> {
        Scored {
            probabilities: &self.probabilities,
            threshold: self.threshold,
        }
    }
}

fn told(paired: &Paired, first: &str, second: &str) -> PairedTest {
    let difference = |of: &Difference| PairedDifference {
        difference: of.difference,
        low: of.interval.low,
        high: of.interval.high,
        differs: of.is_beyond_chance(),
    };
    let more = paired.only_second as f64 - paired.only_first as f64;
    PairedTest {
        first: first.into(),
        second: second.into(),
        rows: paired.rows,
        only_first: paired.only_first,
        only_second: paired.only_second,
        accuracy_p_value: paired.p_value,
        accuracy_difference: more / paired.rows as f64,
        accuracy_differs: paired.p_value < LEVEL,
        log_loss: difference(&paired.log_loss),
        roc_auc: difference(&paired.roc_auc),
    }
}

fn params(runs: &[Run]) -> Vec<ComparedParam> {
    let names: BTreeSet<&String> = runs.iter().flat_map(|run| run.params.keys()).collect();
    let compared = |name: &String| {
        let values: Vec<Option<String>> = runs
            .iter()
            .map(|run| run.params.get(name).cloned())
            .collect();
        ComparedParam {
            name: name.clone(),
            differs: values.windows(2).any(|pair| pair[0] != pair[1]),
            values,
        }
    };
    names.into_iter().map(compared).collect()
}

fn metrics(runs: &[Run]) -> Vec<ComparedMetric> {
    let all = runs.iter().flat_map(|run| &run.metrics);
    let names: BTreeSet<&String> = all.map(|metric| &metric.name).collect();
    let compared = |name: &String| ComparedMetric {
        name: name.clone(),
        values: runs.iter().map(|run| last(run, name)).collect(),
    };
    names.into_iter().map(compared).collect()
}
