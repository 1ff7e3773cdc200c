//! Sending beside other work, which never waits for it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use churn_core::{Error, ErrorCode, Result};

use super::sending::{Which, send};
use super::server::Server;
use crate::store::Place;

/// How long until it is looked whether something is to be tried again.
const LOOK: Duration = Duration::from_secs(1);

/// Sends what is in the outbox of a place, in a thread of its own.
#[derive(Debug)]
pub struct Sender {
    /// Closed when nothing more is to come.
    nudge: SyncSender<()>,
    thread: JoinHandle<Result<Option<String>>>,
}

impl Sender {
    /// Starts sending to the server of an address, which is checked.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for an address that is none, and when no thread can
    /// be started.
    pub fn start(place: Place, uri: &str) -> Result<Self> {
        Server::new(uri)?;
        let (nudge, nudged) = sync_channel(1);
        let thread = thread::Builder::new().name("mlflow".into());
        let thread = thread.spawn(move || keep_sending(&place, &nudged));
        let thread = thread
            .map_err(|error| Error::new(ErrorCode::Io, format!("cannot start sending: {error}")))?;
        Ok(Self { nudge, thread })
    }

    /// Says that something was added.
    pub fn nudge(&self) {
        // One that waits is as good as two.
        let _ = self.nudge.try_send(());
    }

    /// Tries once more to send what waits; why not all of it was sent, if so.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn finish(self) -> Result<Option<String>> {
        drop(self.nudge);
        let ended = self.thread.join();
        ended.unwrap_or_else(|_| Err(Error::new(ErrorCode::Io, "sending to MLflow broke off")))
    }
}

fn keep_sending(place: &Place, nudged: &Receiver<()>) -> Result<Option<String>> {
    loop {
        match nudged.recv_timeout(LOOK) {
            Err(RecvTimeoutError::Disconnected) => return send(place, Which::All),
            // What is in the way of it now may not be at the end.
            Ok(()) | Err(RecvTimeoutError::Timeout) => drop(send(place, Which::Due)),
        }
    }
}
