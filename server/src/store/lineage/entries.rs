//! What lineage files say of models.

use std::collections::BTreeMap;

use super::json;
use crate::clock;
use crate::store::connection::{Row, Value};
use crate::store::{Connection, SqlError, SqlResult};

/// What a lineage file says of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRecord {
    /// Name of the model.
    pub model: String,
    /// Qualified names of Hive tables.
    pub tables: Vec<String>,
    /// What else it says, by name.
    pub metadata: BTreeMap<String, String>,
    /// Name of the file.
    pub file: String,
    /// Hash of the file.
    pub sha256: String,
    /// Who read it, where that is known.
    pub made_by: Option<String>,
    /// When it was read, in milliseconds since 1970.
    pub created_ms: i64,
}

/// Keeps what a lineage file says of a model.
///
/// # Errors
/// When the database does not take it.
pub fn add(connection: &mut Connection, entry: &EntryRecord) -> SqlResult<()> {
    let text = |made: serde_json::Result<String>| made.map_err(|_| SqlError::Value("an entry"));
    let tables = text(serde_json::to_string(&entry.tables))?;
    let metadata = text(serde_json::to_string(&entry.metadata))?;
    let values: [&dyn Value; 7] = [
        &entry.model,
        &tables,
        &metadata,
        &entry.file,
        &entry.sha256,
        &entry.made_by,
        &clock::now_ms(),
    ];
    let sql = "INSERT INTO lineage_entries \
         (model, tables, metadata, file, sha256, made_by, created_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    connection.execute(sql, &values).map(drop)
}

/// What is in force of what lineage files said, in order of the models.
///
/// # Errors
/// When the database cannot be read.
pub fn all(connection: &mut Connection) -> SqlResult<Vec<EntryRecord>> {
    let sql = "SELECT model, tables, metadata, file, sha256, made_by, created_ms \
         FROM lineage_entries e WHERE NOT EXISTS (SELECT 1 FROM lineage_entries n \
         WHERE n.model = e.model AND n.id > e.id) ORDER BY model";
    connection.query(sql, &[], entry)
}

fn entry(row: &Row<'_>) -> SqlResult<EntryRecord> {
    Ok(EntryRecord {
        model: row.get(0)?,
        tables: json(&row.get::<String>(1)?)?,
        metadata: json(&row.get::<String>(2)?)?,
        file: row.get(3)?,
        sha256: row.get(4)?,
        made_by: row.get(5)?,
        created_ms: row.get(6)?,
    })
}
