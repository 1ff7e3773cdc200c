//! The throughput and memory of `churn score` on a long file.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::process::command;
use crate::terminal::step;
use crate::toolchain::Toolchain;
use crate::{site, workspace};

const ROWS: usize = 5_000_000;

/// Scores the bundled data, repeated, with and without reasons, and prints rows
/// per second and the peak of resident memory.
pub fn run(toolchain: Toolchain) -> Result<()> {
    let churn = site::build_churn(toolchain)?;
    let folder = std::env::temp_dir().join(format!("churn-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let result = measure(&churn, &folder);
    fs::remove_dir_all(&folder)?;
    result
}

fn measure(churn: &Path, folder: &Path) -> Result<()> {
    let (data, model) = (folder.join("data.csv"), folder.join("model.json"));
    step(&format!("churn score: {ROWS} rows, the data repeated"));
    repeat(&workspace::root().join(workspace::DATA), &data)?;
    let train = command(churn)
        .arg("train")
        .arg(workspace::root().join(workspace::DATA))
        .arg("--out")
        .arg(&model)
        .stderr(Stdio::null())
        .status()?;
    ensure!(train.success(), "churn train failed");
    println!("\n| churn score, {ROWS} rows | measured | to reach |\n|---|---:|---|");
    for (reasons, out, what, least) in [
        ("0", "scores.csv", "rows per second, to CSV", "900,000"),
        ("0", "scores.parquet", "to Parquet", "900,000"),
        (
            "3",
            "scores.csv",
            "to CSV, with three exact LIME reasons each",
            "100,000",
        ),
        ("3", "scores.parquet", "the same to Parquet", "100,000"),
    ] {
        let start = Instant::now();
        let mut score = command(churn)
            .arg("score")
            .arg("--model")
            .arg(&model)
            .arg(&data)
            .args(["--reasons", reasons, "--out"])
            .arg(folder.join(out))
            .stderr(Stdio::null())
            .spawn()?;
        let peak = peak_memory(&mut score)?;
        let rate = ROWS as f64 / start.elapsed().as_secs_f64();
        println!("| {what} | {rate:.0} | >= {least} |");
        match peak {
            Some(kib) => println!("| peak memory | {:.0} MiB | <= 100 MiB |", kib / 1024.0),
            None => println!("| peak memory | not known on this system | <= 100 MiB |"),
        }
    }
    Ok(())
}

/// Writes the rows of a CSV file again and again under one header.
fn repeat(from: &Path, to: &Path) -> Result<()> {
    let text = fs::read_to_string(from)?;
    let (header, rows) = text.split_once('\n').context("the data has no header")?;
    let mut out = BufWriter::new(File::create(to)?);
    writeln!(out, "{header}")?;
    for row in rows.lines().cycle().take(ROWS) {
        writeln!(out, "{row}")?;
    }
    Ok(out.flush()?)
}

/// Waits for a program; the peak of its resident memory in KiB, on Linux.
fn peak_memory(child: &mut Child) -> Result<Option<f64>> {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    loop {
        if let Some(exit) = child.try_wait()? {
            ensure!(exit.success(), "churn score failed");
            return Ok(peak);
        }
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        peak = now.or(peak);
        sleep(Duration::from_millis(5));
    }
}
