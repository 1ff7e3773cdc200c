//! The program `churn`.

use std::process::ExitCode;

use churn_server::cli::{self, Cli};
use churn_server::command;
use clap::Parser as _;

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => cli::exit_code(command::run(cli.command)),
        Err(usage) => cli::explain_usage(&usage),
    }
}
