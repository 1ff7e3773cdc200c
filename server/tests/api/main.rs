//! The server, as its clients and those who run it meet it: a real process, a
//! real socket, a real file. `../postgresql` runs the same tests on PostgreSQL.
#![allow(clippy::print_stdout, reason = "tests print what they measured")]

mod backup;
mod client;
mod disk;
mod durability;
mod erasure;
mod labels;
mod model;
mod operation;
#[path = "../cli/program.rs"]
mod program;
mod project;
mod safety;
mod server;
mod workshop;

/// Why a test failed.
type Failure = Box<dyn std::error::Error>;

/// Data are in the folder.
fn place(_: &str) -> Result<Option<[String; 2]>, Failure> {
    Ok(None)
}
