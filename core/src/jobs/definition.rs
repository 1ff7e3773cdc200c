//! What a job does, and when: a TOML file or a request.

use serde::{Deserialize, Serialize};

use crate::whole::{whole, whole_or_null};

/// Most retries of a run.
pub const MOST_RETRIES: u32 = 20;

/// Longest pause before the first retry, in seconds.
pub const LONGEST_BACKOFF_S: u32 = 3600;

/// Longest time limit, in seconds: a week.
pub const LONGEST_LIMIT_S: u32 = 604_800;

/// A job as it is defined: by a TOML file or a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JobDefinition {
    /// Its name.
    #[cfg_attr(
        feature = "openapi",
        schema(max_length = 100, pattern = "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$")
    )]
    pub name: String,
    /// When it runs; by hand alone if nothing is said.
    #[serde(default)]
    pub schedule: Schedule,
    /// What becomes of a time at which it could not run.
    #[serde(default)]
    pub missed: Missed,
    /// How often a run that fails is tried again.
    #[serde(default, deserialize_with = "whole")]
    #[cfg_attr(feature = "openapi", schema(maximum = 20))]
    pub retries: u32,
    /// Seconds before the first retry; each later one waits twice as long as the one
    /// before it, up to an hour.
    #[serde(default = "backoff_s", deserialize_with = "whole")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3600))]
    pub backoff_s: u32,
    /// Seconds that one try may take.
    #[serde(default = "limit_s", deserialize_with = "whole")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 604_800))]
    pub limit_s: u32,
    /// What is to be done.
    pub work: JobWork,
}

fn backoff_s() -> u32 {
    30
}

fn limit_s() -> u32 {
    3600
}

/// When a job runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// When somebody says so.
    #[default]
    Manual,
    /// At times of the clock in a zone.
    Cron(Cron),
    /// Whenever another job has succeeded: its name.
    After(String),
}

/// Times of the clock in a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Cron {
    /// Minute, hour, day of the month, month, day of the week, such as `0 2 * * *`;
    /// a sixth field before them is the second.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub expression: String,
    /// Name of the zone in the IANA database, such as `Europe/Berlin`.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub zone: String,
}

/// What becomes of a time at which a job could not run, since no server did or the
/// run before was not done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// It runs as soon as it can: once, however many times were missed.
    #[default]
    RunOnce,
    /// It does not run; the next time counts.
    Skip,
}

/// What a job does: one of the commands of `churn`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum JobWork {
    /// Puts files or the rows of a query into a table, as its next version.
    Ingest {
        /// Name of the table.
        table: String,
        /// CSV and Parquet files, or folders of them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "openapi", schema(max_items = 100))]
        sources: Vec<String>,
        /// The rows of this query instead.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        query: Option<String>,
        /// What to ask: a SQLite file, or the address of a PostgreSQL database without
        /// a password.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        from: Option<String>,
        /// What to ask, as a variable of the server's environment has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        from_env: Option<String>,
        /// Columns and their kinds: a JSON file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        schema: Option<String>,
    },
    /// Trains a model and adds it to the builds of its name.
    Train {
        /// The customers: a table's newest version, or `NAME@VERSION`.
        table: String,
        /// Those of its rows alone for which this holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        selection: Option<String>,
        /// Column to predict.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        target: Option<String>,
        /// Column that identifies a customer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        id: Option<String>,
        /// Class of the target that means leaving.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        positive: Option<String>,
        /// Inverse of the penalty: smaller is simpler.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        c: Option<f64>,
        /// Choose C by cross-validation with so many folds instead.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "whole_or_null"
        )]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        cv: Option<u32>,
        /// Give both classes the same weight in total.
        #[serde(default)]
        balanced: bool,
        /// Name of the model.
        model: String,
        /// Alias of the new build, such as `challenger`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        alias: Option<String>,
    },
    /// Trains a model for each choice of a grid, as an experiment that has the name
    /// and the number of the run.
    Experiment {
        /// The customers: a table's newest version, or `NAME@VERSION`.
        table: String,
        /// Those of its rows alone for which this holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        selection: Option<String>,
        /// Column to predict.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        target: Option<String>,
        /// Column that identifies a customer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        id: Option<String>,
        /// Class of the target that means leaving.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        positive: Option<String>,
        /// What is tried: TOML, as `churn experiment` reads it, without a name.
        #[cfg_attr(feature = "openapi", schema(max_length = 100000))]
        grid: String,
    },
    /// Gives every customer of a table a probability and a decision.
    Score {
        /// The customers: a table's newest version, or `NAME@VERSION`.
        table: String,
        /// Those of its rows alone for which this holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        selection: Option<String>,
        /// The model: what answers for it, or `NAME@VERSION`, `NAME@ALIAS`.
        model: String,
        /// How many reasons to give for each customer.
        #[serde(default, deserialize_with = "whole")]
        reasons: u32,
        /// File of the scores: Parquet if its name ends in `.parquet`, CSV otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        out: Option<String>,
        /// Table for them instead, in the PostgreSQL database that the server's
        /// environment names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        into: Option<String>,
        /// Put the table in the place of one that is there.
        #[serde(default)]
        replace: bool,
    },
    /// Measures a model on the customers of a table whose outcome is known.
    Evaluate {
        /// The customers: a table's newest version, or `NAME@VERSION`.
        table: String,
        /// Those of its rows alone for which this holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(nullable = false))]
        selection: Option<String>,
        /// The model: what answers for it, or `NAME@VERSION`, `NAME@ALIAS`.
        model: String,
    },
    /// Looks at a model by its rules, and trains it anew where they say so.
    Retrain {
        /// Name of the model.
        model: String,
    },
    /// Writes all data to a new file.
    Backup {
        /// Folder of the files, which have the name and the number of the run.
        folder: String,
    },
}

impl JobWork {
    /// Its kind, as it is written.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Ingest { .. } => "ingest",
            Self::Train { .. } => "train",
            Self::Experiment { .. } => "experiment",
            Self::Score { .. } => "score",
            Self::Evaluate { .. } => "evaluate",
            Self::Retrain { .. } => "retrain",
            Self::Backup { .. } => "backup",
        }
    }

    /// The fields that name files, folders or databases: who may not see those of
    /// the server may not define such a job.
    pub fn place(&self) -> Option<&'static str> {
        match self {
            Self::Ingest { .. } => Some("sources"),
            Self::Score { .. } => Some("out"),
            Self::Backup { .. } => Some("folder"),
            Self::Train { .. }
            | Self::Experiment { .. }
            | Self::Evaluate { .. }
            | Self::Retrain { .. } => None,
        }
    }
}
