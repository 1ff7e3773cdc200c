//! Runs of jobs and their tries. The moment is always said, by who has a clock.
//!
//! A run waits, runs, and ends; one that fails or is broken off waits again. The runs
//! of a job follow each other: a later one waits until the earlier one has ended. A
//! unique index refuses two that run.

use churn_core::jobs::{
    AttemptState, JobDefinition, LONGEST_BACKOFF_S, Missed, RunReason, RunState, Schedule,
};

use super::job_history::word;
use super::jobs::{JobRecord, all, due_after, record};
use super::{Connection, SqlError, SqlResult};

/// How late a run may begin and not be late: a server looks several times a second.
const LATE_MS: i64 = 60_000;

/// How often a run is begun anew that the end of the server broke off: it may be what
/// ends the server.
const MOST_BROKEN_OFF: i64 = 10;

/// Runs of a job that are kept when they have ended.
const KEPT: i64 = 200;

/// What a look at the jobs finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// The tries under way.
    pub running: Vec<Running>,
    /// Whether something is to be begun.
    pub is_due: bool,
}

/// A try that is under way, as far as the store knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its number in the store.
    pub attempt: i64,
    /// Number of the job.
    pub job: i64,
    /// Whether somebody asked that it stop.
    pub is_cancelled: bool,
}

/// A try that is to be made, by who claimed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// Its number in the store.
    pub attempt: i64,
    /// Number of the run.
    pub run: i64,
    /// The job.
    pub job: JobRecord,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub state: AttemptState,
    /// What the program ended with, where it did by itself.
    pub exit_code: Option<i64>,
    /// What it said last.
    pub result: String,
    /// What it said.
    pub log: String,
}

/// A run that waits may begin: its moment has come, and no earlier one of its job is
/// open.
const READY: &str = "FROM job_runs r WHERE r.state = 'waiting' AND r.begin_ms <= ?1 \
     AND NOT EXISTS (SELECT 1 FROM job_runs o WHERE o.job = r.job AND o.id < r.id \
     AND o.state IN ('waiting', 'running'))";

/// What is under way, and whether something is to be begun.
///
/// # Errors
/// When the database cannot be read.
pub fn outlook(connection: &mut Connection, now_ms: i64) -> SqlResult<Outlook> {
    let sql = "SELECT a.id, r.job, r.cancelled_ms FROM job_runs r \
         JOIN job_attempts a ON a.run = r.id AND a.state = 'running' \
         WHERE r.state = 'running' ORDER BY a.id";
    let running = connection.query(sql, &[], |row| {
        Ok(Running {
            attempt: row.get(0)?,
            job: row.get(1)?,
            is_cancelled: row.get::<Option<i64>>(2)?.is_some(),
        })
    })?;
    let due = "SELECT id FROM jobs WHERE due_ms <= ?1 AND removed_ms IS NULL LIMIT 1";
    let ready = format!("SELECT r.id {READY} LIMIT 1");
    let mut is_due = false;
    for sql in [due, &ready] {
        is_due |= connection
            .first(sql, &[&now_ms], |row| row.get::<i64>(0))?
            .is_some();
    }
    Ok(Outlook { running, is_due })
}

/// Lets those runs wait whose time of the clock has come. To be called in a
/// transaction, as all that follows.
///
/// # Errors
/// When the database does not take it.
pub fn plan(connection: &mut Connection, now_ms: i64) -> SqlResult<()> {
    let sql = "SELECT id, created_ms, definition, due_ms, paused_ms FROM jobs \
         WHERE due_ms <= ?1 AND removed_ms IS NULL ORDER BY due_ms, id";
    for job in connection.query(sql, &[&now_ms], record)? {
        let Some(due_ms) = job.due_ms else { continue };
        let is_missed = due_ms + LATE_MS < now_ms || open(connection, job.id)?.is_some();
        match (is_missed, job.definition.missed) {
            (true, Missed::Skip) => skip(connection, job.id, (due_ms, now_ms))?,
            _ => drop(enqueue(
                connection,
                job.id,
                RunReason::Schedule,
                (due_ms, now_ms),
            )?),
        }
        let next = due_after(&job.definition, now_ms);
        let sql = "UPDATE jobs SET due_ms = ?1 WHERE id = ?2";
        connection.execute(sql, &[&next, &job.id])?;
    }
    Ok(())
}

/// The newest run of a job that has not ended.
fn open(connection: &mut Connection, job: i64) -> SqlResult<Option<i64>> {
    let sql = "SELECT id FROM job_runs WHERE job = ?1 AND state IN ('waiting', 'running') \
         ORDER BY id DESC LIMIT 1";
    connection.first(sql, &[&job], |row| row.get(0))
}

/// Keeps that a time was missed, unless that is what was kept last.
fn skip(connection: &mut Connection, job: i64, (due_ms, now_ms): (i64, i64)) -> SqlResult<()> {
    let sql = "SELECT state FROM job_runs WHERE job = ?1 ORDER BY id DESC LIMIT 1";
    let last = connection.first(sql, &[&job], |row| row.get::<String>(0))?;
    if last.as_deref() == Some("missed") {
        return Ok(());
    }
    let sql = "INSERT INTO job_runs (job, reason, due_ms, state, begin_ms, ended_ms) \
         VALUES (?1, 'schedule', ?2, 'missed', ?2, ?3)";
    connection.execute(sql, &[&job, &due_ms, &now_ms]).map(drop)
}

/// Lets a run wait for its turn, unless one does already. Gives its number.
pub(super) fn enqueue(
    connection: &mut Connection,
    job: i64,
    reason: RunReason,
    (due_ms, now_ms): (i64, i64),
) -> SqlResult<i64> {
    let sql =
        "SELECT id FROM job_runs WHERE job = ?1 AND state = 'waiting' ORDER BY id DESC LIMIT 1";
    let waiting = |connection: &mut Connection| connection.first(sql, &[&job], |row| row.get(0));
    if let Some(run) = waiting(connection)? {
        // Who says so does not wait for the next try.
        if reason == RunReason::Manual {
            let sql = "UPDATE job_runs SET begin_ms = ?1 WHERE job = ?2 AND state = 'waiting'";
            connection.execute(sql, &[&now_ms, &job])?;
        }
        return Ok(run);
    }
    let sql = "INSERT INTO job_runs (job, reason, due_ms, state, begin_ms) \
         VALUES (?1, ?2, ?3, 'waiting', ?4)";
    connection.execute(sql, &[&job, &word(reason)?, &due_ms, &now_ms])?;
    waiting(connection)?.ok_or(SqlError::Value("a run of a job"))
}

/// Begins runs that are ready, so many at a time in all.
///
/// # Errors
/// When the database does not take it.
pub fn claim(connection: &mut Connection, now_ms: i64, most: usize) -> SqlResult<Vec<Claimed>> {
    let sql = "SELECT count(*) FROM job_runs WHERE state = 'running'";
    let running = connection.first(sql, &[], |row| row.get::<i64>(0))?;
    let running = usize::try_from(running.unwrap_or_default()).unwrap_or(usize::MAX);
    let sql = format!("SELECT r.id {READY} ORDER BY r.begin_ms, r.id");
    let ready = connection.query(&sql, &[&now_ms], |row| row.get::<i64>(0))?;
    let mut claimed = Vec::new();
    for run in ready.into_iter().take(most.saturating_sub(running)) {
        let sql = "UPDATE job_runs SET state = 'running' WHERE id = ?1";
        connection.execute(sql, &[&run])?;
        let sql = "INSERT INTO job_attempts (run, started_ms, state, log) \
             VALUES (?1, ?2, 'running', '')";
        connection.execute(sql, &[&run, &now_ms])?;
        let sql = "SELECT id FROM job_attempts WHERE run = ?1 AND state = 'running'";
        let attempt = connection.first(sql, &[&run], |row| row.get(0))?;
        let attempt: i64 = attempt.ok_or(SqlError::Value("a try of a job"))?;
        claimed.extend(current(connection, attempt)?);
    }
    Ok(claimed)
}

/// A try that is under way, with its job; none where it is not, or not any more.
///
/// # Errors
/// When the database cannot be read.
pub fn current(connection: &mut Connection, attempt: i64) -> SqlResult<Option<Claimed>> {
    let sql = "SELECT j.id, j.created_ms, j.definition, j.due_ms, j.paused_ms, r.id \
         FROM job_attempts a JOIN job_runs r ON r.id = a.run JOIN jobs j ON j.id = r.job \
         WHERE a.id = ?1 AND a.state = 'running'";
    connection.first(sql, &[&attempt], |row| {
        Ok(Claimed {
            attempt,
            run: row.get(5)?,
            job: record(row)?,
        })
    })
}

/// Keeps what a try has said by now.
///
/// # Errors
/// When the database does not take it.
pub fn keep_log(connection: &mut Connection, attempt: i64, log: &str) -> SqlResult<()> {
    let sql = "UPDATE job_attempts SET log = ?1 WHERE id = ?2 AND state = 'running'";
    connection.execute(sql, &[&log, &attempt]).map(drop)
}

/// Ends a try, and with it the run or not; whether it was under way.
///
/// # Errors
/// When the database does not take it.
pub fn finish(
    connection: &mut Connection,
    attempt: i64,
    ended: &Ended,
    now_ms: i64,
) -> SqlResult<bool> {
    let Some(Claimed { run, job, .. }) = current(connection, attempt)? else {
        return Ok(false);
    };
    let sql = "UPDATE job_attempts SET state = ?1, ended_ms = ?2, exit_code = ?3, result = ?4, \
         log = CASE WHEN ?5 = '' THEN log ELSE ?5 END WHERE id = ?6";
    let Ended {
        state,
        exit_code,
        result,
        log,
    } = ended;
    let values: [&dyn super::connection::Value; 6] =
        [&word(state)?, &now_ms, exit_code, result, log, &attempt];
    connection.execute(sql, &values)?;
    let sql = "SELECT cancelled_ms FROM job_runs WHERE id = ?1";
    let cancelled = connection.first(sql, &[&run], |row| row.get::<Option<i64>>(0))?;
    let mut count = |states: &str| {
        let sql =
            format!("SELECT count(*) FROM job_attempts WHERE run = ?1 AND state IN ({states})");
        let count = connection.first(&sql, &[&run], |row| row.get::<i64>(0))?;
        Ok::<_, SqlError>(count.unwrap_or_default())
    };
    let again = match state {
        AttemptState::Failed | AttemptState::TimedOut => {
            let failures = count("'failed', 'timed_out'")?;
            let may = failures <= i64::from(job.definition.retries);
            may.then(|| now_ms + backoff_ms(&job.definition, failures))
        }
        AttemptState::BrokenOff => (count("'broken_off'")? <= MOST_BROKEN_OFF).then_some(now_ms),
        AttemptState::Running | AttemptState::Succeeded | AttemptState::Cancelled => None,
    };
    let state = match (state, again) {
        (AttemptState::Succeeded, _) => RunState::Succeeded,
        (AttemptState::Cancelled, _) => RunState::Cancelled,
        _ if cancelled.flatten().is_some() => RunState::Cancelled,
        (_, Some(_)) => RunState::Waiting,
        (_, None) => RunState::Failed,
    };
    let ended_ms = (state != RunState::Waiting).then_some(now_ms);
    let sql = "UPDATE job_runs SET state = ?1, ended_ms = ?2, begin_ms = coalesce(?3, begin_ms) \
         WHERE id = ?4";
    let begin_ms = again.filter(|_| ended_ms.is_none());
    connection.execute(sql, &[&word(state)?, &ended_ms, &begin_ms, &run])?;
    if state == RunState::Succeeded {
        let after = Schedule::After(job.definition.name.clone());
        for next in all(connection)? {
            if next.definition.schedule == after && !next.is_paused {
                enqueue(connection, next.id, RunReason::After, (now_ms, now_ms))?;
            }
        }
    }
    forget(connection, job.id)?;
    Ok(true)
}

/// How long a run waits that has failed so often, in milliseconds.
fn backoff_ms(definition: &JobDefinition, failures: i64) -> i64 {
    let doublings = u32::try_from(failures - 1).unwrap_or(0).min(20);
    let seconds = i64::from(definition.backoff_s) << doublings;
    1000 * seconds.min(i64::from(LONGEST_BACKOFF_S))
}

/// Deletes the oldest runs of a job that have ended.
fn forget(connection: &mut Connection, job: i64) -> SqlResult<()> {
    let old = format!(
        "(SELECT id FROM job_runs WHERE job = ?1 AND ended_ms IS NOT NULL AND id <= \
         (SELECT id FROM job_runs WHERE job = ?1 ORDER BY id DESC LIMIT 1 OFFSET {KEPT}))"
    );
    for sql in [
        format!("DELETE FROM job_attempts WHERE run IN {old}"),
        format!("DELETE FROM job_runs WHERE id IN {old}"),
    ] {
        connection.execute(&sql, &[&job])?;
    }
    Ok(())
}
