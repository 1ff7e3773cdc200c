//! What is to be forgotten: predictions that are asked for by name or are too
//! old, with all that was said of them, and aggregates that are too old.
//!
//! The store knows no customers, only the names of their predictions: who asks
//! for predictions keeps the names beside the customer. Builds and deployments
//! say nothing of anybody, and stay.

use std::time::Duration;

use uuid::Uuid;

use super::connection::{Connection, groups, places};
use super::{SqlResult, Store, StoreError};

/// Predictions that are erased in one commit: few enough that those who wait
/// for the next one do not feel it.
pub const BATCH: usize = 200;

/// How long others have between two batches.
pub const PAUSE: Duration = Duration::from_millis(20);

/// How much was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Predictions.
    pub predictions: u64,
    /// Labels, corrected ones too.
    pub labels: u64,
    /// Predictions' metrics that were tracked.
    pub metrics: u64,
    /// Metrics of stretches of time.
    pub aggregates: u64,
}

impl Erased {
    /// Whether there was nothing to erase.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what else was erased.
    pub fn add(&mut self, more: Self) {
        self.predictions += more.predictions;
        self.labels += more.labels;
        self.metrics += more.metrics;
        self.aggregates += more.aggregates;
    }
}

/// That something was erased, for those who have summed it up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erasures {
    /// How often predictions were erased by name.
    pub times: i64,
    /// All from before this moment were erased for their age.
    pub before_ms: i64,
}

/// What was erased so far.
///
/// # Errors
/// When the database cannot be read.
pub fn erasures(connection: &mut Connection) -> SqlResult<Erasures> {
    let found = connection.first("SELECT times, before_ms FROM erasures", &[], |row| {
        Ok(Erasures {
            times: row.get(0)?,
            before_ms: row.get(1)?,
        })
    })?;
    Ok(found.unwrap_or_default())
}

/// Erases predictions with all that was said of them, in one transaction.
///
/// # Errors
/// When the database does not take it.
pub fn erase(connection: &mut Connection, uuids: &[Uuid]) -> SqlResult<Erased> {
    delete(connection, uuids, 1, 0)
}

/// Erases predictions and notes that it was done: by name so many times, or for
/// being from before a moment.
fn delete(
    connection: &mut Connection,
    uuids: &[Uuid],
    times: i64,
    before_ms: i64,
) -> SqlResult<Erased> {
    let mut erased = Erased::default();
    for group in groups(uuids) {
        let places = places(group.len());
        let mut delete = |table: &str| {
            let sql = format!("DELETE FROM {table} WHERE uuid IN {places}");
            connection.execute(&sql, &group)
        };
        erased.labels += delete("labels")?;
        erased.metrics += delete("metrics")?;
        erased.predictions += delete("predictions")?;
    }
    if !erased.is_nothing() {
        let note = "INSERT INTO erasures (id, times, before_ms) VALUES (1, ?1, ?2) \
             ON CONFLICT (id) DO UPDATE SET times = erasures.times + excluded.times, \
             before_ms = CASE WHEN excluded.before_ms > erasures.before_ms \
             THEN excluded.before_ms ELSE erasures.before_ms END";
        connection.execute(note, &[&times, &before_ms])?;
    }
    Ok(erased)
}

/// Names of some predictions from before a moment, and of some labels from
/// before it that still wait for their prediction; none when there are no more.
///
/// # Errors
/// When the database cannot be read.
pub fn outdated(connection: &mut Connection, before_ms: i64) -> SqlResult<Vec<Uuid>> {
    let limit = BATCH as i64;
    let predictions = "SELECT uuid FROM predictions WHERE start_ms < ?1 ORDER BY start_ms LIMIT ?2";
    let found = connection.query(predictions, &[&before_ms, &limit], |row| row.get(0))?;
    if !found.is_empty() {
        return Ok(found);
    }
    let labels = "SELECT l.uuid FROM labels l LEFT JOIN predictions p ON p.uuid = l.uuid \
         WHERE p.id IS NULL GROUP BY l.uuid HAVING max(l.recorded_ms) < ?1 LIMIT ?2";
    connection.query(labels, &[&before_ms, &limit], |row| row.get(0))
}

/// Those of the names under which there is nothing from that moment on: a
/// prediction may have come for a label that waited.
fn still_outdated(
    connection: &mut Connection,
    uuids: Vec<Uuid>,
    before_ms: i64,
) -> SqlResult<Vec<Uuid>> {
    let mut newer = Vec::new();
    for group in groups(&uuids) {
        let places = places(group.len());
        let sql = format!("SELECT uuid, start_ms FROM predictions WHERE uuid IN {places}");
        connection.each(&sql, &group, |row| {
            if row.get::<i64>(1)? >= before_ms {
                newer.push(row.get(0)?);
            }
            Ok(())
        })?;
    }
    Ok(uuids
        .into_iter()
        .filter(|uuid| !newer.contains(uuid))
        .collect())
}

/// Erases some aggregates of stretches that ended before a moment.
fn erase_aggregates(connection: &mut Connection, before_ms: i64) -> SqlResult<Erased> {
    // No stretch ends before it starts, and the starts have an index.
    let some = "DELETE FROM aggregates WHERE id IN (SELECT id FROM aggregates \
         WHERE start_ms < ?1 AND end_ms < ?1 ORDER BY start_ms LIMIT ?2)";
    Ok(Erased {
        aggregates: connection.execute(some, &[&before_ms, &(BATCH as i64)])?,
        ..Erased::default()
    })
}

/// Erases some of what is from before a moment; none when there is no more.
///
/// # Errors
/// When the database does not take it.
pub fn prune(connection: &mut Connection, before_ms: i64) -> SqlResult<Option<Erased>> {
    let uuids = outdated(connection, before_ms)?;
    if uuids.is_empty() {
        let erased = erase_aggregates(connection, before_ms)?;
        return Ok((!erased.is_nothing()).then_some(erased));
    }
    connection.transaction(|connection| {
        let uuids = still_outdated(connection, uuids, before_ms)?;
        delete(connection, &uuids, 0, before_ms).map(Some)
    })
}

impl Store {
    /// Erases predictions with all that was said of them.
    ///
    /// # Errors
    /// When that is not on disk.
    pub async fn erase(&self, uuids: Vec<Uuid>) -> Result<Erased, StoreError> {
        let erased = self
            .write(move |connection| erase(connection, &uuids))
            .await?;
        self.writer.erased();
        Ok(erased)
    }

    /// Names of some records from before a moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn outdated(&self, before_ms: i64) -> Result<Vec<Uuid>, StoreError> {
        self.read(|connection| outdated(connection, before_ms))
    }

    /// Erases those of the names that are from before a moment.
    ///
    /// # Errors
    /// When that is not on disk.
    pub async fn erase_outdated(
        &self,
        uuids: Vec<Uuid>,
        before_ms: i64,
    ) -> Result<Erased, StoreError> {
        let write = move |connection: &mut Connection| {
            let uuids = still_outdated(connection, uuids, before_ms)?;
            delete(connection, &uuids, 0, before_ms)
        };
        let erased = self.write(write).await?;
        self.writer.erased();
        Ok(erased)
    }

    /// Erases some aggregates of stretches that ended before a moment.
    ///
    /// # Errors
    /// When that is not on disk.
    pub async fn erase_outdated_aggregates(&self, before_ms: i64) -> Result<Erased, StoreError> {
        let write = move |connection: &mut Connection| erase_aggregates(connection, before_ms);
        let erased = self.write(write).await?;
        if !erased.is_nothing() {
            self.writer.erased();
        }
        Ok(erased)
    }
}
