//! The server on PostgreSQL: the tests of `../api`, each with a database of its
//! own, and what is particular to PostgreSQL.
#![allow(clippy::print_stdout, reason = "tests print what they measured")]

#[path = "../api/backup.rs"]
mod backup;
#[path = "../api/client.rs"]
mod client;
mod cluster;
#[path = "../api/durability.rs"]
mod durability;
#[path = "../api/erasure.rs"]
mod erasure;
#[path = "../api/experiments.rs"]
mod experiments;
#[path = "../api/jobs/mod.rs"]
mod jobs;
#[path = "../api/labels.rs"]
mod labels;
#[path = "../api/lineage.rs"]
mod lineage;
#[path = "../api/lineage_telling.rs"]
mod lineage_telling;
#[path = "../mlflow/mlflow_server.rs"]
#[allow(dead_code, reason = "how it is reached is no affair of the database")]
mod mlflow_server;
#[path = "../api/model.rs"]
mod model;
#[path = "../api/monitoring.rs"]
mod monitoring;
mod moving;
#[path = "../api/operation.rs"]
mod operation;
mod outage;
#[path = "../cli/program.rs"]
mod program;
#[path = "../api/project.rs"]
mod project;
#[path = "../mlflow/proxy.rs"]
mod proxy;
mod refusals;
#[path = "../api/registry.rs"]
mod registry;
#[path = "../api/retraining.rs"]
mod retraining;
#[path = "../api/safety.rs"]
mod safety;
mod score_table;
#[path = "../api/server.rs"]
mod server;
#[path = "../mlflow/setbacks.rs"]
mod setbacks;
mod table_queries;
#[path = "../api/tables.rs"]
mod tables;
#[path = "../cli/tables.rs"]
mod tables_by_hand;
#[path = "../mlflow/telling.rs"]
mod telling;
mod tls;
#[path = "../mlflow/told.rs"]
mod told;
#[path = "../api/workshop.rs"]
mod workshop;

/// Why a test failed.
type Failure = Box<dyn std::error::Error>;

/// Data are in a new database of this name.
fn place(name: &str) -> Result<Option<[String; 2]>, Failure> {
    let url = cluster::shared()?.make(name)?;
    Ok(Some(["--database-url".into(), url]))
}
