//! A disk that fails to sync, and a clock that goes backwards: made to, on the
//! real server, by what the system offers for that.
#![cfg(target_os = "linux")]

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::Failure;
use crate::client::Client;
use crate::program::Folder;
use crate::server::{Server, eventually, small};

/// Where Debian puts the library that tells another time.
fn faketime() -> String {
    let system = std::env::consts::ARCH;
    format!("/usr/lib/{system}-linux-gnu/faketime/libfaketimeMT.so.1")
}

/// Whether what a test needs is there; `cargo xtask test` sees to it.
fn has(needed: bool, name: &str) -> bool {
    let required = std::env::var_os("CHURN_STRACE").is_some_and(|value| value == "required");
    if !needed && !required {
        println!("skipped: {name} is not installed");
    }
    needed || required
}

/// Lets every sync of a process fail from the `first` one of a thread on, and
/// writes its calls to `trace.txt`.
fn fail_syncs(folder: &Folder, server: &Server, first: usize) -> Result<Child, Failure> {
    let strace = Command::new("strace")
        .args(["-f", "-y", "-s", "0"])
        .args(["-e", "trace=pwrite64,ftruncate,fsync,fdatasync"])
        .args([
            "-e",
            &format!("inject=fsync,fdatasync:error=EIO:when={first}+"),
        ])
        .args(["-o", "trace.txt", "-p", &server.id().to_string()])
        .current_dir(folder.path())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(strace)
}

/// Asks until it is refused; what was acknowledged, and the refusal's code.
fn ask_until_refused(server: &str) -> Result<(HashSet<Uuid>, String), Failure> {
    let mut client = Client::new(server, None)?;
    let mut acknowledged = HashSet::new();
    loop {
        let answer = client.post("/model", &json!({"request": {"spend": 3}}))?;
        if answer.status != 200 {
            return Ok((acknowledged, answer.error(503)?.0));
        }
        let answer = answer.json(200)?;
        let uuid = answer["response"]["uuid"].as_str().unwrap_or_default();
        acknowledged.insert(uuid.parse()?);
        if acknowledged.len() > 100_000 {
            return Err("no sync fails".into());
        }
    }
}

#[test]
fn after_a_failed_sync_nothing_is_written_and_nothing_lost() -> Result<(), Failure> {
    if !has(Command::new("strace").arg("-V").output().is_ok(), "strace") {
        return Ok(());
    }
    let mut acknowledged = HashSet::new();
    let folder = small("sync")?;
    // Another one each time: early in a log, and late.
    for first in [1, 5, 40] {
        let mut server = Server::open(&folder)?;
        let mut client = server.client()?;
        client.post("/model", &json!({"request": {}}))?.json(200)?;
        let mut strace = fail_syncs(&folder, &server, first)?;
        let asking = thread::scope(|scope| {
            let asking: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        ask_until_refused(&server.address).map_err(|error| error.to_string())
                    })
                })
                .collect();
            let joined = asking.into_iter().map(|asked| asked.join());
            joined.collect::<Result<Vec<_>, _>>()
        });
        for asked in asking.map_err(|_| "a client failed")? {
            let (more, code) = asked?;
            assert_eq!(code, "store.refused");
            acknowledged.extend(more);
        }
        // It stays so, also for ground truth, and who watches is told.
        let labels = json!({"labels": [{"uuid": Uuid::nil(), "label": true}]});
        let refused = client.post("/api/v1/labels", &labels)?;
        assert_eq!(refused.error(503)?.0, "store.refused");
        assert_eq!(client.get("/health/ready")?.error(503)?.0, "store.refused");
        assert_eq!(client.get("/health/live")?.status, 200);
        assert_eq!(client.get("/api/v1/predictions?limit=1")?.status, 200);
        let told = "the disk refused a write: no more is written";
        assert!(server.log().contains(told), "{}", server.log());
        server.terminate()?;
        eventually(|| server.has_ended())?;
        strace.wait()?;
        check_trace(&folder.read("trace.txt")?)?;
    }

    // With a disk that syncs all goes on, and all is there.
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    client.post("/model", &json!({"request": {}}))?.json(200)?;
    for uuid in &acknowledged {
        client
            .get(&format!("/api/v1/predictions/{uuid}"))?
            .json(200)?;
    }
    println!("{} acknowledged before a sync failed", acknowledged.len());
    assert!(acknowledged.len() > 20, "{}", acknowledged.len());
    let database = rusqlite::Connection::open(folder.path().join("data/churn.db"))?;
    let check: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    assert_eq!(check, "ok");
    Ok(())
}

/// A sync that failed once may seem to be done the next time, though the system
/// has thrown away what it was to make safe: nobody may try again, nor build on
/// what was written before.
fn check_trace(trace: &str) -> Result<(), Failure> {
    let of_data = |line: &&str| line.contains("/data/churn.db") && !line.contains("-shm");
    let lines: Vec<&str> = trace.lines().filter(of_data).collect();
    let failed = lines.iter().position(|line| line.contains("EIO"));
    let failed = failed.ok_or("no sync failed")?;
    match lines.get(failed + 1..).unwrap_or_default() {
        [] => Ok(()),
        [after, ..] => Err(format!("after a failed sync: {after}").into()),
    }
}

#[test]
fn a_trace_of_one_more_try_is_found_out() {
    let failed = "7 fdatasync(9</d/data/churn.db-wal>) = -1 EIO (Input/output error) (INJECTED)\n";
    let again = "7 fdatasync(9</d/data/churn.db-wal>) = 0\n";
    let write = "7 pwrite64(9</d/data/churn.db-wal>, \"\"..., 4096, 0) = 4096\n";
    assert!(check_trace(&[write, failed].concat()).is_ok());
    assert!(check_trace(&[write, failed, again].concat()).is_err());
    assert!(check_trace(&[failed, write].concat()).is_err());
    assert!(check_trace(write).is_err());
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
