//! Rows of two versions by their ids: which came, went and changed. Both sets are
//! in a database for the moment, on disk, so that memory does not grow.

use churn_core::tables::IdDifference;
use churn_core::{Error, ErrorCode, Result};
use sha2::{Digest as _, Sha256};

use super::cells::Kind;
use super::version::Version;
use crate::presets;

/// Compares the rows of two versions by their ids; nothing where no column has
/// one for each row: that of a known dataset, else the first column.
///
/// # Errors
/// When a file cannot be read.
pub fn compare(from: &Version, to: &Version) -> Result<Option<IdDifference>> {
    let Some(column) = column(from)? else {
        return Ok(None);
    };
    let common: Vec<&str> = from
        .schema
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .filter(|name| *name != column && to.schema.position(name).is_some())
        .collect();
    let failed = |error: rusqlite::Error| {
        Error::new(ErrorCode::Io, format!("ids cannot be compared: {error}"))
    };
    // Without a name it is a file for the moment.
    let database = rusqlite::Connection::open("").map_err(failed)?;
    let made = database.execute_batch(
        "CREATE TABLE a (id TEXT PRIMARY KEY, hash BLOB NOT NULL) WITHOUT ROWID; \
         CREATE TABLE b (id TEXT PRIMARY KEY, hash BLOB NOT NULL) WITHOUT ROWID; BEGIN",
    );
    made.map_err(failed)?;
    for (version, insert) in [
        (from, "INSERT OR IGNORE INTO a VALUES (?1, ?2)"),
        (to, "INSERT OR IGNORE INTO b VALUES (?1, ?2)"),
    ] {
        let names = std::iter::once(column.as_str()).chain(common.iter().copied());
        let places: Option<Vec<usize>> = names.map(|name| version.schema.position(name)).collect();
        let Some(places) = places else {
            return Ok(None);
        };
        let mut insert = database.prepare(insert).map_err(failed)?;
        let mut file = version.open()?.only(&places);
        let (mut id, mut rest) = (String::new(), String::new());
        while let Some(batch) = file.read()? {
            let rows = batch.first().map_or(0, |cells| cells.present.len());
            for row in 0..rows {
                id.clear();
                rest.clear();
                let mut cells = batch.iter().map(|cells| cells.get(row));
                if let Some(cell) = cells.next() {
                    cell.write(&mut id);
                }
                for cell in cells {
                    let start = rest.len();
                    cell.write(&mut rest);
                    // Where one ends and the next one starts.
                    rest.push_str(&format!("\u{0}{}\u{0}", rest.len() - start));
                }
                let hash = Sha256::digest(rest.as_bytes());
                let added = insert.execute((&id, &hash[..16])).map_err(failed)?;
                if id.is_empty() || added == 0 {
                    return Ok(None);
                }
            }
        }
    }
    let count = |sql: &str| {
        let count = database.query_row(sql, [], |row| row.get::<_, i64>(0));
        count.map(i64::unsigned_abs).map_err(failed)
    };
    Ok(Some(IdDifference {
        added: count("SELECT count(*) FROM b WHERE id NOT IN (SELECT id FROM a)")?,
        removed: count("SELECT count(*) FROM a WHERE id NOT IN (SELECT id FROM b)")?,
        changed: count("SELECT count(*) FROM a JOIN b ON a.id = b.id WHERE a.hash <> b.hash")?,
        column,
    }))
}

/// The column that may have an id for each row.
fn column(version: &Version) -> Result<Option<String>> {
    if let Some(preset) = presets::fitting(&version.schema.names())? {
        return Ok(Some(preset.id));
    }
    let first = version.schema.columns.first();
    let first = first.filter(|column| matches!(column.kind, Kind::Text | Kind::Integer));
    Ok(first.map(|column| column.name.clone()))
}
