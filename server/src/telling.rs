//! Telling other servers of what happens here.
//!
//! What is to be told is in the outbox of the store, and sent from there when the
//! server can be reached: whoever is away delays nothing and misses nothing.
//!
//! * [`sending`]: from the outbox to the servers; [`sender`]: beside other work.

pub mod sender;
pub mod sending;

use std::fmt;

use churn_core::Result;

use crate::store::outbox::{Entry, Peer};
use crate::{lineage, mlflow};

pub use sender::Sender;
pub use sending::{Which, send};

/// A server that is told.
pub trait Server: fmt::Debug {
    /// Tells it what it does not have yet of an entry. How far that is, is kept.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn deliver(&self, entry: &Entry, keep: Keep<'_>) -> Result<Result<(), Trouble>>;
}

/// Keeps how far telling is.
pub type Keep<'a> = &'a mut dyn FnMut(&str) -> Result<()>;

/// The server of an address.
///
/// # Errors
/// [`ErrorCode::Parameter`](churn_core::ErrorCode::Parameter) for an address that is
/// none.
pub fn server(peer: Peer, uri: &str) -> Result<Box<dyn Server>> {
    Ok(match peer {
        Peer::Mlflow => Box::new(mlflow::Server::new(uri)?),
        Peer::OpenLineage => Box::new(lineage::Server::new(uri)?),
    })
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The server cannot be reached, does not let in, or is another one: this may be so
    /// for anything that it is asked, and change.
    Away(String),
    /// The server failed at it.
    Failed(String),
    /// It will not do it: its name of the error, and its message.
    Refused(String, String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Away(message) | Self::Failed(message) => f.write_str(message),
            Self::Refused(code, message) => write!(f, "{code}: {message}"),
        }
    }
}
