//! Sending beside other work, which never waits for it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use churn_core::{Error, ErrorCode, Result};

use super::sending::{Which, send};
use super::server;
use crate::store::Place;
use crate::store::outbox::Peer;

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
    /// Starts sending to the server of an address, which is checked. `gather` is called
    /// before each time, to put what is new in the outbox; whether something is to be
    /// sent.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for an address that is none, and when no thread can
    /// be started.
    pub fn start(
        place: Place,
        peer: Peer,
        uri: &str,
        mut gather: impl FnMut(&Place) -> Result<bool> + Send + 'static,
    ) -> Result<Self> {
        server(peer, uri)?;
        let (nudge, nudged) = sync_channel(1);
        let thread = thread::Builder::new().name("telling".into());
        let thread = thread.spawn(move || keep_sending(&place, peer, &nudged, &mut gather));
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
        ended.unwrap_or_else(|_| Err(Error::new(ErrorCode::Io, "sending broke off")))
    }
}

fn keep_sending(
    place: &Place,
    peer: Peer,
    nudged: &Receiver<()>,
    gather: &mut dyn FnMut(&Place) -> Result<bool>,
) -> Result<Option<String>> {
    loop {
        match nudged.recv_timeout(LOOK) {
            Err(RecvTimeoutError::Disconnected) => {
                gather(place)?;
                return send(place, peer, Which::All);
            }
            // What is in the way of it now may not be at the end.
            Ok(()) | Err(RecvTimeoutError::Timeout) => {
                if gather(place).is_ok_and(|is_due| is_due) {
                    drop(send(place, peer, Which::Due));
                }
            }
        }
    }
}
