//! `cargo xtask bench`: our speed beside the reference's, from one run on one
//! machine.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::process::{command, output};
use crate::service::single_threaded;
use crate::terminal::step;
use crate::toolchain::Toolchain;
use crate::{lighthouse, page_bench, python, score_bench, server_bench, soak, workspace};

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub enum Suite {
    /// The core and the command line.
    Native,
    /// The page in Chromium.
    Browser,
    /// The page by the points of Lighthouse.
    Lighthouse,
    /// The server under load.
    Server,
    /// The server under load for so many minutes.
    Soak(u64),
}

/// A job that both sides do: name in the measurements, name to show, what is
/// to be reached.
const JOBS: [(&str, &str, &str); 7] = [
    (
        "exact_one",
        "exact LIME, one customer",
        "<= 2 us, >= 12,000x",
    ),
    ("exact_all", "exact LIME, all 7,032", "<= 15 ms"),
    (
        "sampled_one",
        "sampled LIME, 5,000 samples, pool warm",
        "<= 0.3 ms, >= 80x",
    ),
    (
        "fit",
        "fit at C = 1 to the exact optimum",
        "<= 2.5 ms, >= 3x",
    ),
    (
        "cross_validation",
        "10 C x 5 folds and refit",
        "<= 40 ms, >= 5x",
    ),
    ("predict_all", "predict all 7,032", "<= 0.3 ms, >= 40x"),
    ("read", "read and clean the CSV", "<= 6 ms, >= 8x"),
];

/// Measures a suite and prints its table.
pub fn run(suite: Suite) -> Result<()> {
    match suite {
        Suite::Native => native(),
        Suite::Browser => page_bench::run(),
        Suite::Lighthouse => lighthouse::run(),
        Suite::Server => server_bench::run(),
        Suite::Soak(minutes) => soak::run(minutes),
    }
}

fn native() -> Result<()> {
    let python = python::prepare(python::REFERENCE)?;
    let toolchain = Toolchain::prepare()?;
    step("core: measuring (one thread)");
    let ours = measurements(&output(toolchain.cargo().args([
        "bench",
        "--quiet",
        "--package=churn-tests",
        "--bench=core",
    ]))?)?;
    step("scikit-learn and lime: measuring (one thread)");
    let reference = measurements(&output(
        single_threaded(&mut command(python))
            .arg("tests/benches/reference.py")
            .arg(workspace::DATA)
            .current_dir(workspace::root()),
    )?)?;
    println!(
        "\n| job, one thread | ours | reference | ratio | to reach |\n|---|---:|---:|---:|---|"
    );
    for (job, shown, goal) in JOBS {
        let of = |side: &BTreeMap<String, f64>| {
            side.get(job)
                .copied()
                .with_context(|| format!("no measurement of {job}"))
        };
        let (ours, reference) = (of(&ours)?, of(&reference)?);
        println!(
            "| {shown} | {} | {} | {:.0}x | {goal} |",
            duration(ours),
            duration(reference),
            reference / ours
        );
    }
    println!("\nThe reference's time for all customers is that of one, times 7,032.\n");
    score_bench::run(toolchain)
}

/// The JSON object on the last line of a program's output.
pub fn measurements(text: &str) -> Result<BTreeMap<String, f64>> {
    let line = text.lines().last().unwrap_or_default();
    serde_json::from_str(line).with_context(|| format!("not a measurement: {line}"))
}

/// Milliseconds, in the unit that suits them.
pub fn duration(ms: f64) -> String {
    match ms {
        ms if ms < 0.1 => format!("{:.2} us", ms * 1e3),
        ms if ms < 10_000.0 => format!("{ms:.3} ms"),
        ms => format!("{:.1} s", ms / 1e3),
    }
}
