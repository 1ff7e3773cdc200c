//! Jobs and how they went: the shapes of a server's answers, which the page and the
//! command line read. [`definition`]: what is to be done, and when.

pub mod definition;

use serde::{Deserialize, Serialize};

pub use definition::{
    Cron, JobDefinition, JobWork, LONGEST_BACKOFF_S, LONGEST_LIMIT_S, MOST_RETRIES, Missed,
    Schedule,
};

/// All jobs, by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Jobs<D = JobDefinition> {
    /// By name.
    pub jobs: Vec<Job<D>>,
}

/// As much of a definition as the page tells: it need not have the code that reads
/// all of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct JobTitle {
    /// Name of the job.
    pub name: String,
    /// What is to be done.
    pub work: WorkTitle,
}

/// What a job does, in a word.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WorkTitle {
    /// Its kind.
    pub kind: String,
}

/// A job, and how it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Job<D = JobDefinition> {
    /// What is to be done, and when.
    pub definition: D,
    /// When it was added, in milliseconds since 1970.
    pub created_ms: i64,
    /// How it stands.
    pub state: JobState,
    /// Whether it runs by hand alone until it is resumed.
    pub is_paused: bool,
    /// Its schedule in words.
    pub schedule: String,
    /// The next times of the clock at which it runs, at most three.
    pub next: Vec<NextTime>,
    /// Its newest run that has ended, missed times left out.
    pub last: Option<JobRun>,
    /// Its runs that wait or are under way, the oldest first.
    pub open: Vec<JobRun>,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It does nothing now.
    Idle,
    /// A run waits for its turn, or for the next try.
    Waiting,
    /// A run is under way.
    Running,
    /// It does nothing, and runs by hand alone until it is resumed.
    Paused,
}

/// A time at which a job is to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NextTime {
    /// In milliseconds since 1970.
    pub at_ms: i64,
    /// As the clock in the job's zone has it, with that zone.
    pub local: String,
}

/// The newest runs of a job, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JobRuns {
    /// The newest first.
    pub runs: Vec<JobRun>,
}

/// A run of a job: done at its first try, or at a later one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JobRun {
    /// Its number.
    pub run: i64,
    /// Why there is one.
    pub reason: RunReason,
    /// When it was to begin, in milliseconds since 1970.
    pub due_ms: i64,
    /// How it stands.
    pub state: RunState,
    /// Before when it is not begun, or not tried again, in milliseconds since 1970.
    pub begin_ms: i64,
    /// When it ended, in milliseconds since 1970.
    pub ended_ms: Option<i64>,
    /// What was tried, the first try first.
    pub attempts: Vec<JobAttempt>,
}

/// Why there is a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunReason {
    /// Its time had come.
    Schedule,
    /// Somebody said so.
    Manual,
    /// Another job succeeded.
    After,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// For its turn, or for the next try.
    Waiting,
    /// It is under way.
    Running,
    /// It is done.
    Succeeded,
    /// No try succeeded.
    Failed,
    /// Somebody stopped it.
    Cancelled,
    /// Its time was missed, and the job says to skip it.
    Missed,
}

/// A try of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JobAttempt {
    /// When it began, in milliseconds since 1970.
    pub started_ms: i64,
    /// When it ended, in milliseconds since 1970.
    pub ended_ms: Option<i64>,
    /// How it stands.
    pub state: AttemptState,
    /// What the program ended with, where it did by itself.
    pub exit_code: Option<i64>,
    /// What it said last.
    pub result: Option<String>,
}

/// How a try stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// It is under way.
    Running,
    /// It is done.
    Succeeded,
    /// It ended with an error.
    Failed,
    /// It took too long and was ended.
    TimedOut,
    /// Somebody stopped it.
    Cancelled,
    /// The server ended under it. It is made again, and counts as no failure.
    BrokenOff,
}

/// What the tries of a run said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JobLog {
    /// Number of the run.
    pub run: i64,
    /// What each try said, the first one first.
    pub attempts: Vec<String>,
}
