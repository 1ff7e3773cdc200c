//! Texts about jobs and their runs.

use churn_core::jobs::{AttemptState, JobState, RunReason, RunState};

pub const JOBS: &str = "Jobs";
pub const JOBS_NEED_SERVER: &str = "No server answers here: this page is served as plain files. \
    Jobs are what a server does by itself, at times of the clock or after each other. Start one, \
    then open its address:";
pub const WHICH_JOBS: &str = "What does the server do by itself?";
pub const JOBS_HELP: &str = "A job is one of the commands of churn. What fails is tried again as \
    the job says; two runs at most go on at a time, and one of each job.";
pub const NO_JOB: &str = "No job yet";
pub const NO_JOB_HELP: &str = "A job ingests, trains, scores, backs up: when its time comes, when \
    another job is done, or when you say so. On the server, write it to a file:";
pub const FIRST_JOB: &str = "name = \"nightly\"\n\n[schedule.cron]\nexpression = \"0 2 * * *\"\n\
    zone = \"Europe/Berlin\"\n\n[work]\nkind = \"train\"\ntable = \"customers\"\nmodel = \"churn\"\n\
    alias = \"challenger\"";
pub const ADD_JOB: &str = "churn job add nightly.toml --data-dir data";
pub const ADD_JOB_MORE: &str = "churn help job add tells the rest. It appears here at once.";
pub const JOB_HEADS: [&str; 6] = ["Job", "When", "State", "Last run", "Next", ""];
pub const RUN_NOW: &str = "Run now";
pub const PAUSE: &str = "Pause";
pub const RESUME: &str = "Resume";
pub const CANCEL_RUN: &str = "Cancel";
pub const JOB_RUN_HEADS: [&str; 6] = ["Run", "Why", "Began", "Ended", "State", "Result"];
pub const PAUSED: &str = "paused";

/// What a button does, with the job that it does it to, for those who hear it alone.
pub fn of_job(what: &str, name: &str) -> String {
    format!("{what}: {name}")
}

pub fn history_of(name: &str) -> String {
    format!("How did {name} go?")
}

pub fn said_in(run: i64) -> String {
    format!("What run {run} said")
}

pub fn attempt(number: usize) -> String {
    format!("Try {number}")
}

pub fn job_state(state: JobState) -> &'static str {
    match state {
        JobState::Idle => "Idle",
        JobState::Waiting => "Waiting",
        JobState::Running => "Running …",
        JobState::Paused => "Paused",
    }
}

pub fn run_state(state: RunState) -> &'static str {
    match state {
        RunState::Waiting => "Waiting",
        RunState::Running => "Running …",
        RunState::Succeeded => "Succeeded",
        RunState::Failed => "Failed",
        RunState::Cancelled => "Cancelled",
        RunState::Missed => "Missed",
    }
}

pub fn attempt_state(state: AttemptState) -> &'static str {
    match state {
        AttemptState::Running => "Running …",
        AttemptState::Succeeded => "Succeeded",
        AttemptState::Failed => "Failed",
        AttemptState::TimedOut => "Took too long",
        AttemptState::Cancelled => "Cancelled",
        AttemptState::BrokenOff => "Broken off",
    }
}

pub fn run_reason(reason: RunReason) -> &'static str {
    match reason {
        RunReason::Schedule => "Its time",
        RunReason::Manual => "By hand",
        RunReason::After => "After another",
    }
}
