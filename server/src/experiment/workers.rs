//! Runs at the same time, as many as there are workers. One thread, the caller's,
//! has the store.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use churn_core::progress::Progress;
use churn_core::{Error, ErrorCode, Result};

use super::choice::Choice;
use super::ground::Ground;
use super::trial;
use crate::store::runs::RunResult;

/// How long nothing may happen until the caller is asked whether to go on.
const PATIENCE: Duration = Duration::from_millis(100);

/// A run to do: its number in the store, and its choice.
pub type Job = (i64, Choice);

/// What happens to runs, told to the thread that has the store.
#[derive(Debug)]
pub enum Event {
    /// One is begun.
    Begun(i64),
    /// One has ended.
    Ended(i64, Box<Result<RunResult>>),
}

/// Does all jobs, some at a time. `on_event` is called for what happens, on the caller's thread;
/// a run begins when it has returned. `go_on` is asked often.
///
/// # Errors
/// Those of `on_event`; [`ErrorCode::Cancelled`] when `go_on` says no: runs that
/// are under way are left behind then.
pub fn work(
    ground: Ground,
    jobs: Vec<Job>,
    workers: usize,
    mut on_event: impl FnMut(Event) -> Result<()>,
    mut go_on: impl FnMut() -> ControlFlow<()>,
) -> Result<()> {
    let count = workers.min(jobs.len());
    let stop = Arc::new(AtomicBool::new(false));
    let ground = Arc::new(ground);
    let waiting = Arc::new(Mutex::new(jobs.into_iter()));
    let (tell, told) = channel();
    for _ in 0..count {
        let (ground, waiting) = (Arc::clone(&ground), Arc::clone(&waiting));
        let (tell, stop) = (tell.clone(), Arc::clone(&stop));
        let worker = move || {
            let next = || {
                waiting
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .next()
            };
            while let Some((id, choice)) = next() {
                let (may_begin, begins) = channel();
                if tell.send((Event::Begun(id), Some(may_begin))).is_err() || begins.recv().is_err()
                {
                    return;
                }
                let mut on_progress = |_: Progress| match stop.load(Relaxed) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                };
                // A library that panics ends one run, not all of them.
                let run = || trial::run(&ground, &choice, &mut on_progress);
                let ended = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
                    Err(Error::new(ErrorCode::Numeric, "the training broke down"))
                });
                if tell
                    .send((Event::Ended(id, Box::new(ended)), None))
                    .is_err()
                {
                    return;
                }
            }
        };
        let started = thread::Builder::new().spawn(worker);
        started.map_err(|error| Error::new(ErrorCode::Io, error.to_string()))?;
    }
    drop(tell);
    loop {
        match told.recv_timeout(PATIENCE) {
            Ok((event, may_begin)) => {
                let done = on_event(event);
                if done.is_err() {
                    stop.store(true, Relaxed);
                }
                done?;
                if let Some(may_begin) = may_begin {
                    // A worker that has gone needs no answer.
                    let _ = may_begin.send(());
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        if go_on().is_break() {
            stop.store(true, Relaxed);
            return Err(Error::cancelled());
        }
    }
}
