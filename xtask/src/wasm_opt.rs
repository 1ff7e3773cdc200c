//! `wasm-opt` of Binaryen, which makes the page's code smaller.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::process::find;
use crate::{apt, npm};

/// The folder of the program, or none if it is on `PATH`.
pub fn prepare() -> Result<Option<PathBuf>> {
    if find("wasm-opt").is_some() {
        return Ok(None);
    }
    if find("node").is_some()
        && let Ok(root) = npm::prepare(npm::BINARYEN)
    {
        return Ok(Some(root.join("node_modules/.bin")));
    }
    if apt::is_available() && apt::is_root() {
        apt::install(&["binaryen"])?;
        return Ok(None);
    }
    bail!("wasm-opt is missing: install binaryen, or npm to have it installed")
}
