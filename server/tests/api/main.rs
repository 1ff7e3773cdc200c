//! The server, as its clients and those who run it meet it: a real process, a
//! real socket, a real file.
#![allow(clippy::print_stdout, reason = "tests print what they measured")]

mod backup;
mod client;
mod durability;
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
