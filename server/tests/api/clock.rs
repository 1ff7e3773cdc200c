//! A clock that goes backwards: made to, under the real server.
#![cfg(target_os = "linux")]

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::Failure;
use crate::faults::has;
use crate::program::Folder;
use crate::server::{Server, eventually, small};

/// Where Debian puts the library that tells another time.
fn faketime() -> String {
    let system = std::env::consts::ARCH;
    format!("/usr/lib/{system}-linux-gnu/faketime/libfaketimeMT.so.1")
}

/// Says what time it is to a server started with [`clocked`].
fn set_clock(folder: &Folder, shift: &str) -> Result<(), Failure> {
    // Replaced in one step: the server may read at any moment.
    folder.write("clock.new", shift)?;
    std::fs::rename(folder.path().join("clock.new"), folder.path().join("clock"))?;
    Ok(())
}

/// An open server whose clock on the wall is shifted.
fn clocked(folder: &Folder) -> Result<Server, Failure> {
    let options = [
        "serve",
        "--open",
        "--addr",
        "127.0.0.1:0",
        "--data-dir",
        "data",
    ];
    let mut command = folder.command(&[&options[..], &["--model", "model.json"]].concat());
    command
        .env("LD_PRELOAD", faketime())
        .env("FAKETIME_TIMESTAMP_FILE", folder.path().join("clock"))
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    Server::spawn(&mut command)
}

#[test]
fn a_clock_that_is_set_back_confuses_nothing() -> Result<(), Failure> {
    if !has(Path::new(&faketime()).exists(), "libfaketime") {
        return Ok(());
    }
    let folder = small("clock")?;
    set_clock(&folder, "+0")?;
    let server = clocked(&folder)?;
    let mut client = server.client()?;
    let mut all = BTreeMap::new();
    let mut starts = Vec::new();
    let mut first = None;
    // Hours ahead, back, before the first one, and ahead again.
    for (at, shift) in ["+0", "+3h", "-2h", "-5d", "+1h"].into_iter().enumerate() {
        set_clock(&folder, shift)?;
        for spend in 0..50 {
            let spend = at * 50 + spend;
            let call = json!({"request": {"spend": spend}});
            let answer = client.post("/model", &call)?.json(200)?;
            let uuid: Uuid = answer["response"]["uuid"]
                .as_str()
                .unwrap_or_default()
                .parse()?;
            assert_eq!(all.insert(uuid, spend), None, "a name twice");
        }
        // What became of one customer is told again and again; the last counts.
        let uuid = *first.get_or_insert(*all.keys().next().ok_or("none")?);
        let labels = json!({"labels": [{"uuid": uuid, "label": at % 2 == 0}]});
        let report = client.post("/api/v1/labels", &labels)?.json(200)?;
        assert_eq!(
            report[if at == 0 { "applied" } else { "corrected" }],
            1,
            "{report}"
        );
    }
    for (uuid, spend) in &all {
        let told = client
            .get(&format!("/api/v1/predictions/{uuid}"))?
            .json(200)?;
        assert_eq!(told["input"]["spend"], json!(*spend as f64));
        assert!(
            told["duration_us"]
                .as_i64()
                .is_some_and(|us| (0..60_000_000).contains(&us))
        );
        starts.push(told["start_ms"].as_i64().ok_or("no time")?);
    }
    starts.sort_unstable();
    let hours = (starts[starts.len() - 1] - starts[0]) as f64 / 3.6e6;
    assert!(
        (122.5..123.5).contains(&hours),
        "the clock was not shifted: {hours} h"
    );

    // Page by page, everything once, by time.
    let mut listed = Vec::new();
    let mut after = String::new();
    loop {
        let page = client
            .get(&format!("/api/v1/predictions?limit=7{after}"))?
            .json(200)?;
        listed.extend(page["predictions"].as_array().ok_or("no page")?.clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let times: Vec<Option<i64>> = listed.iter().map(|one| one["start_ms"].as_i64()).collect();
    assert_eq!(times, starts.iter().copied().map(Some).collect::<Vec<_>>());
    let names: HashSet<&str> = listed
        .iter()
        .filter_map(|one| one["uuid"].as_str())
        .collect();
    assert_eq!(names.len(), all.len());

    // The history is in the order in which it came, whatever the clock said.
    let first = first.ok_or("none")?;
    let told = client
        .get(&format!("/api/v1/predictions/{first}"))?
        .json(200)?;
    let labels = told["labels"].as_array().ok_or("no labels")?;
    let values: Vec<&Value> = labels.iter().map(|label| &label["value"]).collect();
    assert_eq!(values, [true, false, true, false, true]);
    let moments: Vec<i64> = labels
        .iter()
        .filter_map(|label| label["recorded_ms"].as_i64())
        .collect();
    assert!(
        moments[1] > moments[2] && moments[2] > moments[3],
        "{moments:?}"
    );
    drop(server);

    // A start in the past finds all of it.
    set_clock(&folder, "-9d")?;
    let server = clocked(&folder)?;
    let mut client = server.client()?;
    client.post("/model", &json!({"request": {}}))?.json(200)?;
    eventually(|| Ok(client.get("/health/ready")?.status == 200))?;
    let read = client.post("/read-metrics", &json!({}))?.json(200)?;
    assert_eq!(
        read["metrics"].as_array().map(Vec::len),
        Some(all.len() + 1)
    );
    Ok(())
}
