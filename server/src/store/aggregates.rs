//! Metrics of a stretch of time, such as the accuracy of a hundred predictions.

use super::connection::Value;
use super::predictions::Selection;
use super::{SqlError, Store, StoreError};
use crate::clock;

/// An aggregate as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAggregate {
    /// Number of the deployment it is of.
    pub deployment: i64,
    /// First moment.
    pub start_ms: i64,
    /// Last moment.
    pub end_ms: i64,
    /// Names and values, as a JSON object.
    pub metrics: String,
}

/// An aggregate as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AggregateRecord {
    /// Its number in the store.
    pub id: i64,
    /// When it came.
    pub recorded_ms: i64,
    /// What was written.
    pub aggregate: NewAggregate,
}

impl Store {
    /// Records an aggregate; its number.
    ///
    /// # Errors
    /// When it is not on disk.
    pub async fn aggregate(&self, new: NewAggregate) -> Result<i64, StoreError> {
        self.write(move |connection| {
            let id = connection.first(
                "INSERT INTO aggregates (deployment, start_ms, end_ms, recorded_ms, metrics) \
                 VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
                &[
                    &new.deployment,
                    &new.start_ms,
                    &new.end_ms,
                    &clock::now_ms(),
                    &new.metrics,
                ],
                |row| row.get(0),
            )?;
            id.ok_or(SqlError::Value("the number of an aggregate"))
        })
        .await
    }

    /// A page of aggregates by their first moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn aggregates(
        &self,
        selection: &Selection,
        limit: usize,
    ) -> Result<Vec<AggregateRecord>, StoreError> {
        let sql = format!(
            "SELECT id, recorded_ms, deployment, start_ms, end_ms, metrics FROM aggregates \
             WHERE (start_ms, id) > (?1, ?2) AND start_ms <= ?3 {} \
             ORDER BY start_ms, id LIMIT ?4",
            selection.of_deployments()
        );
        let (start, id) = selection.after.unwrap_or((selection.from_ms, i64::MIN));
        self.read(|connection| {
            let values: [&dyn Value; 4] = [&start, &id, &selection.to_ms, &(limit as i64)];
            connection.query(&sql, &values, |row| {
                Ok(AggregateRecord {
                    id: row.get(0)?,
                    recorded_ms: row.get(1)?,
                    aggregate: NewAggregate {
                        deployment: row.get(2)?,
                        start_ms: row.get(3)?,
                        end_ms: row.get(4)?,
                        metrics: row.get(5)?,
                    },
                })
            })
        })
    }
}
