//! How jobs went: their runs, the tries of these, and what was said.

use churn_core::jobs::{JobAttempt, JobLog, JobRun};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::connection::Row;
use super::{Connection, SqlError, SqlResult};

/// The newest runs of a job, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn history(connection: &mut Connection, job: i64, limit: usize) -> SqlResult<Vec<JobRun>> {
    let sql = format!(
        "SELECT id, reason, due_ms, state, begin_ms, ended_ms FROM job_runs \
         WHERE job = ?1 ORDER BY id DESC LIMIT {limit}"
    );
    let mut runs = connection.query(&sql, &[&job], |row| {
        Ok(JobRun {
            run: row.get(0)?,
            reason: of_word(row, 1)?,
            due_ms: row.get(2)?,
            state: of_word(row, 3)?,
            begin_ms: row.get(4)?,
            ended_ms: row.get(5)?,
            attempts: Vec::new(),
        })
    })?;
    let sql = "SELECT started_ms, ended_ms, state, exit_code, result FROM job_attempts \
         WHERE run = ?1 ORDER BY id";
    for run in &mut runs {
        run.attempts = connection.query(sql, &[&run.run], |row| {
            Ok(JobAttempt {
                started_ms: row.get(0)?,
                ended_ms: row.get(1)?,
                state: of_word(row, 2)?,
                exit_code: row.get(3)?,
                result: row.get(4)?,
            })
        })?;
    }
    Ok(runs)
}

/// What the tries of a run said, or of the newest run; none where there is no such
/// run of the job.
///
/// # Errors
/// When the database cannot be read.
pub fn log(connection: &mut Connection, job: i64, run: Option<i64>) -> SqlResult<Option<JobLog>> {
    let which = "SELECT id FROM job_runs WHERE job = ?1 AND (id = ?2 OR ?2 < 0) \
         ORDER BY id DESC LIMIT 1";
    let wanted = run.unwrap_or(-1);
    let Some(run) = connection.first(which, &[&job, &wanted], |row| row.get::<i64>(0))? else {
        return Ok(None);
    };
    let sql = "SELECT log FROM job_attempts WHERE run = ?1 ORDER BY id";
    let attempts = connection.query(sql, &[&run], |row| row.get(0))?;
    Ok(Some(JobLog { run, attempts }))
}

/// A state as it is kept.
pub(super) fn word(state: impl Serialize) -> SqlResult<String> {
    let word = serde_json::to_value(state).ok();
    let word = word.and_then(|word| Some(word.as_str()?.to_owned()));
    word.ok_or(SqlError::Value("the state of a run"))
}

fn of_word<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> SqlResult<T> {
    let word = serde_json::Value::String(row.get(at)?);
    serde_json::from_value(word).map_err(|_| SqlError::Value("the state of a run"))
}
