//! What webhooks are to be told, and how far that got.

use uuid::Uuid;

use super::connection::Value;
use super::{Connection, SqlResult, Store, StoreError};

/// A notice that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub id: i64,
    /// Its name towards who is told.
    pub uuid: Uuid,
    /// When it was added, in milliseconds since 1970.
    pub created_ms: i64,
    /// JSON.
    pub message: String,
    /// How often it was tried in vain.
    pub attempts: i64,
}

/// Adds a notice.
///
/// # Errors
/// When the database does not take it.
pub fn add(
    connection: &mut Connection,
    uuid: Uuid,
    created_ms: i64,
    message: &str,
) -> SqlResult<()> {
    let sql = "INSERT INTO notices (uuid, created_ms, message, state, attempts, due_ms, trouble) \
         VALUES (?1, ?2, ?3, 'waiting', 0, 0, '')";
    let values: [&dyn Value; 3] = [&uuid, &created_ms, &message];
    connection.execute(sql, &values).map(drop)
}

/// The first that is due.
///
/// # Errors
/// When the database cannot be read.
pub fn due(connection: &mut Connection, now_ms: i64) -> SqlResult<Option<Waiting>> {
    let sql = "SELECT id, uuid, created_ms, message, attempts FROM notices \
         WHERE state = 'waiting' AND due_ms <= ?1 ORDER BY id LIMIT 1";
    connection.first(sql, &[&now_ms], |row| {
        Ok(Waiting {
            id: row.get(0)?,
            uuid: row.get(1)?,
            created_ms: row.get(2)?,
            message: row.get(3)?,
            attempts: row.get(4)?,
        })
    })
}

/// Keeps that it was told.
///
/// # Errors
/// When the database does not take it.
pub fn sent(connection: &mut Connection, id: i64) -> SqlResult<()> {
    let sql = "UPDATE notices SET state = 'sent', trouble = '' WHERE id = ?1";
    connection.execute(sql, &[&id]).map(drop)
}

/// Keeps why it was not told, and when it is tried again: never without a moment.
///
/// # Errors
/// When the database does not take it.
pub fn failed(
    connection: &mut Connection,
    id: i64,
    trouble: &str,
    due_ms: Option<i64>,
) -> SqlResult<()> {
    let state = match due_ms {
        Some(_) => "waiting",
        None => "refused",
    };
    let sql = "UPDATE notices SET state = ?1, due_ms = ?2, trouble = ?3, \
         attempts = attempts + 1 WHERE id = ?4";
    let due_ms = due_ms.unwrap_or_default();
    let values: [&dyn Value; 4] = [&state, &due_ms, &trouble, &id];
    connection.execute(sql, &values).map(drop)
}

impl Store {
    /// The first that is due.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn due_notice(&self, now_ms: i64) -> Result<Option<Waiting>, StoreError> {
        self.read(|connection| due(connection, now_ms))
    }

    /// Keeps what became of one.
    ///
    /// # Errors
    /// When that is not on disk.
    pub async fn change_notices(
        &self,
        change: impl FnOnce(&mut Connection) -> SqlResult<()> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.write(change).await
    }
}
