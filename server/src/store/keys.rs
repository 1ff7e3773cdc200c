//! API keys, of which only the hash is kept.

use rusqlite::{Connection, Row};

use super::{Store, StoreError};
use crate::clock;

/// A key as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its number in the store.
    pub id: i64,
    /// Whose it is.
    pub name: String,
    /// What it allows, names with commas between.
    pub roles: String,
    /// Hash of the key itself.
    pub sha256: [u8; 32],
    /// When it was made.
    pub created_ms: i64,
    /// From when it is no longer good.
    pub expires_ms: Option<i64>,
    /// When it was revoked.
    pub revoked_ms: Option<i64>,
}

/// Adds a key; its number.
///
/// # Errors
/// When the database does not take it.
pub fn add(
    connection: &Connection,
    name: &str,
    roles: &str,
    sha256: &[u8; 32],
    expires_ms: Option<i64>,
) -> rusqlite::Result<i64> {
    connection.execute(
        "INSERT INTO keys (name, roles, sha256, created_ms, expires_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
        (name, roles, sha256, clock::now_ms(), expires_ms),
    )?;
    Ok(connection.last_insert_rowid())
}

/// Revokes a key; whether there was one to revoke.
///
/// # Errors
/// When the database does not take it.
pub fn revoke(connection: &Connection, id: i64) -> rusqlite::Result<bool> {
    let changed = connection.execute(
        "UPDATE keys SET revoked_ms = ?2 WHERE id = ?1 AND revoked_ms IS NULL",
        (id, clock::now_ms()),
    )?;
    Ok(changed > 0)
}

/// All keys, revoked ones too.
///
/// # Errors
/// When the database cannot be read.
pub fn all(connection: &Connection) -> rusqlite::Result<Vec<KeyRecord>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, name, roles, sha256, created_ms, expires_ms, revoked_ms FROM keys ORDER BY id",
    )?;
    let rows = statement.query_map([], |row: &Row<'_>| {
        Ok(KeyRecord {
            id: row.get(0)?,
            name: row.get(1)?,
            roles: row.get(2)?,
            sha256: row.get(3)?,
            created_ms: row.get(4)?,
            expires_ms: row.get(5)?,
            revoked_ms: row.get(6)?,
        })
    })?;
    rows.collect()
}

impl Store {
    /// All keys, revoked ones too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        self.read(all)
    }
}
