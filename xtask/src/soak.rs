//! The server under full load for a long time: what it answers, and what
//! becomes of its memory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::load::{Load, get};
use crate::service::{Folder, Service};
use crate::terminal::step;
use crate::toolchain::Toolchain;
use crate::{customers, site};

/// Minutes, unless something else is asked for.
pub const MINUTES: u64 = 10;

/// Connections that ask.
const CONNECTIONS: usize = 32;

/// Every so many calls of the model something that was recorded is read.
const READ: usize = 50;

/// How often memory is looked at.
const INTERVAL: Duration = Duration::from_secs(5);

/// Puts the server under load for some minutes and prints what it took.
pub fn run(minutes: u64) -> Result<()> {
    let churn = site::build_churn(Toolchain::prepare()?)?;
    let folder = Folder::with_model(&churn, "soak")?;
    let service = Service::churn(&churn, &folder, &["--open"])?;
    let address = &service.address;
    let mut requests = customers::model_calls(address, &customers::all()?);
    let reads = [
        get(address, "/api/v1/predictions?limit=20"),
        get(address, "/api/v1/models/model"),
        get(address, "/api/v1/labels"),
    ];
    for (at, read) in (0..requests.len()).step_by(READ).zip(reads.iter().cycle()) {
        requests.insert(at, read.clone());
    }
    step(&format!("server: full load, {minutes} minutes"));
    let done = AtomicBool::new(false);
    let (load, memory) = thread::scope(|scope| {
        let memory = scope.spawn(|| watch(&service, &done));
        let load = Load::run(
            address,
            CONNECTIONS,
            &requests,
            Duration::from_secs(minutes * 60),
        );
        done.store(true, Ordering::Relaxed);
        (load, memory.join().unwrap_or_default())
    });
    let load = load?;
    println!("\n| soak, {minutes} minutes, {CONNECTIONS} connections | |\n|---|---:|");
    println!(
        "| answered | {} ({:.0}/s) |",
        load.answered(),
        load.per_second()
    );
    println!("| errors | {} |", load.errors);
    let [p50, p99, max] = [0.5, 0.99, 1.0].map(|share| load.quantile(share));
    println!("| latency | p50 {p50:.2} ms, p99 {p99:.2} ms, max {max:.1} ms |");
    println!(
        "| disk | {:.0} MiB |",
        folder.disk()? as f64 / f64::from(1 << 20)
    );
    let quarter = |quarters: usize| memory.get((memory.len() * quarters / 4).saturating_sub(1));
    if let [Some(first), Some(half), Some(last)] = [memory.first(), quarter(2), memory.last()] {
        let most = memory.iter().copied().fold(0.0, f64::max);
        println!(
            "| memory, every {} s | first {first:.1}, at half {half:.1}, last {last:.1}, most {most:.1} MiB |",
            INTERVAL.as_secs()
        );
    }
    ensure!(load.errors == 0, "{} requests failed", load.errors);
    Ok(())
}

/// Resident memory in MiB, from time to time.
fn watch(service: &Service, done: &AtomicBool) -> Vec<f64> {
    let mut memory = Vec::new();
    let mut next = Instant::now() + INTERVAL;
    while !done.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(100));
        if Instant::now() >= next {
            next += INTERVAL;
            memory.extend(service.memory());
        }
    }
    memory
}
