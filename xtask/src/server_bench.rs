//! The server under load, with the load generator on the same machine, beside
//! the reference's server.

use std::env;
use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::load::{Connection, Load, get, post};
use crate::service::{Folder, Service};
use crate::terminal::step;
use crate::toolchain::Toolchain;
use crate::{customers, python, site};

/// How long each kind of load lasts.
const LASTING: Duration = Duration::from_secs(10);

/// Predictions recorded to measure memory and disk.
const MILLION: usize = 1_000_000;

/// Customers of a request while the million is recorded.
const BATCH: usize = 1000;

/// Connections of both sides.
const CONNECTIONS: usize = 32;

/// A limit that nobody reaches, so that its cost is measured, too.
const LIMITED: [&str; 3] = ["--open", "--rate", "4000000000"];

/// Measures the servers and prints the tables. With `CHURN_DATABASE_URL` the
/// data are in that (empty) PostgreSQL database.
pub fn run() -> Result<()> {
    let python = python::prepare(python::REFERENCE)?;
    let churn = site::build_churn(Toolchain::prepare()?)?;
    let folder = Folder::with_model(&churn, "server-bench")?;
    let data = match env::var_os("CHURN_DATABASE_URL") {
        Some(_) => None,
        None => Some(folder.data()),
    };
    let customers = customers::all()?;

    println!("\n| server | measured | to reach |\n|---|---:|---|");
    let sync = sync_time(folder.path())?;
    row("the disk's own sync, median", &format!("{sync:.2} ms"), "");
    let start = Instant::now();
    let service = Service::churn_with(&churn, &folder, data.as_deref(), &LIMITED)?;
    let ready = start.elapsed().as_secs_f64() * 1e3;
    row("start to ready", &format!("{ready:.0} ms"), "<= 200 ms");
    step("server: load");
    let ours = Ours::measure(&service, &customers)?;
    let uuids = million(&service, &customers, &folder)?;
    labels(&service, &uuids)?;
    monitoring(&service)?;
    drop(service);
    compare(&ours, &python, &customers)
}

/// What is compared.
struct Ours {
    explained: Load,
    predicted: Load,
}

impl Ours {
    fn measure(service: &Service, customers: &[Value]) -> Result<Self> {
        let address = &service.address;
        let explained = customers::model_calls(address, customers);
        let call = |customer| json!({"customers": [customer]});
        let unrecorded = "/api/v1/predict?record=false";
        let unrecorded = customers::json_posts(address, unrecorded, customers.iter().map(call));
        let run = |shown: &str, connections: usize, requests: &[Vec<u8>], goal: &str| {
            let load = Load::run(address, connections, requests, LASTING)?;
            ensure!(load.errors == 0, "{} requests failed", load.errors);
            row(
                &format!("{shown}, {connections} connections"),
                &told(&load),
                goal,
            );
            Ok(load)
        };
        let shown = "/model, explained and recorded";
        run(shown, 1, &explained, "<= 3 ms median")?;
        let goal = ">= 10,000/s, p99 <= 15 ms";
        let load = run(shown, CONNECTIONS, &explained, goal)?;
        run(shown, 128, &explained, "")?;
        let goal = ">= 25,000/s";
        Ok(Self {
            explained: load,
            predicted: run("predict, not recorded", CONNECTIONS, &unrecorded, goal)?,
        })
    }
}

fn told(load: &Load) -> String {
    format!(
        "{:.0}/s, p50 {:.2} ms, p99 {:.2} ms",
        load.per_second(),
        load.quantile(0.5),
        load.quantile(0.99)
    )
}

/// Measures the reference's server, with one worker and with two, and prints
/// both sides.
fn compare(ours: &Ours, python: &Path, customers: &[Value]) -> Result<()> {
    println!(
        "\n| {CONNECTIONS} connections | ours | reference, Flask under gunicorn | ratio |\n\
         |---|---:|---:|---:|"
    );
    // It knows no missing values.
    let most = customers.iter().filter_map(Value::as_object);
    let most = most.map(serde_json::Map::len).max().unwrap_or(0);
    let is_complete = |customer: &&Value| customer.as_object().is_some_and(|all| all.len() == most);
    let complete: Vec<Value> = customers.iter().filter(is_complete).cloned().collect();
    for workers in [1, 2] {
        step(&format!("reference's server: load, workers: {workers}"));
        let service = Service::reference(python, workers)?;
        for (shown, path, ours) in [
            (
                "/model, explained; ours recorded, too",
                "/model",
                &ours.explained,
            ),
            ("predict, not recorded", "/predict", &ours.predicted),
        ] {
            let call = |customer| json!({"accessKey": "model", "request": customer});
            let requests = customers::json_posts(&service.address, path, complete.iter().map(call));
            let load = Load::run(&service.address, CONNECTIONS, &requests, LASTING)?;
            ensure!(load.errors == 0, "{} requests failed", load.errors);
            println!(
                "| {shown}; workers of the reference: {workers} | {} | {} | {:.0}x |",
                told(ours),
                told(&load),
                ours.per_second() / load.per_second()
            );
        }
    }
    Ok(())
}

/// Records a million predictions; the names of the last ones.
fn million(service: &Service, customers: &[Value], folder: &Folder) -> Result<Vec<String>> {
    let mut connection = Connection::to(&service.address);
    let before = folder.disk()?;
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
            &service.address,
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
    if folder.data().is_dir() {
        let each = (folder.disk()? - before) as f64 / MILLION as f64;
        row(
            "disk per prediction, indexes and log included",
            &format!("{each:.0} bytes"),
            "<= 700 bytes",
        );
    }
    let memory = match service.memory() {
        Some(mib) => format!("{mib:.0} MiB"),
        None => "not known on this system".into(),
    };
    row("memory at a million predictions", &memory, "<= 150 MiB");
    Ok(uuids)
}

/// Asks what the page Monitoring asks, over all that was recorded and over the
/// last minute.
fn monitoring(service: &Service) -> Result<()> {
    let now = SystemTime::UNIX_EPOCH.elapsed()?.as_millis();
    let path = "/api/v1/monitoring";
    let all = |told: &Value| told["total"]["predictions"].as_u64().unwrap_or(0) as usize;
    let newest = |told: &Value| told["predictions"].as_array().map_or(0, Vec::len);
    for (shown, path, least, count) in [
        (
            "monitoring of over a million predictions",
            format!("{path}?limit=50"),
            MILLION,
            &all as &dyn Fn(&Value) -> usize,
        ),
        (
            "… of their last minute",
            format!("{path}?limit=50&from_ms={}", now - 60_000),
            1,
            &all,
        ),
        (
            "… their newest 50, with reasons",
            format!("{path}/predictions?limit=50"),
            50,
            &newest,
        ),
    ] {
        let request = get(&service.address, &path);
        let mut connection = Connection::to(&service.address);
        let mut times = Vec::new();
        for _ in 0..50 {
            let start = Instant::now();
            let answer: Value = serde_json::from_slice(connection.ask(&request)?)?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
            ensure!(count(&answer) >= least, "too little is watched: {path}");
        }
        // What came last is taken up with the first question.
        let first = times[0];
        times.sort_unstable_by(f64::total_cmp);
        let measured = format!(
            "first {first:.0} ms, p50 {:.1} ms, p98 {:.1} ms",
            times[25], times[48]
        );
        row(shown, &measured, "<= 150 ms");
    }
    Ok(())
}

/// Sends the truth about predictions in one bulk.
fn labels(service: &Service, uuids: &[String]) -> Result<()> {
    let mut body = Vec::new();
    for (at, uuid) in uuids.iter().enumerate() {
        writeln!(body, "{{\"uuid\":\"{uuid}\",\"label\":{}}}", at % 4 == 0)?;
    }
    let request = post(
        &service.address,
        "/api/v1/labels/bulk",
        "application/x-ndjson",
        &body,
    );
    let start = Instant::now();
    let mut connection = Connection::to(&service.address);
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

fn row(shown: &str, measured: &str, goal: &str) {
    println!("| {shown} | {measured} | {goal} |");
}
