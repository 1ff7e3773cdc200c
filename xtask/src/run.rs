//! `cargo xtask run`: the explorer in the browser, from a fresh clone.

use anyhow::Result;

use crate::process::{command, run as run_command};
use crate::terminal::step;
use crate::{site, workspace};

/// Where the explorer is served unless the user says otherwise.
pub const DEFAULT_ADDR: &str = "127.0.0.1:8080";

/// Builds the site and serves it until interrupted, with an API that needs no
/// key; the server says so.
pub fn run(addr: &str) -> Result<()> {
    let site = site::build()?;
    step(&format!("Churn Explorer: http://{addr}/ (Ctrl-C stops it)"));
    let dist = workspace::dist();
    run_command(
        command(site.churn)
            .args(["serve", "--open", "--addr", addr, "--static"])
            .arg(&dist)
            .arg("--model")
            .arg(dist.join("model.json"))
            .arg("--data-dir")
            .arg(workspace::root().join("target/churn-data"))
            .current_dir(workspace::root()),
    )
}
