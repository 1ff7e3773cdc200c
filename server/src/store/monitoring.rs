//! What monitoring reads: everything that came since it looked last, in the
//! order of its numbers, and the newest predictions.

use super::connection::{Row, Value};
use super::erasure::{Erasures, erasures};
use super::predictions::{COLUMNS, PredictionRecord, read_all};
use super::{SqlError, SqlResult, Store, StoreError};

/// How far predictions and labels were taken up, by their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Number of the last prediction.
    pub prediction: i64,
    /// Number of the last label.
    pub label: i64,
}

/// A prediction, as far as monitoring needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// Its number.
    pub id: i64,
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
}

/// Something said of a prediction that was made here.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Number of the label.
    pub id: i64,
    /// Number of the deployment that answered.
    pub deployment: i64,
    /// When the request came.
    pub start_ms: i64,
    /// The model's probability.
    pub probability: f64,
    /// The value, as JSON.
    pub value: String,
    /// The value that was in force before.
    pub before: Option<String>,
}

impl Store {
    /// What was erased so far, and the newest prediction and label.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn mark(&self) -> Result<(Erasures, Mark), StoreError> {
        self.read(|connection| {
            // Before all else: what is read later is without what was erased.
            let erasures = erasures(connection)?;
            let mut newest = |table: &str| {
                let sql = format!("SELECT coalesce(max(id), 0) FROM {table}");
                let newest = connection.first(&sql, &[], |row| row.get(0))?;
                Ok::<i64, SqlError>(newest.unwrap_or_default())
            };
            let mark = Mark {
                prediction: newest("predictions")?,
                label: newest("labels")?,
            };
            Ok((erasures, mark))
        })
    }

    /// Predictions numbered above `after` and up to `upto`, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn made(&self, after: i64, upto: i64, limit: usize) -> Result<Vec<Made>, StoreError> {
        let sql = "SELECT id, deployment, start_ms, duration_us, input, probability \
             FROM predictions WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3";
        let values: [&dyn Value; 3] = [&after, &upto, &(limit as i64)];
        self.read(|connection| {
            connection.query(sql, &values, |row| {
                Ok(Made {
                    id: row.get(0)?,
                    deployment: row.get(1)?,
                    start_ms: row.get(2)?,
                    duration_us: row.get(3)?,
                    input: row.get(4)?,
                    probability: row.get(5)?,
                })
            })
        })
    }

    /// Labels that waited for the predictions numbered above `after` and up to
    /// `upto`: what was in force for them at the label numbered `label`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn waited(
        &self,
        after: i64,
        upto: i64,
        label: i64,
        key: &str,
    ) -> Result<Vec<Said>, StoreError> {
        let sql = "SELECT l.id, p.deployment, p.start_ms, p.probability, l.value, NULL \
             FROM predictions p JOIN labels l ON l.uuid = p.uuid \
             WHERE p.id > ?1 AND p.id <= ?2 AND p.probability IS NOT NULL AND l.key = ?4 \
             AND l.id = (SELECT max(v.id) FROM labels v \
                 WHERE v.uuid = l.uuid AND v.key = l.key AND v.id <= ?3)";
        let values: [&dyn Value; 4] = [&after, &upto, &label, &key];
        self.read(|connection| connection.query(sql, &values, said))
    }

    /// Labels numbered above `after` and up to `upto.label`, in order, of
    /// predictions up to `upto.prediction`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn said(
        &self,
        after: i64,
        upto: Mark,
        key: &str,
        limit: usize,
    ) -> Result<Vec<Said>, StoreError> {
        let sql = "SELECT l.id, p.deployment, p.start_ms, p.probability, l.value, \
             (SELECT v.value FROM labels v WHERE v.uuid = l.uuid AND v.key = l.key \
                 AND v.id < l.id ORDER BY v.id DESC LIMIT 1) \
             FROM labels l JOIN predictions p ON p.uuid = l.uuid \
             WHERE l.id > ?1 AND l.id <= ?2 AND p.id <= ?3 AND p.probability IS NOT NULL \
             AND l.key = ?4 ORDER BY l.id LIMIT ?5";
        let values: [&dyn Value; 5] =
            [&after, &upto.label, &upto.prediction, &key, &(limit as i64)];
        self.read(|connection| connection.query(sql, &values, said))
    }

    /// The newest predictions of a deployment that were made here, the newest
    /// first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest(
        &self,
        deployment: i64,
        from_ms: i64,
        to_ms: i64,
        limit: usize,
    ) -> Result<Vec<PredictionRecord>, StoreError> {
        let sql = format!(
            "{COLUMNS} WHERE p.start_ms >= ?1 AND p.start_ms <= ?2 AND p.deployment = ?3 \
             AND p.probability IS NOT NULL ORDER BY p.start_ms DESC, p.id DESC LIMIT ?4"
        );
        self.read(|connection| {
            let values: &[&dyn Value] = &[&from_ms, &to_ms, &deployment, &(limit as i64)];
            read_all(connection, &sql, values)
        })
    }
}

fn said(row: &Row<'_>) -> SqlResult<Said> {
    Ok(Said {
        id: row.get(0)?,
        deployment: row.get(1)?,
        start_ms: row.get(2)?,
        probability: row.get(3)?,
        value: row.get(4)?,
        before: row.get(5)?,
    })
}
