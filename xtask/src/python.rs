//! The Python environment in which the reference runs for comparison.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cache;
use crate::process::{command, executable, find, run};
use crate::terminal::step;

/// The reference's packages, every one in a fixed version.
const PACKAGES: [&str; 4] = [
    "lime==0.2.0.1",
    "numpy==2.4.6",
    "pandas==3.1.1",
    "scikit-learn==1.9.1",
];

/// In the environment: the packages that were installed completely.
const STAMP: &str = "churn-packages";

/// The Python interpreter of an environment that has the reference's packages.
pub fn prepare() -> Result<PathBuf> {
    let root = cache::root()?.join("python");
    let packages = PACKAGES.join("\n");
    let installed = fs::read_to_string(root.join(STAMP)).is_ok_and(|stamp| stamp == packages);
    // An upgrade of the system's Python may have left the environment without one.
    if installed && let Some(python) = interpreter(&root) {
        return Ok(python);
    }
    let system = find("python3")
        .or_else(|| find("python"))
        .context("the comparison needs Python 3.11 or newer: install it")?;
    step("scikit-learn and lime: installing for Python (about a minute, once)");
    run(command(system).args(["-m", "venv", "--clear"]).arg(&root))
        .context("cannot make a Python environment (Debian: `apt-get install python3-venv`)")?;
    let python = interpreter(&root)
        .with_context(|| format!("no Python interpreter in {}", root.display()))?;
    run(command(&python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(PACKAGES))
    .context("cannot install the reference's packages: check pip's network access")?;
    fs::write(root.join(STAMP), packages)?;
    Ok(python)
}

fn interpreter(root: &Path) -> Option<PathBuf> {
    let bin = root.join(if cfg!(windows) { "Scripts" } else { "bin" });
    executable(&bin, "python")
}
