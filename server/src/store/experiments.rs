//! Experiments: which runs there are to be, and who is held out.

use churn_core::runs::{Experiment, Experiments};

use super::connection::Row;
use super::{Connection, SqlResult, Store, StoreError};
use crate::clock;

/// An experiment as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExperimentRecord {
    /// Its name.
    pub name: String,
    /// All that the runs follow from, but for the data, as JSON.
    pub plan: String,
    /// Name of the file, or of the table with its version.
    pub data_name: String,
    /// SHA-256 of the file, or of the content of the table's version.
    pub data_hash: String,
    /// Rows that the runs train on.
    pub train_rows: i64,
    /// Positions of the rows held out with their outcomes, see
    /// [`HeldOut`](super::runs::HeldOut).
    pub held_out: Vec<u8>,
    /// Who began it, where that is known.
    pub made_by: Option<String>,
}

/// The experiment of a name, with its number in the store.
///
/// # Errors
/// When the database cannot be read.
pub fn find(connection: &mut Connection, name: &str) -> SqlResult<Option<(i64, ExperimentRecord)>> {
    let sql = "SELECT id, name, plan, data_name, data_hash, train_rows, held_out, made_by \
         FROM experiments WHERE name = ?1";
    connection.first(sql, &[&name], |row| Ok((row.get(0)?, record(row)?)))
}

fn record(row: &Row<'_>) -> SqlResult<ExperimentRecord> {
    Ok(ExperimentRecord {
        name: row.get(1)?,
        plan: row.get(2)?,
        data_name: row.get(3)?,
        data_hash: row.get(4)?,
        train_rows: row.get(5)?,
        held_out: row.get(6)?,
        made_by: row.get(7)?,
    })
}

/// Adds an experiment with its runs, of which the parameters are given as JSON,
/// in their order.
///
/// # Errors
/// When the database does not take it, or has one of that name.
pub fn add(
    connection: &mut Connection,
    record: &ExperimentRecord,
    runs: &[String],
) -> SqlResult<i64> {
    let ExperimentRecord {
        name,
        plan,
        data_name,
        data_hash,
        train_rows,
        held_out,
        made_by,
    } = record;
    connection.execute(
        "INSERT INTO experiments \
         (name, created_ms, plan, data_name, data_hash, train_rows, held_out, made_by) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            name,
            &clock::now_ms(),
            plan,
            data_name,
            data_hash,
            train_rows,
            held_out,
            made_by,
        ],
    )?;
    let id: Option<i64> = find(connection, name)?.map(|(id, _)| id);
    let id = id.ok_or(super::SqlError::Value("an experiment"))?;
    for (number, params) in (1_i64..).zip(runs) {
        connection.execute(
            "INSERT INTO runs (experiment, number, params) VALUES (?1, ?2, ?3)",
            &[&id, &number, params],
        )?;
    }
    Ok(id)
}

/// All experiments with how their runs stand, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn all(connection: &mut Connection) -> SqlResult<Experiments> {
    let sql = "SELECT e.name, e.created_ms, count(*), \
         count(CASE WHEN s.id IS NOT NULL AND s.error IS NULL THEN 1 END), count(s.error), \
         count(CASE WHEN s.id IS NULL AND EXISTS (SELECT 1 FROM run_attempts a \
         WHERE a.run = r.id AND a.broken_off_ms IS NULL) THEN 1 END) \
         FROM experiments e JOIN runs r ON r.experiment = e.id \
         LEFT JOIN run_results s ON s.run = r.id \
         GROUP BY e.id, e.name, e.created_ms ORDER BY e.id DESC";
    let experiments = connection.query(sql, &[], |row| {
        let count = |at: usize| row.get::<i64>(at).map(i64::unsigned_abs);
        let (all, finished, failed, running) = (count(2)?, count(3)?, count(4)?, count(5)?);
        Ok(Experiment {
            experiment: row.get(0)?,
            created_ms: row.get(1)?,
            waiting: all.saturating_sub(finished + failed + running),
            running,
            finished,
            failed,
        })
    })?;
    Ok(Experiments { experiments })
}

impl Store {
    /// Reads experiments and their runs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn runs<T>(&self, read: impl Fn(&mut Connection) -> SqlResult<T>) -> Result<T, StoreError> {
        self.read(read)
    }
}
