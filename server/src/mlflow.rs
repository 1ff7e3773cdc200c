//! Telling MLflow servers of runs and registered versions: whoever keeps their
//! experiments there sees those made here.
//!
//! What is to be told is put in the outbox of the store ([`add`]), in the
//! transaction of what it tells of, and sent from there when the server can be
//! reached ([`crate::telling`]). Sending may end anywhere and goes on from there:
//! nothing is told twice, whatever is lost on the way.
//!
//! * [`message`]: what is told of a run; [`limits`]: what MLflow takes.
//! * [`server`]: an MLflow server's REST API, version 2.0.
//! * [`steps`]: the requests that tell it, one after the other; [`delivery`]: all of
//!   them.

pub mod delivery;
pub mod limits;
pub mod message;
pub mod server;
pub mod steps;

use churn_core::runs::Run;

use crate::clock;
use crate::store::outbox::{self, NewEntry, Peer};
use crate::store::{Connection, SqlError, SqlResult};
use message::Message;

pub use message::Registered;
pub use server::Server;

/// Puts a finished or failed run in the outbox for the server of an address, with
/// its model document and the version that it was registered as, where there are
/// any; whether that is new, as a version always is. To be called in the transaction
/// that ends the run or registers the version.
///
/// # Errors
/// When the database does not take it.
pub fn add(
    connection: &mut Connection,
    uri: &str,
    run: &Run,
    document: Option<&str>,
    registered: Option<&Registered<'_>>,
) -> SqlResult<bool> {
    let now = clock::now_ms();
    let message = Message::new(run, registered, now);
    let text = serde_json::to_string(&message);
    let text = text.map_err(|_| SqlError::Value("a run"))?;
    outbox::add(
        connection,
        &NewEntry {
            peer: Peer::Mlflow,
            uri,
            subject: &message.subject(),
            created_ms: now,
            message: &text,
            document: document.unwrap_or_default(),
        },
    )
}
