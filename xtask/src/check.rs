//! `cargo xtask check`: what is judged without running the code.

use anyhow::Result;

use crate::process::run as run_command;
use crate::terminal::step;
use crate::toolchain::Toolchain;

/// Each check: what it is called, and its call of cargo.
const CHECKS: [(&str, &[&str]); 5] = [
    ("format", &["fmt", "--all", "--check"]),
    (
        "clippy, native",
        &[
            "clippy",
            "--workspace",
            "--exclude=churn-app",
            "--all-targets",
            "--all-features",
            "--",
            "--deny=warnings",
        ],
    ),
    (
        "clippy, the page as wasm",
        &[
            "clippy",
            "--package=churn-app",
            "--target=wasm32-unknown-unknown",
            "--",
            "--deny=warnings",
        ],
    ),
    (
        "clippy, the core as wasm",
        &[
            "clippy",
            "--package=churn-core",
            "--target=wasm32-unknown-unknown",
            "--",
            "--deny=warnings",
        ],
    ),
    (
        "documentation",
        &[
            "doc",
            "--workspace",
            "--exclude=churn-app",
            "--all-features",
            "--no-deps",
            "--document-private-items",
        ],
    ),
];

/// Runs every check; the first that fails ends it.
pub fn run() -> Result<()> {
    let toolchain = Toolchain::prepare()?;
    for (name, args) in CHECKS {
        step(&format!("check: {name}"));
        let mut cargo = toolchain.cargo();
        run_command(cargo.args(args).env("RUSTDOCFLAGS", "--deny=warnings"))?;
    }
    Ok(())
}
