//! What builds, deployments and predictions came from, and what lineage files say.

mod entries;

use std::collections::HashMap;

use churn_core::artefact::TrainingRecord;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Connection, SqlError, SqlResult, Store, StoreError};

pub use entries::{EntryRecord, add as add_entry, all as entries};

/// A build, and how it was trained.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildOrigin {
    /// Its number in the store.
    pub id: i64,
    /// Name of the model.
    pub model: String,
    /// Its place among the builds of the model, from 1.
    pub version: i64,
    /// When it was added, in milliseconds since 1970.
    pub created_ms: i64,
    /// Hash of the document.
    pub sha256: String,
    /// Who added it, where that is known.
    pub made_by: Option<String>,
    /// Whether the document was deleted.
    pub deleted: bool,
    /// What its document says of the training; of rows held out nothing.
    pub training: Option<TrainingRecord>,
}

/// A deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentOrigin {
    /// Its number in the store.
    pub id: i64,
    /// Its name towards clients.
    pub uuid: Uuid,
    /// Number of the build.
    pub build: i64,
    /// When it was deployed, in milliseconds since 1970.
    pub created_ms: i64,
    /// When another one took its place.
    pub until_ms: Option<i64>,
    /// Who deployed it, where that is known.
    pub made_by: Option<String>,
    /// The deployment that it brought back.
    pub restores: Option<Uuid>,
}

/// The predictions of a deployment that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Predicted {
    /// How many they are.
    pub count: u64,
    /// When the first of them was asked for, in milliseconds since 1970.
    pub first_ms: i64,
    /// When the last of them was.
    pub last_ms: i64,
}

/// When an experiment was made, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExperimentOrigin {
    /// Its name.
    pub name: String,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// By whom, where that is known.
    pub made_by: Option<String>,
}

/// A time that a run was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptOrigin {
    /// Name of the experiment.
    pub experiment: String,
    /// The run's place in it, from 1.
    pub number: i64,
    /// When it was begun, in milliseconds since 1970.
    pub started_ms: i64,
    /// When it was broken off, where it was.
    pub broken_off_ms: Option<i64>,
}

/// What the document of a model says of its training, as JSON; none of what is not
/// such a document.
pub(super) fn training_of(document: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Document {
        training: TrainingRecord,
    }
    let document: Document = serde_json::from_str(document).ok()?;
    let training = TrainingRecord {
        held_out: Vec::new(),
        ..document.training
    };
    serde_json::to_string(&training).ok()
}

/// Keeps what a document says of its training, before it goes.
pub(super) fn keep_training(connection: &mut Connection, build: i64) -> SqlResult<()> {
    let sql = "SELECT document FROM builds WHERE id = ?1 AND training IS NULL";
    let document = connection.first(sql, &[&build], |row| row.get::<String>(0))?;
    let training = document.and_then(|document| training_of(&document));
    if training.is_some() {
        let sql = "UPDATE builds SET training = ?1 WHERE id = ?2";
        connection.execute(sql, &[&training, &build])?;
    }
    Ok(())
}

/// All builds, in the order in which they were added.
///
/// # Errors
/// When the database cannot be read.
pub fn builds(connection: &mut Connection) -> SqlResult<Vec<BuildOrigin>> {
    // Of builds that are older than the column the document tells.
    let sql = "SELECT b.id, m.name, \
         row_number() OVER (PARTITION BY b.model ORDER BY b.id), b.created_ms, b.sha256, \
         b.made_by, CAST(CASE WHEN b.document = '' THEN 1 ELSE 0 END AS BIGINT), b.training, \
         CASE WHEN b.training IS NULL THEN b.document END \
         FROM builds b JOIN models m ON m.id = b.model ORDER BY b.id";
    connection.query(sql, &[], |row| {
        let document: Option<String> = row.get(8)?;
        let training: Option<String> = row.get(7)?;
        let training = training.or_else(|| training_of(&document?));
        Ok(BuildOrigin {
            id: row.get(0)?,
            model: row.get(1)?,
            version: row.get(2)?,
            created_ms: row.get(3)?,
            sha256: row.get(4)?,
            made_by: row.get(5)?,
            deleted: row.get::<i64>(6)? > 0,
            training: training.map(|training| json(&training)).transpose()?,
        })
    })
}

/// All deployments, in the order in which they were made.
///
/// # Errors
/// When the database cannot be read.
pub fn deployments(connection: &mut Connection) -> SqlResult<Vec<DeploymentOrigin>> {
    let sql = "SELECT d.id, d.uuid, d.build, d.created_ms, \
         lead(d.created_ms) OVER (PARTITION BY b.model ORDER BY d.id), d.made_by, r.uuid \
         FROM deployments d JOIN builds b ON b.id = d.build \
         LEFT JOIN deployments r ON r.id = d.restores ORDER BY d.id";
    connection.query(sql, &[], |row| {
        Ok(DeploymentOrigin {
            id: row.get(0)?,
            uuid: row.get(1)?,
            build: row.get(2)?,
            created_ms: row.get(3)?,
            until_ms: row.get(4)?,
            made_by: row.get(5)?,
            restores: row.get(6)?,
        })
    })
}

/// The predictions that are kept, by the number of the deployment.
///
/// # Errors
/// When the database cannot be read.
pub fn predicted(connection: &mut Connection) -> SqlResult<HashMap<i64, Predicted>> {
    let sql = "SELECT deployment, count(*), min(start_ms), max(start_ms) \
         FROM predictions GROUP BY deployment";
    let predicted = connection.query(sql, &[], |row| {
        let predicted = Predicted {
            count: row.get::<i64>(1)?.unsigned_abs(),
            first_ms: row.get(2)?,
            last_ms: row.get(3)?,
        };
        Ok((row.get(0)?, predicted))
    })?;
    Ok(predicted.into_iter().collect())
}

/// How far the store is: other numbers, where anything was made, began or ended.
///
/// # Errors
/// When the database cannot be read.
pub fn marks(connection: &mut Connection) -> SqlResult<Vec<i64>> {
    let mut marks = Vec::new();
    for (value, table) in [
        ("max(id)", "table_versions"),
        ("max(id)", "experiments"),
        ("max(id)", "run_attempts"),
        ("count(broken_off_ms)", "run_attempts"),
        ("max(id)", "run_results"),
        ("max(id)", "builds"),
        ("max(id)", "deployments"),
    ] {
        let sql = format!("SELECT coalesce({value}, 0) FROM {table}");
        marks.extend(connection.first(&sql, &[], |row| row.get::<i64>(0))?);
    }
    Ok(marks)
}

/// When each experiment was made, and by whom, the first one first.
///
/// # Errors
/// When the database cannot be read.
pub fn experiments(connection: &mut Connection) -> SqlResult<Vec<ExperimentOrigin>> {
    let sql = "SELECT name, created_ms, made_by FROM experiments ORDER BY id";
    connection.query(sql, &[], |row| {
        Ok(ExperimentOrigin {
            name: row.get(0)?,
            created_ms: row.get(1)?,
            made_by: row.get(2)?,
        })
    })
}

/// Each time that a run was begun, in the order in which that happened.
///
/// # Errors
/// When the database cannot be read.
pub fn attempts(connection: &mut Connection) -> SqlResult<Vec<AttemptOrigin>> {
    let sql = "SELECT e.name, r.number, a.started_ms, a.broken_off_ms FROM run_attempts a \
         JOIN runs r ON r.id = a.run JOIN experiments e ON e.id = r.experiment ORDER BY a.id";
    connection.query(sql, &[], |row| {
        Ok(AttemptOrigin {
            experiment: row.get(0)?,
            number: row.get(1)?,
            started_ms: row.get(2)?,
            broken_off_ms: row.get(3)?,
        })
    })
}

fn json<T: DeserializeOwned>(kept: &str) -> SqlResult<T> {
    serde_json::from_str(kept).map_err(|_| SqlError::Value("what something came from"))
}

impl Store {
    /// Reads what came from what.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lineage<T>(
        &self,
        read: impl Fn(&mut Connection) -> SqlResult<T>,
    ) -> Result<T, StoreError> {
        self.read(read)
    }
}
