//! The speed of the page in Chromium.

use anyhow::{Context, Result};

use crate::bench::measurements;
use crate::browser::Browser;
use crate::process::{command, find, output};
use crate::terminal::step;
use crate::{npm, site, workspace};

/// Name in the measurements, name to show, unit, what is to be reached. What ends
/// on `_time` was also measured as `_work`, the thread's own time.
const JOBS: [(&str, &str, &str, &str); 17] = [
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
        "code: html, js, wasm, css; brotli",
        "KB",
        "<= 320 KB",
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
    site::build()?;
    step("page: measuring in the browser (five minutes)");
    let measured = output(
        command(find("node").context("node is missing")?)
            .arg(workspace::root().join("tests/benches/page.mjs"))
            .arg(workspace::dist())
            .arg(&browser.chrome)
            .current_dir(playwright),
    )?;
    let measured = measurements(&measured)?;
    println!("\n| page in the browser | measured | to reach |\n|---|---:|---|");
    let figure = |job: &str| {
        let figure = measured.get(job);
        figure.with_context(|| format!("no measurement of {job}"))
    };
    for (job, shown, unit, goal) in JOBS {
        println!("| {shown} | {:.1} {unit} | {goal} |", figure(job)?);
        if let Some(step) = job.strip_suffix("_time") {
            let own = figure(&format!("{step}_work"))?;
            println!("| … own time of the thread | {own:.1} {unit} | |");
        }
    }
    println!(
        "\nAn edit, a step, a sort, a letter and a threshold step: script, style, layout and paint on the main \
         thread, from a trace.\nThe thread's own time leaves out its waits for a busy machine."
    );
    Ok(())
}
