//! Predictions, with what was tracked of them besides.

use std::collections::HashMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::connection::{Connection, Value as Parameter};
use super::labels::{self, LabelRecord};
use super::{SqlResult, Store, StoreError};

/// An answer that was given, as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPrediction {
    /// Its name.
    pub uuid: Uuid,
    /// Number of the deployment that answered.
    pub deployment: i64,
    /// When the request came.
    pub start_ms: i64,
    /// How long the answer took to make.
    pub duration_us: i64,
    /// Level codes and numbers (see [`crate::record`]).
    pub input: Vec<u8>,
    /// The model's probability.
    pub probability: f64,
    /// How it was explained, if it was.
    pub explained: Option<String>,
}

/// What was tracked of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracked {
    /// The prediction's name.
    pub uuid: Uuid,
    /// Number of the deployment that answered.
    pub deployment: i64,
    /// When the request came, where the prediction is not known yet.
    pub start_ms: i64,
    /// When the answer was made, where the prediction is not known yet.
    pub end_ms: i64,
    /// Names and values; a name that is known takes the new value.
    pub metrics: Map<String, Value>,
}

/// A prediction as it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictionRecord {
    /// Its number in the store.
    pub id: i64,
    /// Its name.
    pub uuid: Uuid,
    /// Number of the deployment that answered.
    pub deployment: i64,
    /// When the request came.
    pub start_ms: i64,
    /// How long the answer took to make.
    pub duration_us: i64,
    /// Level codes and numbers; none of an answer given elsewhere.
    pub input: Option<Vec<u8>>,
    /// The model's probability.
    pub probability: Option<f64>,
    /// How it was explained, if it was.
    pub explained: Option<String>,
    /// What was tracked besides, as a JSON object.
    pub metrics: Option<String>,
    /// What was said of it later, every value in order.
    pub labels: Vec<LabelRecord>,
}

/// Which predictions to read, and from where on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// First moment.
    pub from_ms: i64,
    /// Last moment.
    pub to_ms: i64,
    /// Numbers of the deployments, or all.
    pub deployments: Option<Vec<i64>>,
    /// The last one of the page before: its moment and number.
    pub after: Option<(i64, i64)>,
}

impl Selection {
    /// The SQL that keeps the deployments wanted. Numbers need no quoting.
    pub(super) fn of_deployments(&self) -> String {
        match &self.deployments {
            None => String::new(),
            Some(ids) => {
                let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
                format!("AND deployment IN ({})", ids.join(","))
            }
        }
    }
}

impl Store {
    /// Adds to what is tracked of an answer; one that is not known yet, as
    /// given elsewhere, is recorded with its times. Says whether the prediction
    /// is of the deployment named; where it is not, nothing is written.
    ///
    /// # Errors
    /// When it is not on disk.
    pub async fn track(&self, tracked: Tracked) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let sql = "SELECT deployment FROM predictions WHERE uuid = ?1";
            match connection.first(sql, &[&tracked.uuid], |row| row.get::<i64>(0))? {
                Some(of) if of != tracked.deployment => return Ok(false),
                Some(_) => {}
                None => {
                    connection.execute(
                        "INSERT INTO predictions (uuid, deployment, start_ms, duration_us) \
                         VALUES (?1, ?2, ?3, ?4)",
                        &[
                            &tracked.uuid,
                            &tracked.deployment,
                            &tracked.start_ms,
                            &(tracked.end_ms - tracked.start_ms).saturating_mul(1000),
                        ],
                    )?;
                }
            }
            merge(connection, tracked.uuid, tracked.metrics)?;
            Ok(true)
        })
        .await
    }

    /// One prediction.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn prediction(&self, uuid: Uuid) -> Result<Option<PredictionRecord>, StoreError> {
        self.read(|connection| {
            let sql = format!("{COLUMNS} WHERE p.uuid = ?1");
            let found = read_all(connection, &sql, &[&uuid])?;
            Ok(found.into_iter().next())
        })
    }

    /// A page of predictions by time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn predictions(
        &self,
        selection: &Selection,
        limit: usize,
    ) -> Result<Vec<PredictionRecord>, StoreError> {
        self.read(|connection| {
            let sql = format!(
                "{COLUMNS} WHERE (p.start_ms, p.id) > (?1, ?2) AND p.start_ms <= ?3 {} \
                 ORDER BY p.start_ms, p.id LIMIT ?4",
                selection.of_deployments()
            );
            let (start, id) = selection.after.unwrap_or((selection.from_ms, i64::MIN));
            read_all(
                connection,
                &sql,
                &[&start, &id, &selection.to_ms, &(limit as i64)],
            )
        })
    }
}

pub(super) const COLUMNS: &str = "SELECT p.id, p.uuid, p.deployment, p.start_ms, p.duration_us, p.input, \
     p.probability, p.explained, m.metrics \
     FROM predictions p LEFT JOIN metrics m ON m.uuid = p.uuid";

/// Adds predictions.
pub(super) fn insert(connection: &mut Connection, predictions: &[NewPrediction]) -> SqlResult<()> {
    let columns = [
        "uuid",
        "deployment",
        "start_ms",
        "duration_us",
        "input",
        "probability",
        "explained",
    ];
    let rows = predictions.iter().map(|new| -> [&dyn Parameter; 7] {
        [
            &new.uuid,
            &new.deployment,
            &new.start_ms,
            &new.duration_us,
            &new.input,
            &new.probability,
            &new.explained,
        ]
    });
    connection.insert("predictions", &columns, rows)
}

pub(super) fn read_all(
    connection: &mut Connection,
    sql: &str,
    values: &[&dyn Parameter],
) -> SqlResult<Vec<PredictionRecord>> {
    let mut predictions = connection.query(sql, values, |row| {
        Ok(PredictionRecord {
            id: row.get(0)?,
            uuid: row.get(1)?,
            deployment: row.get(2)?,
            start_ms: row.get(3)?,
            duration_us: row.get(4)?,
            input: row.get(5)?,
            probability: row.get(6)?,
            explained: row.get(7)?,
            metrics: row.get(8)?,
            labels: Vec::new(),
        })
    })?;
    let uuids: Vec<Uuid> = predictions
        .iter()
        .map(|prediction| prediction.uuid)
        .collect();
    let mut labels: HashMap<Uuid, Vec<LabelRecord>> = HashMap::new();
    for label in labels::of(connection, &uuids)? {
        labels.entry(label.uuid).or_default().push(label);
    }
    for prediction in &mut predictions {
        prediction.labels = labels.remove(&prediction.uuid).unwrap_or_default();
    }
    Ok(predictions)
}

/// Merges new metrics of a prediction into those it has.
fn merge(connection: &mut Connection, uuid: Uuid, metrics: Map<String, Value>) -> SqlResult<()> {
    let sql = "SELECT metrics FROM metrics WHERE uuid = ?1";
    let known = connection.first(sql, &[&uuid], |row| row.get::<String>(0))?;
    let known = known.and_then(|known| serde_json::from_str(&known).ok());
    let mut merged: Map<String, Value> = known.unwrap_or_default();
    merged.extend(metrics);
    connection.execute(
        "INSERT INTO metrics (uuid, recorded_ms, metrics) VALUES (?1, ?2, ?3) \
         ON CONFLICT (uuid) DO UPDATE SET metrics = excluded.metrics, \
         recorded_ms = excluded.recorded_ms",
        &[
            &uuid,
            &crate::clock::now_ms(),
            &Value::Object(merged).to_string(),
        ],
    )?;
    Ok(())
}
