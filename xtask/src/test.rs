//! `cargo xtask test`: every test there is.

use anyhow::Result;

use crate::browser::Browser;
use crate::process::{find, run as run_command};
use crate::site::{self, Site};
use crate::terminal::{step, warn};
use crate::toolchain::WASM_TARGET;
use crate::{apt, conformance, npm, python, workspace};

/// The tests that are run as wasm: arguments of `cargo test`, one line each.
const WASM_TESTS: [&[&str]; 1] = [&["--package=churn-core", "--lib", "--tests"]];

/// Sets up what is missing, then runs the tests: native, browser, wasm.
pub fn run() -> Result<()> {
    let browser = Browser::prepare()?;
    let site = site::build()?;
    native(&site, &browser)?;
    conformance::run(&site.churn)?;
    wasm(&site, &browser)
}

/// Unit, integration and browser tests, in one call so that every dependency
/// is compiled once.
fn native(site: &Site, browser: &Browser) -> Result<()> {
    // The trace of the server's calls to the system, syncs that fail and a clock
    // that is set, on Linux, and the server's other database.
    let can_install = apt::is_available() && apt::is_root();
    if can_install {
        apt::install(&["faketime", "postgresql", "strace"])?;
    }
    let trace = match find("strace").and(find("faketime")) {
        Some(_) => "required",
        None => "optional",
    };
    let postgres = match can_install {
        true => "required",
        false => "optional",
    };
    let axe = npm::prepare(npm::AXE).map(|root| root.join("node_modules/axe-core/axe.min.js"));
    if let Err(error) = &axe {
        warn(&format!("{error:#}; accessibility is not tested"));
    }
    let mlflow = python::prepare(python::MLFLOW)?;
    let lineage = python::prepare(python::LINEAGE)?;
    step("tests: native and in the browser");
    run_command(
        site.toolchain
            .cargo()
            .args(["test", "--workspace", "--all-features"])
            .envs(axe.ok().map(|axe| ("CHURN_AXE", axe)))
            // Without the variables below the browser tests would be skipped.
            .env("CHURN_BROWSER_TESTS", "required")
            .env("CHURN_POSTGRES", postgres)
            .env("CHURN_MLFLOW", mlflow)
            .env("CHURN_LINEAGE", lineage)
            .env("CHURN_STRACE", trace)
            .env("CHURN_DIST", workspace::dist())
            .env("CHURNBIN", &site.churn)
            .env("CHROME", &browser.chrome)
            .env("CHROMEDRIVER", &browser.driver),
    )
}

fn wasm(site: &Site, browser: &Browser) -> Result<()> {
    let runner = site.tools.program("wasm-bindgen-test-runner")?;
    let has_node = find("node").is_some();
    for args in WASM_TESTS {
        step(&format!("tests: wasm, {}", args.join(" ")));
        let mut cargo = site.toolchain.cargo();
        cargo
            .args(["test", "--target", WASM_TARGET])
            .args(args)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner);
        if !has_node {
            cargo
                .env("WASM_BINDGEN_USE_BROWSER", "1")
                .env("CHROMEDRIVER", &browser.driver);
        }
        run_command(&mut cargo)?;
    }
    Ok(())
}
