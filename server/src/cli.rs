//! The options of `churn`, and what is said when they are wrong.

use std::process::ExitCode;

use churn_core::{ErrorCode, Result};
use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::command::{
    BackupArgs, DeployArgs, EraseArgs, EvaluateArgs, ExperimentArgs, ExplainArgs, IngestArgs,
    JobArgs, KeyArgs, LineageArgs, MlflowArgs, ModelArgs, PruneArgs, RestoreArgs, RetrainArgs,
    RunArgs, ScoreArgs, ServeArgs, SimulateArgs, TableArgs, TrainArgs,
};
use crate::terminal::say;

/// Exit code for wrong input of any kind.
const WRONG_INPUT: u8 = 2;

/// Exit code after Ctrl-C, as a shell gives it.
const INTERRUPTED: u8 = 130;

/// Which customers will leave, and why.
///
/// Trains a churn model from a CSV file, measures it, scores customers, explains
/// every score, and serves the explorer to the browser.
#[derive(Debug, Parser)]
#[command(
    name = "churn",
    version,
    arg_required_else_help = true,
    after_help = "Start with `churn train customers.csv --out model.json`; `churn help train` tells more.\n\
                  Wrong input ends with one line on standard error and exit code 2."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `churn` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train a model from customers whose outcome is known.
    Train(TrainArgs),
    /// Train many models, one for each choice of a grid.
    Experiment(ExperimentArgs),
    /// Find the runs of experiments, look into them, compare them.
    Run(RunArgs),
    /// Measure how good a model is on customers whose outcome is known.
    Evaluate(EvaluateArgs),
    /// Give every customer a probability of leaving and a decision.
    Score(ScoreArgs),
    /// Say for every customer what drives the probability.
    Explain(ExplainArgs),
    /// Put files or a query's rows into a table, as a new version.
    Ingest(IngestArgs),
    /// List tables, look into one, compare two versions.
    Table(TableArgs),
    /// Have a server do things by itself: at times of the clock, or after each other.
    Job(JobArgs),
    /// Put a model where the server answers from.
    Deploy(DeployArgs),
    /// Keep builds of a model, name them, and say which of them answers.
    Model(ModelArgs),
    /// Tell what came from what: from a file to the predictions of a model.
    Lineage(LineageArgs),
    /// Send runs and versions to an MLflow server, and tell which wait.
    Mlflow(MlflowArgs),
    /// Look after a model by rules, and train it anew
    Retrain(RetrainArgs),
    /// Make, list and revoke the server's API keys.
    Key(KeyArgs),
    /// Write all data of the server to one file.
    Backup(BackupArgs),
    /// Put a backup where a server can use it.
    Restore(RestoreArgs),
    /// Erase what is older than some days.
    Prune(PruneArgs),
    /// Erase predictions by their uuids.
    Erase(EraseArgs),
    /// Serve the explorer to the browser, and the API.
    Serve(ServeArgs),
    /// Let customers ask a running server, drifting away if wanted.
    Simulate(SimulateArgs),
}

/// Exit code of a command; an error is told in one line.
pub fn exit_code(result: Result<()>) -> ExitCode {
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    say(format_args!("error: {error}"));
    ExitCode::from(match error.code {
        ErrorCode::Cancelled => INTERRUPTED,
        _ => WRONG_INPUT,
    })
}

/// Prints help and version as they are, and a usage error in one line.
pub fn explain_usage(usage: &clap::Error) -> ExitCode {
    match usage.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // Nothing is left to say when nobody listens.
            let _ = usage.print();
            ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(WRONG_INPUT))
        }
        _ => {
            say(in_one_line(&usage.to_string()));
            ExitCode::from(WRONG_INPUT)
        }
    }
}

/// What clap says, up to the usage and the pointer to the help, as one line.
pub(crate) fn in_one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let telling = lines
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"))
        .filter(|line| !line.is_empty());
    telling.collect::<Vec<&str>>().join(" ")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn options_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn usage_errors_take_one_line() {
        let text = "error: invalid value 'x' for '--solver <SOLVER>'\n  \
                    [possible values: a, b]\n\nFor more information, try '--help'.\n";
        assert_eq!(
            in_one_line(text),
            "error: invalid value 'x' for '--solver <SOLVER>' [possible values: a, b]"
        );
    }
}
