//! Jobs: added, paused, removed, told to run. What became of them is in
//! [`super::job_runs`].

use churn_core::jobs::{JobDefinition, RunReason, Schedule};

use super::connection::Row;
use super::job_runs::enqueue;
use super::registry::{Outcome, Refused};
use super::{Connection, SqlError, SqlResult, Store, StoreError};
use crate::job::schedule::Times;

/// A job as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct JobRecord {
    /// Its number in the store.
    pub id: i64,
    /// When it was added, in milliseconds since 1970.
    pub created_ms: i64,
    /// What is to be done, and when.
    pub definition: JobDefinition,
    /// The next time of the clock at which it runs, in milliseconds since 1970.
    pub due_ms: Option<i64>,
    /// Whether it runs by hand alone.
    pub is_paused: bool,
}

const COLUMNS: &str = "SELECT id, created_ms, definition, due_ms, paused_ms FROM jobs";

/// All jobs, by name.
///
/// # Errors
/// When the database cannot be read.
pub fn all(connection: &mut Connection) -> SqlResult<Vec<JobRecord>> {
    let sql = format!("{COLUMNS} WHERE removed_ms IS NULL ORDER BY name");
    connection.query(&sql, &[], record)
}

/// The job of a name.
///
/// # Errors
/// When the database cannot be read.
pub fn find(connection: &mut Connection, name: &str) -> Outcome<JobRecord> {
    let sql = format!("{COLUMNS} WHERE name = ?1 AND removed_ms IS NULL");
    let found = connection.first(&sql, &[&name], record)?;
    Ok(found.ok_or_else(|| Refused::Unknown(format!("no job '{name}'"))))
}

pub(super) fn record(row: &Row<'_>) -> SqlResult<JobRecord> {
    let definition: String = row.get(2)?;
    Ok(JobRecord {
        id: row.get(0)?,
        created_ms: row.get(1)?,
        definition: serde_json::from_str(&definition).map_err(|_| SqlError::Value("a job"))?,
        due_ms: row.get(3)?,
        is_paused: row.get::<Option<i64>>(4)?.is_some(),
    })
}

/// When a job is due behind a moment, by the clock.
pub(super) fn due_after(definition: &JobDefinition, now_ms: i64) -> Option<i64> {
    match &definition.schedule {
        Schedule::Cron(cron) => Times::new(cron).ok()?.next(now_ms),
        Schedule::Manual | Schedule::After(_) => None,
    }
}

/// Adds a job that was checked.
///
/// # Errors
/// When the database does not take it.
pub fn add(
    connection: &mut Connection,
    definition: &JobDefinition,
    now_ms: i64,
) -> Outcome<JobRecord> {
    let name = &definition.name;
    if find(connection, name)?.is_ok() {
        let message = format!("there is a job '{name}' already");
        return Ok(Err(Refused::Conflict(message)));
    }
    if let Schedule::After(other) = &definition.schedule
        && let Err(refused) = find(connection, other)?
    {
        return Ok(Err(refused));
    }
    let json = serde_json::to_string(definition).map_err(|_| SqlError::Value("a job"))?;
    connection.execute(
        "INSERT INTO jobs (name, created_ms, definition, due_ms) VALUES (?1, ?2, ?3, ?4)",
        &[name, &now_ms, &json, &due_after(definition, now_ms)],
    )?;
    find(connection, name)
}

/// Lets a job run by hand alone until it is resumed.
///
/// # Errors
/// When the database does not take it.
pub fn pause(connection: &mut Connection, name: &str, now_ms: i64) -> Outcome<()> {
    let record = match find(connection, name)? {
        Ok(record) => record,
        Err(refused) => return Ok(Err(refused)),
    };
    let sql = "UPDATE jobs SET paused_ms = ?1, due_ms = NULL WHERE id = ?2 AND paused_ms IS NULL";
    connection.execute(sql, &[&now_ms, &record.id])?;
    Ok(Ok(()))
}

/// Lets a paused job run by itself again. What it missed meanwhile was meant to be.
///
/// # Errors
/// When the database does not take it.
pub fn resume(connection: &mut Connection, name: &str, now_ms: i64) -> Outcome<()> {
    let record = match find(connection, name)? {
        Ok(record) => record,
        Err(refused) => return Ok(Err(refused)),
    };
    if record.is_paused {
        let due_ms = due_after(&record.definition, now_ms);
        let sql = "UPDATE jobs SET paused_ms = NULL, due_ms = ?1 WHERE id = ?2";
        connection.execute(sql, &[&due_ms, &record.id])?;
    }
    Ok(Ok(()))
}

/// Has a job run now: as soon as it has its turn. A run that waits already, also for
/// its next try, is that run. Gives its number.
///
/// # Errors
/// When the database does not take it.
pub fn run_now(connection: &mut Connection, name: &str, now_ms: i64) -> Outcome<i64> {
    match find(connection, name)? {
        Ok(record) => enqueue(connection, record.id, RunReason::Manual, (now_ms, now_ms)).map(Ok),
        Err(refused) => Ok(Err(refused)),
    }
}

/// Stops what runs of a job, and what waits.
///
/// # Errors
/// When the database does not take it.
pub fn cancel(connection: &mut Connection, name: &str, now_ms: i64) -> Outcome<()> {
    let record = match find(connection, name)? {
        Ok(record) => record,
        Err(refused) => return Ok(Err(refused)),
    };
    let waiting = "UPDATE job_runs SET state = 'cancelled', ended_ms = ?1, cancelled_ms = ?1 \
         WHERE job = ?2 AND state = 'waiting'";
    let running = "UPDATE job_runs SET cancelled_ms = ?1 WHERE job = ?2 AND state = 'running'";
    let mut stopped = 0;
    for sql in [waiting, running] {
        stopped += connection.execute(sql, &[&now_ms, &record.id])?;
    }
    Ok(match stopped {
        0 => Err(Refused::Conflict(format!(
            "nothing of '{name}' runs or waits"
        ))),
        _ => Ok(()),
    })
}

/// Removes a job that does not run, and that no other runs after. That it ran stays
/// known to the store, without what was said.
///
/// # Errors
/// When the database does not take it.
pub fn remove(connection: &mut Connection, name: &str, now_ms: i64) -> Outcome<()> {
    let record = match find(connection, name)? {
        Ok(record) => record,
        Err(refused) => return Ok(Err(refused)),
    };
    let after = Schedule::After(name.to_owned());
    let all = all(connection)?;
    if let Some(other) = all.iter().find(|other| other.definition.schedule == after) {
        let message = format!("'{}' runs after '{name}'", other.definition.name);
        return Ok(Err(Refused::Conflict(message)));
    }
    let sql = "SELECT id FROM job_runs WHERE job = ?1 AND state = 'running'";
    if connection
        .first(sql, &[&record.id], |row| row.get::<i64>(0))?
        .is_some()
    {
        let message = format!("'{name}' runs; cancel that first");
        return Ok(Err(Refused::Conflict(message)));
    }
    // Nothing may be waiting, which is as well.
    let _ = cancel(connection, name, now_ms)?;
    let logs = "UPDATE job_attempts SET log = '' \
         WHERE run IN (SELECT id FROM job_runs WHERE job = ?1)";
    connection.execute(logs, &[&record.id])?;
    let sql = "UPDATE jobs SET removed_ms = ?1, due_ms = NULL WHERE id = ?2";
    connection.execute(sql, &[&now_ms, &record.id])?;
    Ok(Ok(()))
}

impl Store {
    /// Reads jobs and their runs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn jobs<T>(&self, read: impl Fn(&mut Connection) -> SqlResult<T>) -> Result<T, StoreError> {
        self.read(read)
    }

    /// Changes jobs and their runs; answers when that is on disk.
    ///
    /// # Errors
    /// When it is not.
    pub async fn change_jobs<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Connection) -> SqlResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.write(change).await
    }
}
