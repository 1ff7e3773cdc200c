//! Ground truth that comes after the prediction, with its history.
//!
//! The value that came last is in force. The same one again is a repeat and not
//! written; any other is a correction, and both stay with their times. So A, B
//! and A again are a value and two corrections: who takes back a correction has
//! corrected once more. "Last" is the order of arrival, not that of the clock.
//! A label may come before its prediction: it waits
//! under the uuid and is there when the prediction is.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::connection::{Connection, Row, Value, groups, places};
use super::{SqlResult, Store, StoreError};
use crate::clock;

/// Something said of a prediction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLabel {
    /// The prediction's name.
    pub uuid: Uuid,
    /// What the value is of.
    pub key: String,
    /// The value, as JSON.
    pub value: String,
}

/// A label as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelRecord {
    /// Its number in the store: the order in which labels came.
    pub id: i64,
    /// The prediction's name.
    pub uuid: Uuid,
    /// What the value is of.
    pub key: String,
    /// The value, as JSON.
    pub value: String,
    /// When it came.
    pub recorded_ms: i64,
    /// Whether its prediction is known.
    pub known: bool,
}

/// What became of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is the first of its prediction and key.
    Applied,
    /// The value was in force already.
    Repeated,
    /// It takes the place of another value, which stays in the history.
    Corrected,
}

/// What became of a label, and whether its prediction is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What became of it.
    pub change: Change,
    /// Whether its prediction is known; if not, the label waits for it.
    pub known: bool,
}

impl Store {
    /// Records labels, in order.
    ///
    /// # Errors
    /// When they are not on disk.
    pub async fn label(&self, labels: Vec<NewLabel>) -> Result<Vec<Outcome>, StoreError> {
        self.write(move |connection| apply(connection, &labels))
            .await
    }

    /// Labels after one, in the order they came; only those whose prediction is
    /// not known, where that is asked for.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn labels(
        &self,
        after: i64,
        unknown_only: bool,
        limit: usize,
    ) -> Result<Vec<LabelRecord>, StoreError> {
        let sql = "SELECT l.id, l.uuid, l.key, l.value, l.recorded_ms, p.id IS NOT NULL \
             FROM labels l LEFT JOIN predictions p ON p.uuid = l.uuid \
             WHERE l.id > ?1 AND (p.id IS NULL OR NOT ?2) ORDER BY l.id LIMIT ?3";
        let values: [&dyn Value; 3] = [&after, &unknown_only, &(limit as i64)];
        self.read(|connection| connection.query(sql, &values, record))
    }
}

/// Writes what is not in force yet.
fn apply(connection: &mut Connection, labels: &[NewLabel]) -> SqlResult<Vec<Outcome>> {
    let now = clock::now_ms();
    let uuids: Vec<Uuid> = labels.iter().map(|label| label.uuid).collect();
    let mut known = HashSet::new();
    for group in groups(&uuids) {
        let places = places(group.len());
        let sql = format!("SELECT uuid FROM predictions WHERE uuid IN {places}");
        connection.each(&sql, &group, |row| {
            known.insert(row.get::<Uuid>(0)?);
            Ok(())
        })?;
    }
    let before = of(connection, &uuids)?;
    let mut in_force: HashMap<(Uuid, &str), &str> = HashMap::new();
    for label in &before {
        in_force.insert((label.uuid, &label.key), &label.value);
    }
    let (mut outcomes, mut new) = (Vec::with_capacity(labels.len()), Vec::new());
    for label in labels {
        let change = match in_force.insert((label.uuid, &label.key), &label.value) {
            Some(value) if value == label.value => Change::Repeated,
            Some(_) => Change::Corrected,
            None => Change::Applied,
        };
        if change != Change::Repeated {
            new.push(label);
        }
        let known = known.contains(&label.uuid);
        outcomes.push(Outcome { change, known });
    }
    let rows = new
        .iter()
        .map(|label| -> [&dyn Value; 4] { [&label.uuid, &label.key, &label.value, &now] });
    connection.insert("labels", &["uuid", "key", "value", "recorded_ms"], rows)?;
    Ok(outcomes)
}

/// Every label of known predictions, in the order they came.
pub(super) fn of(connection: &mut Connection, uuids: &[Uuid]) -> SqlResult<Vec<LabelRecord>> {
    let mut labels = Vec::new();
    for group in groups(uuids) {
        let sql = format!(
            "SELECT id, uuid, key, value, recorded_ms, TRUE FROM labels WHERE uuid IN {} \
             ORDER BY id",
            places(group.len())
        );
        connection.each(&sql, &group, |row| {
            labels.push(record(row)?);
            Ok(())
        })?;
    }
    Ok(labels)
}

fn record(row: &Row<'_>) -> SqlResult<LabelRecord> {
    Ok(LabelRecord {
        id: row.get(0)?,
        uuid: row.get(1)?,
        key: row.get(2)?,
        value: row.get(3)?,
        recorded_ms: row.get(4)?,
        known: row.get(5)?,
    })
}
