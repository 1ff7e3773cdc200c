//! Telling a server of OpenLineage, such as Marquez, what came from what.
//!
//! What is told follows from the store: an event is due from the moment that what it
//! tells of is committed, by whichever program, and is put in the outbox when it is
//! next looked ([`Gatherer`]). So there is never one without the other.

use std::collections::HashMap;
use std::{env, mem};

use axum::body::Bytes;
use axum::http::Method;
use churn_core::{Error, ErrorCode, Result};
use tokio::runtime::{Builder, Runtime};

use super::openlineage::{Event, events};
use super::records::Records;
use crate::client::Client;
use crate::clock;
use crate::store::lineage::marks;
use crate::store::outbox::{self, Entry, NewEntry, Peer};
use crate::store::{Connection, Place, SqlError};
use crate::table::folder::TableFolder;
use crate::telling::{self, Keep, Trouble};

/// Where events go, below the address of the server.
const EVENTS: &str = "/api/v1/lineage";

/// Most characters that are told of an answer.
const TOLD: usize = 200;

/// Most events that are put in the outbox at once: others wait for it meanwhile.
const BATCH: usize = 500;

/// A server that takes events of OpenLineage.
#[derive(Debug)]
pub struct Server {
    client: Client,
    runtime: Runtime,
}

impl Server {
    /// The server of an address such as `http://127.0.0.1:5000`. As with OpenLineage's
    /// own clients, the variable OPENLINEAGE_API_KEY says who tells.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for anything else.
    pub fn new(url: &str) -> Result<Self> {
        let key = env::var("OPENLINEAGE_API_KEY").ok();
        let key = key.filter(|key| !key.is_empty());
        let authorization = key.map(|key| format!("Bearer {key}"));
        let runtime = Builder::new_current_thread().enable_all().build();
        Ok(Self {
            client: Client::new("--openlineage-url", url, authorization)?,
            runtime: runtime
                .map_err(|error| Error::new(ErrorCode::Io, format!("cannot start: {error}")))?,
        })
    }

    fn post(&self, event: &str) -> Result<(), Trouble> {
        let body = Bytes::from(event.to_owned());
        let asked = self
            .client
            .ask(Method::POST, EVENTS, "application/json", body);
        let asked = self.runtime.block_on(asked);
        let (status, body) = asked.map_err(|error| Trouble::Away(error.to_string()))?;
        let said: String = String::from_utf8_lossy(&body).chars().take(TOLD).collect();
        let told = format!("{EVENTS}: {}: {}", status.as_u16(), said.trim());
        match status.as_u16() {
            200..300 => Ok(()),
            500.. => Err(Trouble::Failed(told)),
            400 | 409 | 413 | 422 => Err(Trouble::Refused(status.as_u16().to_string(), said)),
            // A server that does not let in, or is another one.
            _ => Err(Trouble::Away(told)),
        }
    }
}

impl telling::Server for Server {
    fn deliver(&self, entry: &Entry, _: Keep<'_>) -> Result<Result<(), Trouble>> {
        Ok(self.post(&entry.message))
    }
}

/// Puts events that are new in the outbox, for the server of an address.
#[derive(Debug)]
pub struct Gatherer {
    url: String,
    folder: Option<TableFolder>,
    /// Kept as long as it is good: it is looked often.
    reader: Option<Connection>,
    /// What is missing in the columns of versions: it never changes.
    missing: HashMap<String, Vec<(String, u64)>>,
    /// How far the store was when all of it was in the outbox.
    seen: Option<Vec<i64>>,
}

impl Gatherer {
    /// For the server of an address; files of tables are in the folder.
    pub fn new(url: &str, folder: Option<TableFolder>) -> Self {
        Self {
            url: url.into(),
            folder,
            reader: None,
            missing: HashMap::new(),
            seen: None,
        }
    }

    /// Looks whether something is new, and adds it; whether something is to be sent
    /// now.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn gather(&mut self, place: &Place) -> Result<bool> {
        let mut reader = match self.reader.take() {
            Some(reader) => reader,
            None => place.open_to_read()?,
        };
        // What comes meanwhile is seen the next time.
        let marks = marks(&mut reader)?;
        if self.seen.as_ref() != Some(&marks) {
            let new = self.new_events(&mut reader)?;
            self.add(&mut place.open()?, &new)?;
            self.seen = Some(marks);
        }
        let is_due = outbox::is_due(&mut reader, Peer::OpenLineage, clock::now_ms())?;
        self.reader = Some(reader);
        Ok(is_due)
    }

    fn new_events(&mut self, reader: &mut Connection) -> Result<Vec<(String, Event)>> {
        let mut records = Records::made(reader)?;
        records.missing = mem::take(&mut self.missing);
        if let Some(folder) = &self.folder {
            records.look_into(folder);
        }
        let known = outbox::subjects(reader, Peer::OpenLineage, &self.url)?;
        let events = events(&records).into_iter();
        let subjects = events.map(|event| (self.subject(&event), event));
        let is_new = |(subject, _): &(String, Event)| !known.contains(subject);
        let new = subjects.filter(is_new).collect();
        self.missing = records.missing;
        Ok(new)
    }

    fn add(&self, connection: &mut Connection, new: &[(String, Event)]) -> Result<()> {
        for batch in new.chunks(BATCH) {
            connection.transaction::<_, SqlError>(|connection| {
                for (subject, event) in batch {
                    let message = event.document.to_string();
                    let entry = NewEntry {
                        peer: Peer::OpenLineage,
                        uri: &self.url,
                        subject,
                        created_ms: clock::now_ms(),
                        message: &message,
                        document: "",
                    };
                    outbox::add(connection, &entry)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// An event is told once to each server.
    fn subject(&self, event: &Event) -> String {
        let (run, kind) = event.of;
        format!("openlineage {run} {kind} {}", self.url)
    }
}
