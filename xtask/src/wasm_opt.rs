//! `wasm-opt` of Binaryen, which makes the page's code smaller.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::process::{command, executable, find, run};
use crate::terminal::step;
use crate::{apt, cache};

/// The version of the npm package `binaryen` that is installed.
const VERSION: &str = "132.0.0";

/// The folder of the program, or none if it is on `PATH`.
pub fn prepare() -> Result<Option<PathBuf>> {
    if find("wasm-opt").is_some() {
        return Ok(None);
    }
    if let (Some(npm), Some(_)) = (find("npm"), find("node")) {
        let root = cache::tool("binaryen", VERSION)?;
        let bin = root.join("node_modules/.bin");
        if executable(&bin, "wasm-opt").is_some() {
            return Ok(Some(bin));
        }
        step(&format!("wasm-opt {VERSION}: installing with npm"));
        std::fs::create_dir_all(&root)?;
        let installed = run(command(npm)
            .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
            .arg(&root)
            .arg(format!("binaryen@{VERSION}")));
        if installed.is_ok() {
            return Ok(Some(bin));
        }
    }
    if apt::is_available() && apt::is_root() {
        apt::install(&["binaryen"])?;
        return Ok(None);
    }
    bail!("wasm-opt is missing: install binaryen, or npm to have it installed")
}
