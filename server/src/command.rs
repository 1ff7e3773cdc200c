//! The commands, one file each.

mod admission;
mod backup;
mod build_name;
mod chosen_model;
pub(crate) mod columns;
mod customers;
mod data;
mod deploy;
mod erase;
mod evaluate;
mod experiment;
mod explain;
mod ingest;
mod job;
mod key;
mod lineage;
mod log;
mod mlflow;
mod model;
mod prune;
mod restore;
mod retrain;
mod run;
mod score;
mod serve;
mod simulate;
mod table;
mod train;

pub use backup::BackupArgs;
pub use data::VARIABLE;
pub use deploy::DeployArgs;
pub use erase::EraseArgs;
pub use evaluate::EvaluateArgs;
pub use experiment::ExperimentArgs;
pub use explain::ExplainArgs;
pub use ingest::IngestArgs;
pub use job::JobArgs;
pub use key::KeyArgs;
pub use lineage::LineageArgs;
pub use mlflow::MlflowArgs;
pub use model::ModelArgs;
pub use prune::PruneArgs;
pub use restore::RestoreArgs;
pub use retrain::RetrainArgs;
pub use run::RunArgs;
pub use score::ScoreArgs;
pub use serve::ServeArgs;
pub use simulate::SimulateArgs;
pub use table::TableArgs;
pub use train::TrainArgs;

use churn_core::Result;

use crate::cli::Command;

/// Runs a command to its end.
///
/// # Errors
/// Whatever is wrong with the input, to be told to the user.
pub fn run(command: Command) -> Result<()> {
    match command {
        Command::Train(args) => train::run(&args),
        Command::Experiment(args) => experiment::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Score(args) => score::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Ingest(args) => ingest::run(&args),
        Command::Table(args) => table::run(&args),
        Command::Job(args) => job::run(&args),
        Command::Deploy(args) => deploy::run(&args),
        Command::Model(args) => model::run(&args),
        Command::Lineage(args) => lineage::run(&args),
        Command::Mlflow(args) => mlflow::run(&args),
        Command::Retrain(args) => retrain::run(&args),
        Command::Key(args) => key::run(&args),
        Command::Backup(args) => backup::run(&args),
        Command::Restore(args) => restore::run(&args),
        Command::Prune(args) => prune::run(&args),
        Command::Erase(args) => erase::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Simulate(args) => simulate::run(&args),
    }
}
