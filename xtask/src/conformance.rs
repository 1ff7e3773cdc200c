//! The API's description, tried on the real server by schemathesis: whatever the
//! description allows is taken, whatever it forbids is refused, and every answer
//! is one that it knows.

use std::path::Path;

use anyhow::{Context, Result};

use crate::process::{command, executable, run as run_command};
use crate::python;
use crate::service::{Folder, Service};
use crate::terminal::step;
use crate::workspace;

/// What is drawn: the same at every run.
const SEED: &str = "20261125";

/// Requests per route and phase, at most.
const EXAMPLES: &str = "30";

/// Tries the server's API with a key of its own.
pub fn run(churn: &Path) -> Result<()> {
    let python = python::prepare(python::SCHEMATHESIS)?;
    let bin = python.parent().context("Python has no folder")?;
    let schemathesis = executable(bin, "schemathesis").context("schemathesis is not installed")?;
    let folder = Folder::with_model(churn, "conformance")?;
    let service = Service::churn(churn, &folder, &["--rate", "0"])?;
    let key = service.key.as_ref().context("the server gave no key")?;
    step("API: trying its description");
    run_command(
        command(schemathesis)
            .arg("--config-file")
            .arg(workspace::root().join("tests/schemathesis.toml"))
            .args([
                "run",
                "--no-color",
                "--seed",
                SEED,
                "--max-examples",
                EXAMPLES,
            ])
            .args(["--request-timeout", "20", "--header"])
            .arg(format!("Authorization: Bearer {key}"))
            .arg(format!("http://{}/api/v1/openapi.json", service.address))
            // It keeps what it found in a folder of this name.
            .current_dir(folder.path()),
    )
}
