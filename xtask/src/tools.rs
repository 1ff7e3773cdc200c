//! The programs that build the page.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{command, executable, find, output, run};
use crate::terminal::{step, warn};
use crate::toolchain::Toolchain;
use crate::version::Version;
use crate::{cache, lockfile, wasm_opt};

/// What the build of the page finds on its `PATH`.
#[derive(Debug)]
pub struct Tools {
    /// Folders to look in before those of the user's `PATH`.
    dirs: Vec<PathBuf>,
    /// Whether `wasm-opt` is among the tools.
    pub has_wasm_opt: bool,
}

impl Tools {
    /// Finds every tool, or builds what is missing.
    pub fn prepare(toolchain: Toolchain) -> Result<Self> {
        let trunk = CargoTool {
            package: "trunk",
            program: "trunk",
            version: Version(0, 21, 14),
            newer_fits: true,
            args: &["--locked", "--no-default-features", "--features=rustls"],
            minutes: 6,
        };
        // It refuses code of any other version of the library.
        let wasm_bindgen = CargoTool {
            package: "wasm-bindgen-cli",
            program: "wasm-bindgen",
            version: lockfile::version_of("wasm-bindgen")?,
            newer_fits: false,
            // Its lock file may name a crate that was since withdrawn.
            args: &[],
            minutes: 4,
        };
        let mut dirs = Vec::new();
        dirs.extend(trunk.prepare(toolchain)?);
        dirs.extend(wasm_bindgen.prepare(toolchain)?);
        let optimiser = wasm_opt::prepare();
        if let Err(error) = &optimiser {
            warn(&format!("{error:#}; the page will be larger"));
        }
        let has_wasm_opt = optimiser.is_ok();
        dirs.extend(optimiser.ok().flatten());
        Ok(Self { dirs, has_wasm_opt })
    }

    /// The value of `PATH` with which the tools are found.
    pub fn path(&self) -> Result<OsString> {
        let path = env::var_os("PATH").unwrap_or_default();
        let dirs = self.dirs.iter().cloned().chain(env::split_paths(&path));
        env::join_paths(dirs).context("a folder of the tools cannot be part of PATH")
    }

    /// The full path of one of the tools.
    pub fn program(&self, name: &str) -> Result<PathBuf> {
        self.dirs
            .iter()
            .find_map(|dir| executable(dir, name))
            .or_else(|| find(name))
            .with_context(|| format!("{name} is not on PATH"))
    }
}

/// A program that `cargo install` provides.
struct CargoTool {
    package: &'static str,
    program: &'static str,
    version: Version,
    newer_fits: bool,
    args: &'static [&'static str],
    /// How long a build takes on two cores.
    minutes: u32,
}

impl CargoTool {
    /// The folder of the program, or none if the one on `PATH` fits.
    fn prepare(&self, toolchain: Toolchain) -> Result<Option<PathBuf>> {
        if find(self.program).is_some_and(|path| self.fits(&path)) {
            return Ok(None);
        }
        let root = cache::tool(self.package, &self.version.to_string())?;
        let bin = root.join("bin");
        let cached = || executable(&bin, self.program).is_some_and(|path| self.fits(&path));
        if !cached() {
            self.install(toolchain, &root)?;
            if !cached() {
                bail!("{} does not run from {}", self.program, bin.display());
            }
        }
        Ok(Some(bin))
    }

    fn fits(&self, program: &Path) -> bool {
        let found = output(command(program).arg("--version"))
            .ok()
            .and_then(|text| Version::find(&text));
        found
            .is_some_and(|found| found == self.version || (self.newer_fits && found > self.version))
    }

    fn install(&self, toolchain: Toolchain, root: &Path) -> Result<()> {
        let Self {
            package,
            version,
            minutes,
            ..
        } = self;
        step(&format!(
            "{package} {version}: building (about {minutes} minutes, once)"
        ));
        run(toolchain
            .cargo()
            .args(["install", "--quiet", "--force", "--root"])
            .arg(root)
            .arg(format!("{package}@{version}"))
            .args(self.args)
            // Quick to build counts for more than quick to run.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"))
        .with_context(|| {
            format!(
                "cannot build {package} {version}; install it yourself, so that \
                 `{} --version` tells this version, then run this command again",
                self.program
            )
        })
    }
}
