//! Ground truth that comes after the prediction, with its history.
//!
//! The value that came last is in force. The same one again is a repeat and not
//! written; any other is a correction, and both stay with their times. So A, B
//! and A again are a value and two corrections: who takes back a correction has
//! corrected once more. "Last" is the order of arrival, not that of the clock.
//! A label may come before its prediction: it waits
//! under the uuid and is there when the prediction is.

use rusqlite::{Connection, OptionalExtension as _, Row};
use uuid::Uuid;

use super::deployments::uuid;
use super::{Store, StoreError};
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
        self.write(move |connection| {
            let now = clock::now_ms();
            labels
                .iter()
                .map(|label| apply(connection, label, now))
                .collect()
        })
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
        self.read(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map((after, unknown_only, limit as i64), record)?;
            rows.collect()
        })
    }
}

fn apply(connection: &Connection, label: &NewLabel, now: i64) -> rusqlite::Result<Outcome> {
    let known = connection
        .prepare_cached("SELECT 1 FROM predictions WHERE uuid = ?1")?
        .exists([label.uuid.as_bytes()])?;
    let in_force: Option<String> = connection
        .prepare_cached(
            "SELECT value FROM labels WHERE uuid = ?1 AND key = ?2 ORDER BY id DESC LIMIT 1",
        )?
        .query_row((label.uuid.as_bytes(), &label.key), |row| row.get(0))
        .optional()?;
    let change = match in_force {
        Some(value) if value == label.value => Change::Repeated,
        Some(_) => Change::Corrected,
        None => Change::Applied,
    };
    if change != Change::Repeated {
        connection
            .prepare_cached(
                "INSERT INTO labels (uuid, key, value, recorded_ms) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((label.uuid.as_bytes(), &label.key, &label.value, now))?;
    }
    Ok(Outcome { change, known })
}

/// Every label of a known prediction, in the order they came.
pub(super) fn of(connection: &Connection, uuid: Uuid) -> rusqlite::Result<Vec<LabelRecord>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, uuid, key, value, recorded_ms, 1 FROM labels WHERE uuid = ?1 ORDER BY id",
    )?;
    let rows = statement.query_map([uuid.as_bytes()], record)?;
    rows.collect()
}

fn record(row: &Row<'_>) -> rusqlite::Result<LabelRecord> {
    Ok(LabelRecord {
        id: row.get(0)?,
        uuid: uuid(row.get(1)?),
        key: row.get(2)?,
        value: row.get(3)?,
        recorded_ms: row.get(4)?,
        known: row.get(5)?,
    })
}
