//! Packages of npm that the build, tests and benchmarks need, in the user's cache
//! folder.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::cache;
use crate::process::{command, find, run};
use crate::terminal::step;

/// A package in a fixed version.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// Makes the page's code smaller.
pub const BINARYEN: Package = Package {
    name: "binaryen",
    version: "132.0.0",
};

/// Steers the browser of the benchmark.
pub const PLAYWRIGHT: Package = Package {
    name: "playwright-core",
    version: "1.65.1",
};

/// Judges whether everybody can use a page.
pub const AXE: Package = Package {
    name: "axe-core",
    version: "4.14.1",
};

/// Judges a page as a whole.
pub const LIGHTHOUSE: Package = Package {
    name: "lighthouse",
    version: "12.8.2",
};

/// The folder that a package is installed from, as node looks it up; installed if
/// it is missing.
pub fn prepare(package: Package) -> Result<PathBuf> {
    let Package { name, version } = package;
    let root = cache::tool(name, version)?;
    if root.join("node_modules").join(name).is_dir() {
        return Ok(root);
    }
    let npm = find("npm").context("npm is missing: install Node.js 20 or newer with npm")?;
    step(&format!("{name} {version}: installing with npm"));
    fs::create_dir_all(&root)?;
    run(command(npm)
        .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
        .arg(&root)
        .arg(format!("{name}@{version}"))
        // The browser is an installed one.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    Ok(root)
}
