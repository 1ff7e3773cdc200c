//! Begins what is due, and keeps how it ended: a thread of a running server.
//!
//! Only the server that has the data ([`Place::take`](crate::store::Place::take)) has
//! one. What another server left under way is taken up when the lock of its job is
//! free: that try was broken off, and is made again.

use std::collections::HashMap;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use churn_core::jobs::AttemptState;
use churn_core::{Error, ErrorCode, Result};
use tokio::runtime::Handle;

use super::child::{Launcher, Order, conduct};
use super::said::Ear;
use crate::api::Api;
use crate::auth::REFRESH;
use crate::clock::now_ms;
use crate::store::StoreError;
use crate::store::job_runs::{self, Claimed, Ended, Running};

/// Most runs at a time, of all jobs: each may use every core.
pub const MOST: usize = 2;

/// How often what a try has said is kept while it goes on.
const KEEPING: Duration = Duration::from_secs(2);

/// How long the end of tries is waited for when the server ends.
const ENDING: Duration = Duration::from_secs(15);

/// The thread that begins what is due.
#[derive(Debug)]
pub struct Scheduler {
    is_ending: Arc<AtomicBool>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// A try of this server.
struct Trying {
    order: Arc<Order>,
    ear: Ear,
    kept: Instant,
    length: usize,
}

struct Watch {
    api: Arc<Api>,
    runtime: Handle,
    launcher: Launcher,
    trying: HashMap<i64, Trying>,
    ends: Sender<(i64, Ended)>,
    ended: Receiver<(i64, Ended)>,
    /// Ends that the store has not taken yet.
    untold: Vec<(i64, Ended)>,
    is_failing: bool,
}

impl Scheduler {
    /// Starts it.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(api: Arc<Api>, runtime: Handle, launcher: Launcher) -> Result<Self> {
        let is_ending = Arc::new(AtomicBool::new(false));
        let (ends, ended) = channel();
        let mut watch = Watch {
            api,
            runtime,
            launcher,
            trying: HashMap::new(),
            ends,
            ended,
            untold: Vec::new(),
            is_failing: false,
        };
        let flag = Arc::clone(&is_ending);
        let thread = thread::Builder::new().name("jobs".into());
        let thread = thread.spawn(move || {
            while !flag.load(Relaxed) {
                watch.look();
                sleep(REFRESH);
            }
            watch.end();
        });
        let thread = thread
            .map_err(|error| Error::new(ErrorCode::Io, format!("cannot start jobs: {error}")))?;
        Ok(Self {
            is_ending,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Ends the tries under way, which the next server makes again.
    pub fn stop(&self) {
        self.is_ending.store(true, Relaxed);
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = thread.take() {
            // It has nothing to say.
            let _ = thread.join();
        }
    }
}

impl Watch {
    /// One look: what ended, what is to be stopped, what is to be begun.
    fn look(&mut self) {
        let looked = self.act();
        if let (Err(error), false) = (&looked, self.is_failing) {
            let reason = error.to_string();
            tracing::error!(reason, "jobs cannot be looked after");
        }
        self.is_failing = looked.is_err();
    }

    fn act(&mut self) -> std::result::Result<(), StoreError> {
        self.tell_ends()?;
        let now = now_ms();
        let outlook = self
            .api
            .store
            .jobs(|connection| job_runs::outlook(connection, now))?;
        for running in &outlook.running {
            match self.trying.get(&running.attempt) {
                Some(trying) if running.is_cancelled => trying.order.cancel(),
                Some(_) => {}
                None => self.take_up(*running)?,
            }
        }
        self.keep_logs()?;
        if outlook.is_due && self.trying.len() < MOST {
            let claimed = self
                .runtime
                .block_on(self.api.store.change_jobs(move |connection| {
                    job_runs::plan(connection, now)?;
                    job_runs::claim(connection, now, MOST)
                }))?;
            claimed.into_iter().for_each(|claimed| self.begin(claimed));
        }
        Ok(())
    }

    /// Gives up a try of another server, once that is surely at no work any more.
    fn take_up(
        &self,
        Running {
            attempt,
            job,
            is_cancelled,
        }: Running,
    ) -> std::result::Result<(), StoreError> {
        let unreadable = |error: Error| StoreError::Unreadable(error.to_string());
        let held = self.api.store.place().take_job(job).map_err(unreadable)?;
        let Some(_held) = held else { return Ok(()) };
        let state = match is_cancelled {
            true => AttemptState::Cancelled,
            false => AttemptState::BrokenOff,
        };
        tracing::info!(attempt, "a job was broken off");
        let ended = Ended {
            state,
            exit_code: None,
            result: "the server ended".into(),
            log: String::new(),
        };
        self.finish(attempt, ended)
    }

    fn finish(&self, attempt: i64, ended: Ended) -> std::result::Result<(), StoreError> {
        let finish = self.api.store.change_jobs(move |connection| {
            job_runs::finish(connection, attempt, &ended, now_ms()).map(drop)
        });
        self.runtime.block_on(finish)
    }

    /// Keeps how tries ended, as soon as the store takes it.
    fn tell_ends(&mut self) -> std::result::Result<(), StoreError> {
        self.untold.extend(self.ended.try_iter());
        let mut untold = mem::take(&mut self.untold).into_iter();
        while let Some((attempt, ended)) = untold.next() {
            if let Err(error) = self.finish(attempt, ended.clone()) {
                self.untold.push((attempt, ended));
                self.untold.extend(untold);
                return Err(error);
            }
            self.trying.remove(&attempt);
        }
        Ok(())
    }

    /// Keeps what tries have said by now, for who looks on.
    fn keep_logs(&mut self) -> std::result::Result<(), StoreError> {
        for (&attempt, trying) in &mut self.trying {
            if trying.kept.elapsed() < KEEPING {
                continue;
            }
            trying.kept = Instant::now();
            let log = trying.ear.said().text();
            if mem::replace(&mut trying.length, log.len()) == log.len() {
                continue;
            }
            let keep = self
                .api
                .store
                .change_jobs(move |connection| job_runs::keep_log(connection, attempt, &log));
            self.runtime.block_on(keep)?;
        }
        Ok(())
    }

    fn begin(&mut self, Claimed { attempt, run, job }: Claimed) {
        let (order, ear) = (Arc::new(Order::default()), Ear::default());
        let trying = Trying {
            order: Arc::clone(&order),
            ear: ear.clone(),
            kept: Instant::now(),
            length: 0,
        };
        self.trying.insert(attempt, trying);
        let name = job.definition.name;
        tracing::info!(job = name, run, "a job begins");
        let limit = Duration::from_secs(job.definition.limit_s.into());
        let (launcher, ends) = (self.launcher.clone(), self.ends.clone());
        let conduct = move || {
            let ended = conduct(&launcher, attempt, limit, &order, &ear);
            let (state, result) = (format!("{:?}", ended.state), ended.result.clone());
            tracing::info!(job = name, run, state, result, "a job ended");
            // Nobody listens only when the server ends.
            let _ = ends.send((attempt, ended));
        };
        if let Err(error) = thread::Builder::new().spawn(conduct) {
            let ended = Ended {
                state: AttemptState::Failed,
                exit_code: None,
                result: format!("cannot start: {error}"),
                log: String::new(),
            };
            self.untold.push((attempt, ended));
        }
    }

    /// Ends all tries and keeps that; what cannot be kept is found by the next server.
    fn end(&mut self) {
        self.trying
            .values()
            .for_each(|trying| trying.order.break_off());
        let start = Instant::now();
        while !self.trying.is_empty() && start.elapsed() < ENDING {
            if self.tell_ends().is_err() {
                return;
            }
            sleep(Duration::from_millis(20));
        }
    }
}
