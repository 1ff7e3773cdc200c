//! Models, their builds and their deployments: only ever added to.

use churn_core::artefact::sha256;
use uuid::Uuid;

use super::connection::Value;
use super::{Connection, SqlError, SqlResult, Store, StoreError, lineage};
use crate::clock;

/// A deployment with what it deploys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentRecord {
    /// Its number in the store.
    pub id: i64,
    /// Its name towards clients.
    pub uuid: Uuid,
    /// When it was deployed.
    pub created_ms: i64,
    /// The build that it deploys.
    pub build: BuildRecord,
}

/// An immutable model document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildRecord {
    /// Its number in the store.
    pub id: i64,
    /// Its name towards clients.
    pub uuid: Uuid,
    /// When it was added.
    pub created_ms: i64,
    /// Hash of the document.
    pub sha256: String,
    /// Name of the model.
    pub model: String,
    /// The model's name towards clients.
    pub model_uuid: Uuid,
}

/// Deploys a document under a model's name. One that is deployed already is
/// left as it is where `anew` is not asked for. Gives the deployment's uuid and
/// whether it is new.
///
/// # Errors
/// When the database does not take it.
pub fn deploy(
    connection: &mut Connection,
    name: &str,
    document: &str,
    by: Option<&str>,
    anew: bool,
) -> SqlResult<(Uuid, bool)> {
    connection.transaction(|connection| {
        let (build, _) = register(connection, name, document, by)?;
        match current(connection, name)? {
            Some(current) if current.build == build && !anew => Ok((current.uuid, false)),
            _ => Ok((add(connection, build, None, by)?, true)),
        }
    })
}

/// Adds a document to the builds of a model, if it is not one of them. Gives the
/// build's number and whether it is new.
///
/// # Errors
/// When the database does not take it.
pub fn register(
    connection: &mut Connection,
    name: &str,
    document: &str,
    by: Option<&str>,
) -> SqlResult<(i64, bool)> {
    let now = clock::now_ms();
    let sha256 = sha256(document.as_bytes());
    connection.execute(
        "INSERT INTO models (uuid, name, created_ms) VALUES (?1, ?2, ?3) \
         ON CONFLICT (name) DO NOTHING",
        &[&clock::random_uuid(), &name, &now],
    )?;
    let model = "SELECT id FROM models WHERE name = ?1";
    let model = number(connection, model, &[&name])?;
    let added = connection.execute(
        "INSERT INTO builds (uuid, model, created_ms, sha256, document, training, made_by) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (model, sha256) DO NOTHING",
        &[
            &clock::random_uuid(),
            &model,
            &now,
            &sha256,
            &document,
            &lineage::training_of(document),
            &by,
        ],
    )?;
    let build = "SELECT id FROM builds WHERE model = ?1 AND sha256 = ?2";
    let build = number(connection, build, &[&model, &sha256])?;
    // Its document may have been deleted.
    let restored = connection.execute(
        "UPDATE builds SET document = ?1 WHERE id = ?2 AND document = ''",
        &[&document, &build],
    )?;
    Ok((build, added + restored > 0))
}

/// The deployment of a model that answers.
#[derive(Clone, Copy, Debug)]
pub struct Current {
    /// Its number.
    pub id: i64,
    /// Its name towards clients.
    pub uuid: Uuid,
    /// Number of its build.
    pub build: i64,
    /// Number of the earlier deployment that it brought back.
    pub restores: Option<i64>,
}

/// The deployment that answers for a model.
///
/// # Errors
/// When the database cannot be read.
pub fn current(connection: &mut Connection, name: &str) -> SqlResult<Option<Current>> {
    let sql = "SELECT d.id, d.uuid, d.build, d.restores FROM deployments d \
         JOIN builds b ON b.id = d.build JOIN models m ON m.id = b.model \
         WHERE m.name = ?1 ORDER BY d.id DESC LIMIT 1";
    connection.first(sql, &[&name], |row| {
        Ok(Current {
            id: row.get(0)?,
            uuid: row.get(1)?,
            build: row.get(2)?,
            restores: row.get(3)?,
        })
    })
}

/// Adds a deployment of a build, which answers from then on; its uuid.
///
/// # Errors
/// When the database does not take it.
pub fn add(
    connection: &mut Connection,
    build: i64,
    restores: Option<i64>,
    by: Option<&str>,
) -> SqlResult<Uuid> {
    let uuid = clock::random_uuid();
    connection.execute(
        "INSERT INTO deployments (uuid, build, created_ms, restores, made_by) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
        &[&uuid, &build, &clock::now_ms(), &restores, &by],
    )?;
    Ok(uuid)
}

/// The number of what was just made sure to be there.
fn number(connection: &mut Connection, sql: &str, values: &[&dyn Value]) -> SqlResult<i64> {
    let number = connection.first(sql, values, |row| row.get(0))?;
    number.ok_or(SqlError::Value("a model or build"))
}

impl Store {
    /// Deployments added after one, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn deployments_after(&self, id: i64) -> Result<Vec<DeploymentRecord>, StoreError> {
        let sql = "SELECT d.id, d.uuid, d.created_ms, b.id, b.uuid, b.created_ms, b.sha256, \
             m.name, m.uuid FROM deployments d \
             JOIN builds b ON b.id = d.build JOIN models m ON m.id = b.model \
             WHERE d.id > ?1 ORDER BY d.id";
        self.read(|connection| {
            connection.query(sql, &[&id], |row| {
                Ok(DeploymentRecord {
                    id: row.get(0)?,
                    uuid: row.get(1)?,
                    created_ms: row.get(2)?,
                    build: BuildRecord {
                        id: row.get(3)?,
                        uuid: row.get(4)?,
                        created_ms: row.get(5)?,
                        sha256: row.get(6)?,
                        model: row.get(7)?,
                        model_uuid: row.get(8)?,
                    },
                })
            })
        })
    }

    /// The document of a build.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn document(&self, build: i64) -> Result<String, StoreError> {
        self.read(|connection| document(connection, build))
    }
}

/// The document of a build; without characters where it was deleted.
///
/// # Errors
/// When the database cannot be read.
pub fn document(connection: &mut Connection, build: i64) -> SqlResult<String> {
    let sql = "SELECT document FROM builds WHERE id = ?1";
    let document = connection.first(sql, &[&build], |row| row.get(0))?;
    document.ok_or(SqlError::Value("the document of a build"))
}
