//! The server under load, with the load generator on the same machine.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

use crate::load::{Connection, Load, post};
use crate::process::command;
use crate::terminal::step;
use crate::toolchain::Toolchain;
use crate::{site, workspace};

/// How long each kind of load lasts.
const LASTING: Duration = Duration::from_secs(10);

/// Predictions recorded to measure memory and disk.
const MILLION: usize = 1_000_000;

/// Customers of a request while the million is recorded.
const BATCH: usize = 1000;

/// Measures the server and prints the table. Its data are in the system's
/// folder for temporary files: `TMPDIR=/dev/shm` measures without a disk. With
/// `CHURN_DATABASE_URL` they are in that (empty) PostgreSQL database.
pub fn run() -> Result<()> {
    let churn = site::build_churn(Toolchain::prepare()?)?;
    let folder = env::temp_dir().join(format!("churn-server-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let result = measure(&churn, &folder);
    fs::remove_dir_all(&folder)?;
    result
}

/// A running server; ended with the measurement.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(churn: &Path, folder: &Path) -> Result<Self> {
        let mut command = command(churn);
        command
            .args(["serve", "--open", "--addr", "127.0.0.1:0", "--model"])
            .arg(folder.join("model.json"));
        if env::var_os("CHURN_DATABASE_URL").is_none() {
            command.arg("--data-dir").arg(folder.join("data"));
        }
        let mut process = command.stderr(Stdio::piped()).spawn()?;
        let told = BufReader::new(process.stderr.take().context("no standard error")?);
        let mut server = Self {
            process,
            address: String::new(),
        };
        for line in told.lines() {
            if let Some(address) = line?.strip_prefix("listening on http://") {
                server.address = address.trim_end_matches('/').to_owned();
                return Ok(server);
            }
        }
        anyhow::bail!("the server did not start")
    }

    /// Resident memory in MiB, where the system tells.
    fn memory(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kib / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn measure(churn: &Path, folder: &Path) -> Result<()> {
    let train = command(churn)
        .arg("train")
        .arg(workspace::root().join(workspace::DATA))
        .arg("--out")
        .arg(folder.join("model.json"))
        .stderr(Stdio::null())
        .status()?;
    ensure!(train.success(), "churn train failed");
    let customers = customers()?;

    println!("\n| server | measured | to reach |\n|---|---:|---|");
    let sync = sync_time(folder)?;
    row("the disk's own sync, median", &format!("{sync:.2} ms"), "");
    let start = Instant::now();
    let server = Server::start(churn, folder)?;
    let ready = start.elapsed().as_secs_f64() * 1e3;
    row("start to ready", &format!("{ready:.0} ms"), "<= 200 ms");
    step("server: load");

    let address = &server.address;
    let json_post = |path: &str, body: Value| {
        post(
            address,
            path,
            "application/json",
            body.to_string().as_bytes(),
        )
    };
    let model: Vec<Vec<u8>> = customers
        .iter()
        .map(|customer| json_post("/model", json!({"accessKey": "model", "request": customer})))
        .collect();
    let unrecorded: Vec<Vec<u8>> = customers
        .iter()
        .map(|customer| {
            json_post(
                "/api/v1/predict?record=false",
                json!({"customers": [customer]}),
            )
        })
        .collect();
    for (shown, connections, requests, goal) in [
        (
            "/model, explained and recorded, 1 connection",
            1,
            &model,
            "<= 3 ms median",
        ),
        (
            "/model, explained and recorded, 32 connections",
            32,
            &model,
            ">= 10,000/s, p99 <= 15 ms",
        ),
        (
            "/model, explained and recorded, 128 connections",
            128,
            &model,
            "",
        ),
        (
            "predict, not recorded, 32 connections",
            32,
            &unrecorded,
            ">= 25,000/s",
        ),
    ] {
        let load = Load::run(address, connections, requests, LASTING)?;
        let measured = format!(
            "{:.0}/s, p50 {:.2} ms, p99 {:.2} ms",
            load.per_second(),
            load.quantile(0.5),
            load.quantile(0.99)
        );
        row(shown, &measured, goal);
    }
    let uuids = million(&server, &customers, folder)?;
    labels(&server, &uuids)
}

/// Records a million predictions; the names of the last ones.
fn million(server: &Server, customers: &[Value], folder: &Path) -> Result<Vec<String>> {
    let mut connection = Connection::open(&server.address)?;
    let before = disk(folder)?;
    let mut uuids = Vec::new();
    let start = Instant::now();
    for batch in 0..MILLION / BATCH {
        let rows = customers
            .iter()
            .cycle()
            .skip(batch * BATCH % customers.len())
            .take(BATCH);
        let body = json!({"customers": rows.collect::<Vec<_>>()}).to_string();
        let request = post(
            &server.address,
            "/api/v1/predict",
            "application/json",
            body.as_bytes(),
        );
        let answer: Value = serde_json::from_slice(connection.ask(&request)?)?;
        if batch >= MILLION / BATCH / 2 {
            let told = answer["predictions"].as_array().context("no predictions")?;
            uuids.extend(
                told.iter()
                    .filter_map(|one| one["uuid"].as_str())
                    .map(str::to_owned),
            );
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    row(
        "a million predictions, 1,000 a request",
        &format!("{:.0}/s", MILLION as f64 / seconds),
        "",
    );
    if folder.join("data").is_dir() {
        let each = (disk(folder)? - before) as f64 / MILLION as f64;
        row(
            "disk per prediction, indexes and log included",
            &format!("{each:.0} bytes"),
            "<= 700 bytes",
        );
    }
    match server.memory() {
        Some(mib) => row(
            "memory at a million predictions",
            &format!("{mib:.0} MiB"),
            "<= 150 MiB",
        ),
        None => row(
            "memory at a million predictions",
            "not known on this system",
            "<= 150 MiB",
        ),
    }
    Ok(uuids)
}

/// Sends the truth about predictions in one bulk.
fn labels(server: &Server, uuids: &[String]) -> Result<()> {
    let mut body = Vec::new();
    for (at, uuid) in uuids.iter().enumerate() {
        writeln!(body, "{{\"uuid\":\"{uuid}\",\"label\":{}}}", at % 4 == 0)?;
    }
    let request = post(
        &server.address,
        "/api/v1/labels/bulk",
        "application/x-ndjson",
        &body,
    );
    let start = Instant::now();
    let mut connection = Connection::open(&server.address)?;
    let report: Value = serde_json::from_slice(connection.ask(&request)?)?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(
        report["applied"] == uuids.len(),
        "not every label was applied: {report}"
    );
    let measured = format!("{:.0} labels/s", uuids.len() as f64 / seconds);
    row("ground truth in bulk", &measured, ">= 50,000 labels/s");
    Ok(())
}

/// The bundled customers as JSON objects.
fn customers() -> Result<Vec<Value>> {
    let text = fs::read_to_string(workspace::root().join(workspace::DATA))?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines
        .next()
        .context("the data has no header")?
        .split(',')
        .collect();
    let customer = |line: &str| {
        let cells = header.iter().zip(line.split(','));
        let known = cells.filter(|(name, cell)| {
            !["customerID", "Churn"].contains(name) && !cell.trim().is_empty()
        });
        let value = |cell: &str| {
            cell.parse::<f64>()
                .map_or_else(|_| json!(cell), |x| json!(x))
        };
        let fields: Map<String, Value> = known
            .map(|(name, cell)| ((*name).to_owned(), value(cell)))
            .collect();
        Value::Object(fields)
    };
    Ok(lines.map(customer).collect())
}

/// Milliseconds that the disk takes to make a page safe.
fn sync_time(folder: &Path) -> Result<f64> {
    let mut file = File::create(folder.join("sync"))?;
    let page = [7; 4096];
    let mut times = Vec::new();
    for at in 0..200 {
        file.seek(SeekFrom::Start(at % 50 * 4096))?;
        file.write_all(&page)?;
        let start = Instant::now();
        file.sync_data()?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let median = times.get(times.len() / 2).context("no times")?;
    Ok(median.as_secs_f64() * 1e3)
}

/// Bytes of the files of the data, where they are in files of ours.
fn disk(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for file in fs::read_dir(folder.join("data")).into_iter().flatten() {
        bytes += file?.metadata()?.len();
    }
    Ok(bytes)
}

fn row(shown: &str, measured: &str, goal: &str) {
    println!("| {shown} | {measured} | {goal} |");
}
