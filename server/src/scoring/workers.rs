//! The same work on many things, on several threads; the results in order.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, Scope};

use churn_core::{Error, ErrorCode, Result};

/// Things that wait for each thread.
const AHEAD: usize = 2;

/// Threads that take turns.
#[derive(Debug)]
pub struct Workers<I, O> {
    lines: Vec<(SyncSender<I>, Receiver<O>)>,
    sent: usize,
    taken: usize,
}

impl<I: Send, O: Send> Workers<I, O> {
    /// Starts so many threads.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn start<'scope, 'env>(
        scope: &'scope Scope<'scope, 'env>,
        work: &'env (impl Fn(I) -> O + Sync),
        count: usize,
    ) -> Result<Self>
    where
        I: 'scope,
        O: 'scope,
    {
        let line = |_| {
            let (sender, waiting) = sync_channel(AHEAD);
            let (finished, receiver) = sync_channel(AHEAD);
            let run = move || {
                for thing in waiting {
                    if finished.send(work(thing)).is_err() {
                        return;
                    }
                }
            };
            let started = Builder::new().spawn_scoped(scope, run);
            started.map_err(|error| {
                Error::new(ErrorCode::Io, format!("cannot start a thread: {error}"))
            })?;
            Ok((sender, receiver))
        };
        Ok(Self {
            lines: (0..count.max(1)).map(line).collect::<Result<_>>()?,
            sent: 0,
            taken: 0,
        })
    }

    /// Whether a thing can be sent without waiting long.
    pub fn has_room(&self) -> bool {
        self.sent - self.taken < AHEAD * self.lines.len()
    }

    /// Gives a thing to the thread whose turn it is.
    ///
    /// # Errors
    /// When that has broken down.
    pub fn send(&mut self, thing: I) -> Result<()> {
        let (sender, _) = &self.lines[self.sent % self.lines.len()];
        self.sent += 1;
        sender.send(thing).map_err(|_| broken())
    }

    /// The next result, of the thing sent first; nothing when all were taken.
    ///
    /// # Errors
    /// When its thread has broken down.
    pub fn take(&mut self) -> Result<Option<O>> {
        if self.taken == self.sent {
            return Ok(None);
        }
        let (_, receiver) = &self.lines[self.taken % self.lines.len()];
        self.taken += 1;
        receiver.recv().map(Some).map_err(|_| broken())
    }
}

fn broken() -> Error {
    Error::new(ErrorCode::Numeric, "scoring broke off")
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn results_come_in_order() -> Result<()> {
        let square = |x: usize| x * x;
        for count in [1, 3] {
            let squares = thread::scope(|scope| -> Result<Vec<usize>> {
                let mut workers = Workers::start(scope, &square, count)?;
                let (mut next, mut squares) = (0, Vec::new());
                loop {
                    while next < 100 && workers.has_room() {
                        workers.send(next)?;
                        next += 1;
                    }
                    match workers.take()? {
                        Some(result) => squares.push(result),
                        None => return Ok(squares),
                    }
                }
            })?;
            assert!(squares.into_iter().eq((0..100).map(|x| x * x)));
        }
        Ok(())
    }
}
