//! The speed of the page in Chromium.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Child;

use anyhow::{Context, Result, ensure};

use crate::bench::measurements;
use crate::browser::Browser;
use crate::process::{command, find, output};
use crate::service::{Folder, Service};
use crate::terminal::step;
use crate::{npm, site, workspace};

/// Name in the measurements, name to show, unit, what is to be reached. What ends
/// on `_time` was also measured as `_work`, the thread's own time.
const JOBS: [(&str, &str, &str, &str); 20] = [
    (
        "explain",
        "all 7,043 customers explained, median",
        "ms",
        "<= 20 ms",
    ),
    ("edit_time", "one edit, 95th percentile", "ms", "<= 16.7 ms"),
    (
        "load",
        "first table painted from a cold load, median",
        "ms",
        "<= 1,500 ms",
    ),
    (
        "cold",
        "interactive from a cold load: and nothing keeps an input waiting, median",
        "ms",
        "<= 1,500 ms",
    ),
    (
        "warm",
        "interactive from a warm load, by the service worker, median",
        "ms",
        "<= 500 ms",
    ),
    (
        "code",
        "code of the first page: html, js, wasm, css; brotli",
        "KB",
        "<= 320 KB",
    ),
    (
        "all_code",
        "code of all pages, the others' loaded ahead or when opened",
        "KB",
        "",
    ),
    (
        "scroll_time",
        "one step of scrolling, 95th percentile",
        "ms",
        "<= 16.7 ms",
    ),
    (
        "sort_time",
        "one sort of 7,043 rows, 95th percentile",
        "ms",
        "<= 16.7 ms",
    ),
    (
        "search_time",
        "one letter of a search, 95th percentile",
        "ms",
        "<= 16.7 ms",
    ),
    (
        "decide_time",
        "one threshold step with the table, 95th percentile",
        "ms",
        "<= 16.7 ms",
    ),
    (
        "judge_time",
        "one threshold step with matrix and curves, 95th percentile",
        "ms",
        "<= 16.7 ms",
    ),
    (
        "data_time",
        "another cohort, page Data, every chart, 95th percentile",
        "ms",
        "<= 50 ms",
    ),
    (
        "model_time",
        "another cohort, page Model, every chart, 95th percentile",
        "ms",
        "<= 50 ms",
    ),
    (
        "large_scroll_time",
        "one step of scrolling 300,000 rows, 95th percentile",
        "ms",
        "<= 16.7 ms",
    ),
    (
        "large_sort_time",
        "one sort of 300,000 rows, 95th percentile",
        "ms",
        "<= 50 ms",
    ),
    (
        "large_search_time",
        "one letter of a search in 300,000 rows, 95th percentile",
        "ms",
        "<= 50 ms",
    ),
    (
        "watch_time",
        "longest task of the page Monitoring at 100 predictions a second",
        "ms",
        "<= 16.7 ms",
    ),
    (
        "watch_second",
        "own time of the thread there, of a second",
        "ms",
        "",
    ),
    (
        "heap",
        "memory of the page with 7,043 customers",
        "MB",
        "<= 80 MB",
    ),
];

/// Builds the site, measures it and prints the table.
pub fn run() -> Result<()> {
    let browser = Browser::prepare()?;
    let playwright = npm::prepare(npm::PLAYWRIGHT)?;
    let site = site::build()?;
    step("page: measuring in the browser (five minutes)");
    let measured = output(
        command(find("node").context("node is missing")?)
            .arg(workspace::root().join("tests/benches/page.mjs"))
            .arg(workspace::dist())
            .arg(&browser.chrome)
            .current_dir(&playwright),
    )?;
    let mut measured = measurements(&measured)?;
    measured.extend(monitoring(&site.churn, &browser.chrome, &playwright)?);
    println!("\n| page in the browser | measured | to reach |\n|---|---:|---|");
    let figure = |job: &str| {
        let figure = measured.get(job);
        figure.with_context(|| format!("no measurement of {job}"))
    };
    let row = |job: &str, shown: &str, unit: &str, goal: &str| -> Result<()> {
        let median = match measured.get(&format!("{job}_median")) {
            Some(median) => format!(" (median {median:.1})"),
            None => String::new(),
        };
        println!("| {shown} | {:.1} {unit}{median} | {goal} |", figure(job)?);
        Ok(())
    };
    for (job, shown, unit, goal) in JOBS {
        row(job, shown, unit, goal)?;
        if let Some(step) = job.strip_suffix("_time") {
            row(
                &format!("{step}_work"),
                "… own time of the thread",
                unit,
                "",
            )?;
        }
    }
    println!(
        "\nAn edit, a step, a sort, a letter and a threshold step: script, style, layout and paint on the main \
         thread, from a trace.\nThe thread's own time leaves out its waits for a busy machine."
    );
    Ok(())
}

/// Measures the page that watches a server, while a simulation runs.
fn monitoring(churn: &Path, chrome: &Path, playwright: &Path) -> Result<BTreeMap<String, f64>> {
    step("page: watching a simulation");
    let folder = Folder::with_model(churn, "page-bench")?;
    let dist = workspace::dist();
    let dist = dist.to_str().context("the folder's name is no text")?;
    let service = Service::churn(churn, &folder, &["--open", "--static", dist])?;
    let address = format!("http://{}/", service.address);
    let simulate = |calls: &[&str]| -> Result<Child> {
        let mut simulate = command(churn);
        simulate.args(["simulate", "--url", &address]).args(calls);
        let simulation = simulate.current_dir(workspace::root()).spawn();
        simulation.context("churn does not start")
    };
    ensure!(
        simulate(&["--calls", "1000"])?.wait()?.success(),
        "the simulation failed"
    );
    let mut running = simulate(&["--calls", "1000000", "--pause", "10", "--delay", "1"])?;
    let measured = output(
        command(find("node").context("node is missing")?)
            .arg(workspace::root().join("tests/benches/monitoring.mjs"))
            .args([Path::new(&address), chrome])
            .current_dir(playwright),
    );
    running.kill()?;
    running.wait()?;
    measurements(&measured?)
}
