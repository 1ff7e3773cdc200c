//! The server, as its clients and those who run it meet it: a real process, a
//! real socket, a real file. `../postgresql` runs the same tests on PostgreSQL.
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and prints what it measured"
)]

mod backup;
mod callers;
mod client;
mod clock;
mod crowd;
mod disk;
mod durability;
mod erasure;
mod experiments;
mod faults;
mod forgery;
mod jobs;
#[path = "../../../tests/it/json_mutation.rs"]
mod json_mutation;
mod labels;
mod lineage;
mod lineage_peers;
mod lineage_telling;
mod model;
mod monitoring;
mod operation;
#[path = "../cli/program.rs"]
mod program;
mod project;
mod registry;
mod request_property;
mod requests;
mod retraining;
mod safety;
mod server;
mod session;
mod slow;
mod tables;
mod workshop;

/// Why a test failed.
type Failure = Box<dyn std::error::Error>;

/// Data are in the folder.
fn place(_: &str) -> Result<Option<[String; 2]>, Failure> {
    Ok(None)
}
