//! How jobs stand, as it is told.

use churn_core::jobs::{Job, JobState, NextTime, RunState, Schedule};

use super::schedule::Times;
use crate::store::job_history::history;
use crate::store::jobs::JobRecord;
use crate::store::{Connection, SqlResult};

/// Times that are told of those to come.
const TIMES: usize = 3;

/// Runs that are looked at for those that are open and the one that ended last.
const RUNS: usize = 20;

/// How a job stands.
///
/// # Errors
/// When the database cannot be read.
pub fn job(connection: &mut Connection, record: JobRecord) -> SqlResult<Job> {
    let (ended, mut open): (Vec<_>, Vec<_>) = history(connection, record.id, RUNS)?
        .into_iter()
        .partition(|run| run.ended_ms.is_some());
    open.reverse();
    let mut last = ended.into_iter();
    let last = last.find(|run| run.state != RunState::Missed);
    let is_running = open.iter().any(|run| run.state == RunState::Running);
    let state = match open.is_empty() {
        _ if is_running => JobState::Running,
        false => JobState::Waiting,
        true if record.is_paused => JobState::Paused,
        true => JobState::Idle,
    };
    let (schedule, next) = match &record.definition.schedule {
        Schedule::Manual => ("By hand".to_owned(), Vec::new()),
        Schedule::After(other) => (format!("After {other}"), Vec::new()),
        Schedule::Cron(cron) => match Times::new(cron) {
            Ok(times) => (times.words(), next(&times, record.due_ms)),
            // What an earlier version of the program took.
            Err(_) => (cron.expression.clone(), Vec::new()),
        },
    };
    Ok(Job {
        created_ms: record.created_ms,
        is_paused: record.is_paused,
        definition: record.definition,
        state,
        schedule,
        next,
        last,
        open,
    })
}

fn next(times: &Times, due_ms: Option<i64>) -> Vec<NextTime> {
    let all = std::iter::successors(due_ms, |&at_ms| times.next(at_ms));
    let told = all.take(TIMES).map(|at_ms| NextTime {
        at_ms,
        local: times.local(at_ms),
    });
    told.collect()
}
