//! What a real MLflow server is told, read back with MLflow's own client.
//! `../postgresql` runs the same tests on PostgreSQL.

mod access;
mod mlflow_server;
#[path = "../cli/program.rs"]
#[allow(dead_code, reason = "no model is trained here")]
mod program;
mod proxy;
mod setbacks;
mod telling;
mod told;

/// Why a test failed.
type Failure = Box<dyn std::error::Error>;

/// Data are in the folder.
fn place(_: &str) -> Result<Option<[String; 2]>, Failure> {
    Ok(None)
}
