//! Runs of experiments: begun, ended once, and told with what was measured.

use std::collections::{BTreeMap, HashMap};

use churn_core::artefact::sha256;
use churn_core::runs::{Metric, Run, RunData, Status};

use super::connection::Row;
use super::{Connection, SqlError, SqlResult};
use crate::clock;

/// Bytes of a row held out.
const HELD_OUT_BYTES: i64 = 4;

/// A run with its number in the store.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    /// Its number in the store.
    pub id: i64,
    /// What is told of it.
    pub run: Run,
}

/// What a run leaves behind that came to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct RunResult {
    /// What was measured.
    pub metrics: Vec<Metric>,
    /// The model document.
    pub document: String,
    /// Probability from which a customer is taken to leave.
    pub threshold: f64,
    /// Probabilities of the rows held out.
    pub probabilities: Vec<f64>,
}

/// Rows held out with the probabilities that a run gives them, as they are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOut {
    /// Hash of the data.
    pub data_hash: String,
    /// Positions and outcomes.
    pub rows: Vec<u8>,
    /// Probability from which a customer is taken to leave.
    pub threshold: f64,
    /// Probabilities.
    pub probabilities: Vec<u8>,
}

/// What a run is called: its experiment's name and its number in it.
pub fn name(experiment: &str, number: i64) -> String {
    format!("{experiment}-{number}")
}

/// All runs, or those of an experiment: those of the newest experiment first, in
/// their order.
///
/// # Errors
/// When the database cannot be read.
pub fn all(connection: &mut Connection, experiment: Option<&str>) -> SqlResult<Vec<RunRecord>> {
    match experiment {
        Some(name) => select(connection, "e.name = ?1", name),
        None => select(connection, "?1 = ''", ""),
    }
}

/// The run of a name.
///
/// # Errors
/// When the database cannot be read.
pub fn find(connection: &mut Connection, name: &str) -> SqlResult<Option<RunRecord>> {
    let parts = name.rsplit_once('-');
    let Some((experiment, number)) = parts.and_then(|(experiment, number)| {
        let number: i64 = number.parse().ok()?;
        Some((experiment, number))
    }) else {
        return Ok(None);
    };
    let which = format!("e.name = ?1 AND r.number = {number}");
    let found = select(connection, &which, experiment)?.into_iter().next();
    Ok(found.filter(|found| found.run.run == name))
}

/// The run of a number in the store.
///
/// # Errors
/// When the database cannot be read.
pub fn numbered(connection: &mut Connection, id: i64) -> SqlResult<Option<RunRecord>> {
    let found = select(connection, &format!("?1 = '' AND r.id = {id}"), "")?;
    Ok(found.into_iter().next())
}

/// The newest run whose model document has this hash.
///
/// # Errors
/// When the database cannot be read.
pub fn of_document(connection: &mut Connection, sha256: &str) -> SqlResult<Option<RunRecord>> {
    let sql = "SELECT run FROM run_results WHERE sha256 = ?1 ORDER BY run DESC LIMIT 1";
    match connection.first(sql, &[&sha256], |row| row.get::<i64>(0))? {
        Some(id) => numbered(connection, id),
        None => Ok(None),
    }
}

fn select(connection: &mut Connection, which: &str, value: &str) -> SqlResult<Vec<RunRecord>> {
    let of_run = |table: &str| {
        format!("{table} o JOIN runs r ON r.id = o.run JOIN experiments e ON e.id = r.experiment")
    };
    let sql = format!(
        "SELECT r.id, e.name, r.number, r.params, e.data_name, e.data_hash, e.train_rows, \
         CAST(length(e.held_out) AS BIGINT), a.started_ms, a.broken_off_ms, a.environment, \
         s.ended_ms, s.error, s.sha256 FROM runs r JOIN experiments e ON e.id = r.experiment \
         LEFT JOIN run_attempts a \
         ON a.id = (SELECT max(l.id) FROM run_attempts l WHERE l.run = r.id) \
         LEFT JOIN run_results s ON s.run = r.id \
         WHERE {which} ORDER BY e.id DESC, r.number"
    );
    let mut runs = connection.query(&sql, &[&value], record)?;
    let places: HashMap<i64, usize> = runs.iter().map(|run| run.id).zip(0..).collect();
    let sql = format!(
        "SELECT o.run, o.name, o.step, o.value FROM {} WHERE {which} ORDER BY o.name, o.step",
        of_run("run_metrics")
    );
    connection.each(&sql, &[&value], |row| {
        if let Some(&at) = places.get(&row.get(0)?) {
            runs[at].run.metrics.push(Metric {
                name: row.get(1)?,
                step: row.get(2)?,
                value: row.get(3)?,
            });
        }
        Ok(())
    })?;
    let sql = format!(
        "SELECT o.run, o.name, o.value FROM {} WHERE {which} ORDER BY o.id",
        of_run("run_tags")
    );
    connection.each(&sql, &[&value], |row| {
        if let Some(&at) = places.get(&row.get(0)?) {
            let tags = &mut runs[at].run.tags;
            match row.get::<Option<String>>(2)? {
                Some(value) => tags.insert(row.get(1)?, value),
                None => tags.remove(&row.get::<String>(1)?),
            };
        }
        Ok(())
    })?;
    Ok(runs)
}

fn record(row: &Row<'_>) -> SqlResult<RunRecord> {
    let (experiment, number): (String, i64) = (row.get(1)?, row.get(2)?);
    let (started, broken_off): (Option<i64>, Option<i64>) = (row.get(8)?, row.get(9)?);
    let (ended, error): (Option<i64>, Option<String>) = (row.get(11)?, row.get(12)?);
    let status = match (ended, &error, started, broken_off) {
        (Some(_), None, ..) => Status::Finished,
        (Some(_), Some(_), ..) => Status::Failed,
        (None, _, Some(_), None) => Status::Running,
        _ => Status::Waiting,
    };
    let has_begun = status != Status::Waiting;
    let environment: Option<String> = row.get(10)?;
    Ok(RunRecord {
        id: row.get(0)?,
        run: Run {
            run: name(&experiment, number),
            experiment,
            number,
            status,
            error,
            params: words(&row.get::<String>(3)?)?,
            metrics: Vec::new(),
            tags: BTreeMap::new(),
            data: RunData {
                name: row.get(4)?,
                hash: row.get(5)?,
                train_rows: row.get::<i64>(6)?.unsigned_abs(),
                test_rows: (row.get::<i64>(7)? / HELD_OUT_BYTES).unsigned_abs(),
            },
            environment: match environment.filter(|_| has_begun) {
                Some(environment) => words(&environment)?,
                None => BTreeMap::new(),
            },
            started_ms: started.filter(|_| has_begun),
            ended_ms: ended,
            model_sha256: row.get(13)?,
        },
    })
}

fn words(json: &str) -> SqlResult<BTreeMap<String, String>> {
    serde_json::from_str(json).map_err(|_| SqlError::Value("what is known of a run"))
}

/// Begins a run.
///
/// # Errors
/// When the database does not take it.
pub fn begin(connection: &mut Connection, run: i64, environment: &str) -> SqlResult<()> {
    connection.execute(
        "INSERT INTO run_attempts (run, started_ms, environment) VALUES (?1, ?2, ?3)",
        &[&run, &clock::now_ms(), &environment],
    )?;
    Ok(())
}

/// What was begun of an experiment and has not ended is broken off: it will be
/// begun anew. Nobody else must be running it.
///
/// # Errors
/// When the database does not take it.
pub fn break_off(connection: &mut Connection, experiment: i64) -> SqlResult<()> {
    connection.execute(
        "UPDATE run_attempts SET broken_off_ms = ?1 WHERE broken_off_ms IS NULL \
         AND run IN (SELECT id FROM runs WHERE experiment = ?2) \
         AND run NOT IN (SELECT run FROM run_results)",
        &[&clock::now_ms(), &experiment],
    )?;
    Ok(())
}

/// Numbers in the store and in the experiment of the runs that have not ended.
///
/// # Errors
/// When the database cannot be read.
pub fn open(connection: &mut Connection, experiment: i64) -> SqlResult<Vec<(i64, i64)>> {
    let sql = "SELECT id, number FROM runs WHERE experiment = ?1 \
         AND id NOT IN (SELECT run FROM run_results) ORDER BY number";
    connection.query(sql, &[&experiment], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Ends a run well. To be called in a transaction, so that all of that is kept or
/// nothing.
///
/// # Errors
/// When the database does not take it, or the run has ended before.
pub fn finish(connection: &mut Connection, run: i64, result: &RunResult) -> SqlResult<()> {
    let probabilities = result.probabilities.iter();
    let probabilities: Vec<u8> = probabilities.flat_map(|p| p.to_le_bytes()).collect();
    let sha256 = sha256(result.document.as_bytes());
    connection.execute(
        "INSERT INTO run_results (run, ended_ms, sha256, document, threshold, probabilities) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            &run,
            &clock::now_ms(),
            &sha256,
            &result.document,
            &result.threshold,
            &probabilities,
        ],
    )?;
    for Metric { name, step, value } in &result.metrics {
        connection.execute(
            "INSERT INTO run_metrics (run, name, step, value) VALUES (?1, ?2, ?3, ?4)",
            &[&run, name, step, value],
        )?;
    }
    Ok(())
}

/// Ends a run by an error.
///
/// # Errors
/// When the database does not take it, or the run has ended before.
pub fn fail(connection: &mut Connection, run: i64, error: &str) -> SqlResult<()> {
    connection.execute(
        "INSERT INTO run_results (run, ended_ms, error) VALUES (?1, ?2, ?3)",
        &[&run, &clock::now_ms(), &error],
    )?;
    Ok(())
}

/// Sets a tag, or takes it away.
///
/// # Errors
/// When the database does not take it.
pub fn tag(
    connection: &mut Connection,
    run: i64,
    name: &str,
    value: Option<&str>,
) -> SqlResult<()> {
    connection.execute(
        "INSERT INTO run_tags (run, name, value, created_ms) VALUES (?1, ?2, ?3, ?4)",
        &[&run, &name, &value, &clock::now_ms()],
    )?;
    Ok(())
}

/// The model document of a run that has ended well.
///
/// # Errors
/// When the database cannot be read.
pub fn document(connection: &mut Connection, run: i64) -> SqlResult<Option<String>> {
    let sql = "SELECT document FROM run_results WHERE run = ?1";
    Ok(connection.first(sql, &[&run], |row| row.get(0))?.flatten())
}

/// The rows held out of a run that has ended well.
///
/// # Errors
/// When the database cannot be read.
pub fn held_out(connection: &mut Connection, run: i64) -> SqlResult<Option<HeldOut>> {
    let sql = "SELECT e.data_hash, e.held_out, s.threshold, s.probabilities FROM run_results s \
         JOIN runs r ON r.id = s.run JOIN experiments e ON e.id = r.experiment \
         WHERE s.run = ?1 AND s.error IS NULL";
    connection.first(sql, &[&run], |row| {
        Ok(HeldOut {
            data_hash: row.get(0)?,
            rows: row.get(1)?,
            threshold: row.get(2)?,
            probabilities: row.get(3)?,
        })
    })
}
