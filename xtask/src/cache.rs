//! The user's cache folder: what is built there serves every clone.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// The folder in which this project keeps what it built or downloaded.
pub fn root() -> Result<PathBuf> {
    let base = if cfg!(windows) {
        env::var_os("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        env::home_dir().map(|home| home.join("Library/Caches"))
    } else {
        env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            // The specification says to ignore a relative path.
            .filter(|path| path.is_absolute())
            .or_else(|| env::home_dir().map(|home| home.join(".cache")))
    };
    let base = base.context("no cache folder: set HOME (on Windows LOCALAPPDATA)")?;
    Ok(base.join("churn-explorer"))
}

/// The folder of one tool in one version.
pub fn tool(name: &str, version: &str) -> Result<PathBuf> {
    Ok(root()?.join("tools").join(format!("{name}-{version}")))
}
