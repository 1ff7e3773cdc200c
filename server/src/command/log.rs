//! Options of `churn serve`: its log.

use std::io;

use clap::{Args, ValueEnum};

/// The log on standard error.
#[derive(Debug, Args)]
pub(super) struct Log {
    /// Form of the log on standard error
    #[arg(long = "log", value_name = "FORM", default_value = "text")]
    form: LogForm,

    /// Log every request: id, route, status and time
    #[arg(long)]
    log_requests: bool,
}

/// Forms of the log.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogForm {
    /// For people
    Text,
    /// A line of JSON per event
    Json,
}

impl Log {
    /// Starts it.
    pub fn start(&self) {
        let level = match self.log_requests {
            true => tracing::Level::DEBUG,
            false => tracing::Level::INFO,
        };
        let log = tracing_subscriber::fmt()
            .with_writer(io::stderr)
            .with_max_level(level)
            .with_target(false);
        match self.form {
            LogForm::Text => log.with_ansi(false).init(),
            LogForm::Json => log.json().flatten_event(true).init(),
        }
    }
}
