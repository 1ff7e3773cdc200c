//! From the outbox to the servers.
//!
//! What is for a server goes there in the order in which it happened, so that the
//! last alias given is the last one told: what cannot be sent yet keeps what is
//! behind it, what is refused for good does not.

use std::collections::HashMap;

use churn_core::Result;

use super::{Server, Trouble, server};
use crate::clock;
use crate::store::Place;
use crate::store::outbox::{self, Peer};

/// How long until what could not be sent is tried again: doubled each time.
const AGAIN_MS: i64 = 1000;

/// The longest such time.
const LONGEST_MS: i64 = 600_000;

/// How often a server may fail at something until it counts as refused.
const MOST_FAILURES: i64 = 10;

/// What is to be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All that waits.
    All,
    /// What was not tried in vain a moment ago.
    Due,
}

/// How a server is reached.
enum Reach {
    Server(Box<dyn Server>),
    /// For a reason.
    Unusable(String),
    /// Not this time any more.
    Skipped,
}

/// Sends what waits for a peer, until a server cannot be reached; why not all of it was
/// sent, if so. Nothing is sent while another program does it.
///
/// # Errors
/// When the store cannot be read or written.
pub fn send(place: &Place, peer: Peer, which: Which) -> Result<Option<String>> {
    let mut connection = place.open()?;
    let Some(_lock) = place.take_outbox(&mut connection, peer)? else {
        return Ok(Some("another program is sending".into()));
    };
    let mut servers: HashMap<String, Reach> = HashMap::new();
    let mut trouble = None;
    let mut last = 0;
    while let Some(entry) = outbox::waiting_after(&mut connection, peer, last)? {
        last = entry.id;
        let reached = servers.entry(entry.uri.clone());
        let reached = reached.or_insert_with(|| match server(peer, &entry.uri) {
            _ if which == Which::Due && entry.due_ms > clock::now_ms() => Reach::Skipped,
            Ok(server) => Reach::Server(server),
            Err(error) => Reach::Unusable(error.to_string()),
        });
        let sent = match reached {
            Reach::Skipped => continue,
            Reach::Server(server) => server.deliver(&entry, &mut |progress| {
                Ok(outbox::keep(&mut connection, entry.id, progress)?)
            })?,
            Reach::Unusable(reason) => Err(Trouble::Away(reason.clone())),
        };
        let Err(failure) = sent else {
            outbox::sent(&mut connection, entry.id)?;
            continue;
        };
        let again = is_tried_again(&failure, entry.attempts);
        let due_ms = again.then(|| clock::now_ms() + pause_ms(entry.attempts));
        let reason = failure.to_string();
        outbox::failed(&mut connection, entry.id, &reason, due_ms)?;
        trouble = Some(reason);
        if again {
            *reached = Reach::Skipped;
        }
    }
    Ok(trouble)
}

fn is_tried_again(trouble: &Trouble, attempts: i64) -> bool {
    match trouble {
        Trouble::Away(_) => true,
        Trouble::Failed(_) => attempts + 1 < MOST_FAILURES,
        Trouble::Refused(..) => false,
    }
}

/// How long until it is tried again, in milliseconds.
fn pause_ms(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts).unwrap_or(u32::MAX).min(20);
    (AGAIN_MS << doublings).min(LONGEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_ten_minutes() {
        assert_eq!(
            [0, 1, 5, 9, 10, i64::MAX].map(pause_ms),
            [1000, 2000, 32_000, 512_000, 600_000, 600_000]
        );
    }

    #[test]
    fn only_what_a_server_refuses_is_given_up() {
        let away = Trouble::Away(String::new());
        let failed = Trouble::Failed(String::new());
        let refused = Trouble::Refused(String::new(), String::new());
        assert!(is_tried_again(&away, i64::MAX - 1));
        assert!(is_tried_again(&failed, MOST_FAILURES - 2));
        assert!(!is_tried_again(&failed, MOST_FAILURES - 1));
        assert!(!is_tried_again(&refused, 0));
    }
}
