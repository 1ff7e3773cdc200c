//! Python environments: the reference, which runs for comparison, a tester, a server
//! that ours talks to, and readers of what it writes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cache;
use crate::process::{command, executable, find, run};
use crate::terminal::step;

/// An environment of its own in the user's cache folder.
#[derive(Clone, Copy, Debug)]
pub struct Environment {
    /// Name of its folder.
    name: &'static str,
    /// Its packages, every one in a fixed version.
    packages: &'static [&'static str],
}

/// The reference, and what it is served with.
pub const REFERENCE: Environment = Environment {
    name: "python",
    packages: &[
        "flask==3.1.3",
        "gunicorn==27.0.1",
        "lime==0.2.0.1",
        "numpy==2.4.6",
        "pandas==3.1.1",
        "scikit-learn==1.9.1",
    ],
};

/// The tester of the API. What it draws depends on hypothesis.
pub const SCHEMATHESIS: Environment = Environment {
    name: "schemathesis",
    packages: &["hypothesis==6.170.17", "schemathesis==4.32.5"],
};

/// The tracking server that runs and versions are told to, and its client.
pub const MLFLOW: Environment = Environment {
    name: "mlflow",
    packages: &["mlflow==3.17.2"],
};

/// What reads lineage back: the clients of OpenLineage and Apache Atlas.
pub const LINEAGE: Environment = Environment {
    name: "lineage",
    packages: &["apache-atlas==0.0.16", "openlineage-python==1.54.0"],
};

/// In the environment: the packages that were installed completely.
const STAMP: &str = "churn-packages";

/// The Python interpreter of an environment, installed if it is missing.
pub fn prepare(environment: Environment) -> Result<PathBuf> {
    let Environment { name, packages } = environment;
    let root = cache::root()?.join(name);
    let stamp = packages.join("\n");
    let installed = fs::read_to_string(root.join(STAMP)).is_ok_and(|installed| installed == stamp);
    // An upgrade of the system's Python may have left the environment without one.
    if installed && let Some(python) = interpreter(&root) {
        return Ok(python);
    }
    let system = find("python3")
        .or_else(|| find("python"))
        .context("Python 3.11 or newer is needed: install it")?;
    step(&format!(
        "{}: installing for Python (about a minute, once)",
        packages.join(", ")
    ));
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
        .args(packages))
    .context("cannot install Python's packages: check pip's network access")?;
    fs::write(root.join(STAMP), stamp)?;
    Ok(python)
}

fn interpreter(root: &Path) -> Option<PathBuf> {
    let bin = root.join(if cfg!(windows) { "Scripts" } else { "bin" });
    executable(&bin, "python")
}
