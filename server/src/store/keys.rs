//! API keys, of which only the hash is kept.

use super::{Connection, SqlError, SqlResult, Store, StoreError};
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
    connection: &mut Connection,
    name: &str,
    roles: &str,
    sha256: &[u8; 32],
    expires_ms: Option<i64>,
) -> SqlResult<i64> {
    let now = clock::now_ms();
    let id = connection.first(
        "INSERT INTO keys (name, roles, sha256, created_ms, expires_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
        &[&name, &roles, &sha256.as_slice(), &now, &expires_ms],
        |row| row.get(0),
    )?;
    id.ok_or(SqlError::Value("the number of a key"))
}

/// Revokes a key; whether there was one to revoke.
///
/// # Errors
/// When the database does not take it.
pub fn revoke(connection: &mut Connection, id: i64) -> SqlResult<bool> {
    let sql = "UPDATE keys SET revoked_ms = ?2 WHERE id = ?1 AND revoked_ms IS NULL";
    Ok(connection.execute(sql, &[&id, &clock::now_ms()])? > 0)
}

/// All keys, revoked ones too.
///
/// # Errors
/// When the database cannot be read.
pub fn all(connection: &mut Connection) -> SqlResult<Vec<KeyRecord>> {
    let sql = "SELECT id, name, roles, sha256, created_ms, expires_ms, revoked_ms \
               FROM keys ORDER BY id";
    connection.query(sql, &[], |row| {
        let sha256 = row.get::<Vec<u8>>(3)?.try_into();
        Ok(KeyRecord {
            id: row.get(0)?,
            name: row.get(1)?,
            roles: row.get(2)?,
            sha256: sha256.map_err(|_| SqlError::Value("the hash of a key"))?,
            created_ms: row.get(4)?,
            expires_ms: row.get(5)?,
            revoked_ms: row.get(6)?,
        })
    })
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
