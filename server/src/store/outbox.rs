//! What other servers are to be told, in the order in which it happened, and how far
//! that got. What is sent is the affair of [`crate::telling`].

use std::collections::HashSet;

use super::connection::{Row, Value};
use super::{Connection, SqlError, SqlResult};

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// MLflow servers, of runs and registered versions.
    Mlflow,
    /// Servers that take events of OpenLineage.
    OpenLineage,
}

impl Peer {
    /// What the store calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Mlflow => "mlflow",
            Self::OpenLineage => "openlineage",
        }
    }
}

/// What is to be told.
#[derive(Clone, Debug)]
pub struct NewEntry<'a> {
    /// To whom.
    pub peer: Peer,
    /// Address of the server.
    pub uri: &'a str,
    /// A name of what is told: it is added once.
    pub subject: &'a str,
    /// When it was added, in milliseconds since 1970.
    pub created_ms: i64,
    /// What is told, as JSON.
    pub message: &'a str,
    /// The model document; empty where there is none.
    pub document: &'a str,
}

/// What is to be told, and how far that got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number: a lower one is sent before.
    pub id: i64,
    /// Address of the server.
    pub uri: String,
    /// What is told, as JSON.
    pub message: String,
    /// The model document; empty where there is none.
    pub document: String,
    /// What the server has of it by now, as JSON.
    pub progress: String,
    /// Whether it was refused for good.
    pub is_refused: bool,
    /// How often it was tried in vain.
    pub attempts: i64,
    /// When it is tried again, in milliseconds since 1970.
    pub due_ms: i64,
    /// Why it was not sent when it was tried last.
    pub trouble: String,
}

/// How many entries stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Known to the server.
    pub sent: u64,
    /// To be sent.
    pub waiting: u64,
    /// Refused for good.
    pub refused: u64,
}

const COLUMNS: &str = "id, uri, message, document, progress, state, attempts, due_ms, trouble";

/// Adds what is to be told; whether it is new.
///
/// # Errors
/// When the database does not take it.
pub fn add(connection: &mut Connection, new: &NewEntry<'_>) -> SqlResult<bool> {
    let sql = "INSERT INTO outbox (uri, subject, created_ms, message, document, peer, progress, \
         state, attempts, due_ms, trouble) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', 'waiting', 0, 0, '') \
         ON CONFLICT (subject) DO NOTHING";
    let values: [&dyn Value; 6] = [
        &new.uri,
        &new.subject,
        &new.created_ms,
        &new.message,
        &new.document,
        &new.peer.name(),
    ];
    Ok(connection.execute(sql, &values)? == 1)
}

/// The first that waits behind a number.
///
/// # Errors
/// When the database cannot be read.
pub fn waiting_after(connection: &mut Connection, peer: Peer, id: i64) -> SqlResult<Option<Entry>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox WHERE peer = ?1 AND state = 'waiting' AND id > ?2 \
         ORDER BY id LIMIT 1"
    );
    connection.first(&sql, &[&peer.name(), &id], entry)
}

/// Whether something waits for a peer that may be tried at a moment.
///
/// # Errors
/// When the database cannot be read.
pub fn is_due(connection: &mut Connection, peer: Peer, now_ms: i64) -> SqlResult<bool> {
    let sql =
        "SELECT id FROM outbox WHERE peer = ?1 AND state = 'waiting' AND due_ms <= ?2 LIMIT 1";
    let due = connection.first(sql, &[&peer.name(), &now_ms], |row| row.get::<i64>(0))?;
    Ok(due.is_some())
}

/// Subjects of what a server was told or is to be.
///
/// # Errors
/// When the database cannot be read.
pub fn subjects(connection: &mut Connection, peer: Peer, uri: &str) -> SqlResult<HashSet<String>> {
    let sql = "SELECT subject FROM outbox WHERE peer = ?1 AND uri = ?2";
    let subjects = connection.query(sql, &[&peer.name(), &uri], |row| row.get(0))?;
    Ok(subjects.into_iter().collect())
}

/// All that was not sent.
///
/// # Errors
/// When the database cannot be read.
pub fn unsent(connection: &mut Connection, peer: Peer) -> SqlResult<Vec<Entry>> {
    let which = "WHERE peer = ?1 AND state <> 'sent'";
    let sql = format!("SELECT {COLUMNS} FROM outbox {which} ORDER BY id");
    connection.query(&sql, &[&peer.name()], entry)
}

/// How many entries stand how.
///
/// # Errors
/// When the database cannot be read.
pub fn counts(connection: &mut Connection, peer: Peer) -> SqlResult<Counts> {
    let mut counts = Counts::default();
    let sql = "SELECT state, count(*) FROM outbox WHERE peer = ?1 GROUP BY state";
    connection.each(sql, &[&peer.name()], |row| {
        let count = row.get::<i64>(1)?.unsigned_abs();
        match row.get::<String>(0)?.as_str() {
            "sent" => counts.sent = count,
            "waiting" => counts.waiting = count,
            "refused" => counts.refused = count,
            _ => return Err(SqlError::Value("the state of what is told")),
        }
        Ok(())
    })?;
    Ok(counts)
}

/// Keeps what the server has by now.
///
/// # Errors
/// When the database does not take it.
pub fn keep(connection: &mut Connection, id: i64, progress: &str) -> SqlResult<()> {
    let sql = "UPDATE outbox SET progress = ?1 WHERE id = ?2";
    connection.execute(sql, &[&progress, &id]).map(drop)
}

/// Keeps that it was sent; what was told is not needed any more.
///
/// # Errors
/// When the database does not take it.
pub fn sent(connection: &mut Connection, id: i64) -> SqlResult<()> {
    let sql = "UPDATE outbox SET state = 'sent', message = '', document = '', trouble = '' \
         WHERE id = ?1";
    connection.execute(sql, &[&id]).map(drop)
}

/// Keeps why it was not sent, and when it is tried again: never without a moment.
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
    let due_ms = due_ms.unwrap_or_default();
    let sql = "UPDATE outbox SET state = ?1, due_ms = ?2, trouble = ?3, attempts = attempts + 1 \
         WHERE id = ?4";
    let values: [&dyn Value; 4] = [&state, &due_ms, &trouble, &id];
    connection.execute(sql, &values).map(drop)
}

/// Lets what was refused wait once more.
///
/// # Errors
/// When the database does not take it.
pub fn try_again(connection: &mut Connection, peer: Peer) -> SqlResult<()> {
    let sql = "UPDATE outbox SET state = 'waiting', attempts = 0 \
         WHERE peer = ?1 AND state = 'refused'";
    connection.execute(sql, &[&peer.name()]).map(drop)
}

/// Addresses what waits to a server, which has nothing of it yet as far as is known.
///
/// # Errors
/// When the database does not take it.
pub fn redirect(connection: &mut Connection, peer: Peer, uri: &str) -> SqlResult<()> {
    let sql = "UPDATE outbox SET uri = ?1, progress = '' \
         WHERE peer = ?2 AND state = 'waiting' AND uri <> ?1";
    connection.execute(sql, &[&uri, &peer.name()]).map(drop)
}

fn entry(row: &Row<'_>) -> SqlResult<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        uri: row.get(1)?,
        message: row.get(2)?,
        document: row.get(3)?,
        progress: row.get(4)?,
        is_refused: row.get::<String>(5)? == "refused",
        attempts: row.get(6)?,
        due_ms: row.get(7)?,
        trouble: row.get(8)?,
    })
}
