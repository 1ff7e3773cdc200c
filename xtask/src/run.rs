//! `cargo xtask run`: the explorer in the browser, from a fresh clone.

use anyhow::Result;

use crate::process::{command, run as run_command};
use crate::terminal::step;
use crate::{site, workspace};

/// Where the explorer is served unless the user says otherwise.
pub const DEFAULT_ADDR: &str = "127.0.0.1:8080";

/// Builds the site and serves it until interrupted.
pub fn run(addr: &str) -> Result<()> {
    let site = site::build()?;
    step(&format!("Churn Explorer: http://{addr}/ (Ctrl-C stops it)"));
    run_command(
        command(site.churn)
            .args(["serve", "--addr", addr, "--static"])
            .arg(workspace::dist())
            .current_dir(workspace::root()),
    )
}
