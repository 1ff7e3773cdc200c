//! The static site: page, data and model in `dist/`.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};

use crate::process::{command, run};
use crate::terminal::step;
use crate::toolchain::Toolchain;
use crate::tools::Tools;
use crate::workspace::DATA;
use crate::{csp, release, split, style, workspace};

/// What was built, for those who serve or test it.
#[derive(Debug)]
pub struct Site {
    /// The compiler it was built with.
    pub toolchain: Toolchain,
    /// The tools it was built with.
    pub tools: Tools,
    /// The program `churn`, in release.
    pub churn: PathBuf,
}

/// Sets up what is missing and builds the site.
pub fn build() -> Result<Site> {
    let toolchain = Toolchain::prepare()?;
    let tools = Tools::prepare(toolchain)?;
    let churn = build_churn(toolchain)?;
    build_page(toolchain, &tools)?;
    train(&churn)?;
    step(&format!("site: {}", workspace::dist().display()));
    Ok(Site {
        toolchain,
        tools,
        churn,
    })
}

/// Builds the program `churn` in release.
pub fn build_churn(toolchain: Toolchain) -> Result<PathBuf> {
    step("churn: building in release");
    run(toolchain
        .cargo()
        .args(["build", "--quiet", "--release", "--package", "churn-server"])
        .arg("--bin=churn"))?;
    let name = format!("churn{}", env::consts::EXE_SUFFIX);
    Ok(workspace::target().join("release").join(name))
}

fn build_page(toolchain: Toolchain, tools: &Tools) -> Result<()> {
    step("page: building in release");
    let mut trunk = toolchain.command(tools.program("trunk")?);
    trunk.arg("build");
    let parts = split::apply(&mut trunk, tools)?;
    // The profile of the code is set in Trunk.toml; to trunk itself, this
    // option says to call wasm-opt.
    if tools.has_wasm_opt {
        trunk.arg("--release");
    }
    // Trunk reads the variable as a truth value and refuses the usual `1`.
    if env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    run(&mut trunk)?;
    split::take(&parts, &workspace::dist())?;
    seal()?;
    release::compress(&workspace::dist())
}

/// Makes what trunk left in `dist/` fit for a host: joins the style sheets, writes the
/// content security policy into the page and its files into the service worker.
pub fn seal() -> Result<()> {
    let dist = workspace::dist();
    let path = dist.join("index.html");
    let read = fs::read_to_string(&path);
    let html = read.with_context(|| format!("cannot read {}", path.display()))?;
    let html = style::join(&html, &dist)?;
    fs::write(&path, csp::seal(&html)?)
        .with_context(|| format!("cannot write {}", path.display()))?;
    release::list(&dist)
}

fn train(churn: &Path) -> Result<()> {
    step(&format!("model: training on {DATA}"));
    run(command(churn)
        .args(["train", DATA, "--out"])
        .arg(workspace::dist().join("model.json"))
        .current_dir(workspace::root()))
}
