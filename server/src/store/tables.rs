//! Versions of tables. Their rows are in files, see [`crate::table`].

use super::connection::{Row, Value};
use super::{Connection, SqlError, SqlResult, Store, StoreError};

/// A version as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRecord {
    /// Name of the table.
    pub name: String,
    /// Version, from 1.
    pub version: u32,
    /// When it was ingested, in milliseconds since 1970.
    pub created_ms: i64,
    /// Rows in it.
    pub rows: u64,
    /// Rows of the sources that did not fit.
    pub rejected: u64,
    /// SHA-256 of the rows, in hexadecimal.
    pub content: String,
    /// SHA-256 of the file, in hexadecimal.
    pub file: String,
    /// The columns, as JSON.
    pub schema: String,
    /// Where the rows came from, as JSON.
    pub sources: String,
    /// Why rows were rejected, as JSON.
    pub reasons: String,
    /// Who ingested it, where that is known.
    pub made_by: Option<String>,
    /// Whether the rows were deleted since.
    pub deleted: bool,
}

const COLUMNS: [&str; 11] = [
    "name",
    "version",
    "created_ms",
    "rows",
    "rejected",
    "content",
    "file",
    "schema",
    "sources",
    "reasons",
    "made_by",
];

/// Adds a version; its number is that of the newest and one.
///
/// # Errors
/// When the database does not take it, or has it already.
pub fn add(connection: &mut Connection, record: &VersionRecord) -> SqlResult<()> {
    let VersionRecord {
        name,
        version,
        created_ms,
        rows,
        rejected,
        content,
        file,
        schema,
        sources,
        reasons,
        made_by,
        deleted: _,
    } = record;
    let number = |x: u64| i64::try_from(x).map_err(|_| SqlError::Value("a number of rows"));
    let (version, rows, rejected) = (i64::from(*version), number(*rows)?, number(*rejected)?);
    connection.insert(
        "table_versions",
        &COLUMNS,
        [[
            name as &dyn Value,
            &version,
            created_ms,
            &rows,
            &rejected,
            content,
            file,
            schema,
            sources,
            reasons,
            made_by,
        ]],
    )
}

/// The newest version of a table.
///
/// # Errors
/// When the database cannot be read.
pub fn newest(connection: &mut Connection, name: &str) -> SqlResult<Option<VersionRecord>> {
    let sql = select("WHERE name = ?1 ORDER BY version DESC LIMIT 1");
    connection.first(&sql, &[&name], record)
}

/// A version of a table.
///
/// # Errors
/// When the database cannot be read.
pub fn find(
    connection: &mut Connection,
    name: &str,
    version: u32,
) -> SqlResult<Option<VersionRecord>> {
    let sql = select("WHERE name = ?1 AND version = ?2");
    connection.first(&sql, &[&name, &i64::from(version)], record)
}

/// All versions of all tables, in order of names and versions.
///
/// # Errors
/// When the database cannot be read.
pub fn all(connection: &mut Connection) -> SqlResult<Vec<VersionRecord>> {
    connection.query(&select("ORDER BY name, version"), &[], record)
}

/// Whether a version has this file that was not deleted.
///
/// # Errors
/// When the database cannot be read.
pub fn has_file(connection: &mut Connection, file: &str) -> SqlResult<bool> {
    let all = connection.query(&select("WHERE file = ?1"), &[&file], record)?;
    Ok(all.iter().any(|version| !version.deleted))
}

/// Says that the rows of a version are deleted; once more changes nothing.
///
/// # Errors
/// When the database does not take it.
pub fn delete(connection: &mut Connection, name: &str, version: u32, now_ms: i64) -> SqlResult<()> {
    let sql = "INSERT INTO table_deletions (version, created_ms) \
               SELECT v.id, ?3 FROM table_versions v WHERE v.name = ?1 AND v.version = ?2 \
               AND NOT EXISTS (SELECT 1 FROM table_deletions d WHERE d.version = v.id)";
    connection.execute(sql, &[&name, &i64::from(version), &now_ms])?;
    Ok(())
}

fn select(which: &str) -> String {
    let columns = COLUMNS.join(", ");
    format!(
        "SELECT {columns}, \
         (SELECT count(*) FROM table_deletions d WHERE d.version = table_versions.id) \
         FROM table_versions {which}"
    )
}

fn record(row: &Row<'_>) -> SqlResult<VersionRecord> {
    let version = u32::try_from(row.get::<i64>(1)?);
    Ok(VersionRecord {
        name: row.get(0)?,
        version: version.map_err(|_| SqlError::Value("the version of a table"))?,
        created_ms: row.get(2)?,
        rows: row.get::<i64>(3)?.unsigned_abs(),
        rejected: row.get::<i64>(4)?.unsigned_abs(),
        content: row.get(5)?,
        file: row.get(6)?,
        schema: row.get(7)?,
        sources: row.get(8)?,
        reasons: row.get(9)?,
        made_by: row.get(10)?,
        deleted: row.get::<i64>(11)? > 0,
    })
}

impl Store {
    /// All versions of all tables, in order of names and versions.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn table_versions(&self) -> Result<Vec<VersionRecord>, StoreError> {
        self.read(all)
    }
}
