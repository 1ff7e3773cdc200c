//! Whoever is killed when: no run is lost, and none is at work twice at once.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::{PLACE, SERVE, add, becomes, job, shown, states};
use crate::Failure;
use crate::program::{CUSTOMERS, Folder};
use crate::server::{Server, data, eventually};

/// Processes of tries on this folder's data that are there now.
fn tries(program: &Path, folder: &Path) -> Result<Vec<u32>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let entry = entry?.path();
        let id = entry
            .file_name()
            .and_then(|name| name.to_str()?.parse().ok());
        let (Some(id), Ok(line)) = (id, fs::read(entry.join("cmdline"))) else {
            continue;
        };
        let words: Vec<&[u8]> = line.split(|&byte| byte == 0).collect();
        let is_try = words.len() > 3 && words[1] == b"job" && words[2] == b"attempt";
        let is_here = fs::read_link(entry.join("cwd")).is_ok_and(|cwd| cwd == folder);
        if is_try && is_here && words[0] == program.as_os_str().as_encoded_bytes() {
            found.push(id);
        }
    }
    Ok(found)
}

#[test]
fn a_killed_server_neither_loses_a_run_nor_runs_it_twice() -> Result<(), Failure> {
    let folder = Folder::new("jobs-killed")?;
    let ingest = [
        "ingest",
        CUSTOMERS,
        "--table",
        "customers",
        "--tables",
        "tables",
    ];
    folder.run(&[&ingest[..], &PLACE].concat())?.succeeded()?;
    // Experiments keep each other out by themselves: a second one at the same time
    // would fail, and say so. Its runs take some hundred milliseconds each.
    let grid = "kind = 'experiment'\ntable = 'customers'\ngrid = '''\n[[grid]]\n\
                model = \"logistic\"\ncv = [8, 9, 10, 11, 12, 13, 14, 15]\nbalanced = [false, true]\n\
                scoring = [\"accuracy\", \"log_loss\", \"roc_auc\"]\n'''\n";
    add(&folder, "grid", &format!("[work]\n{grid}"))?;
    add(
        &folder,
        "then",
        "schedule.after = 'grid'\n[work]\nkind = 'evaluate'\ntable = 'customers'\nmodel = 'none'\n",
    )?;
    job(&folder, &["run", "grid"])?;
    let program = fs::canonicalize(env!("CARGO_BIN_EXE_churn"))?;
    let path = fs::canonicalize(folder.path())?;
    let mut seen = 0;
    for round in 0..6_u64 {
        let mut server = Server::start(&folder, &SERVE)?;
        // Long enough that a try begins, at ever other points of it.
        eventually(|| {
            Ok(!tries(&program, &path)?.is_empty() || states(&folder, "grid")? == ["succeeded"])
        })?;
        sleep(Duration::from_millis(130 * round));
        seen += tries(&program, &path)?.len();
        server.kill()?;
    }
    assert!(
        seen >= 3,
        "tries were under way when the server was killed: {seen}"
    );
    // Whoever was left ends by itself.
    eventually(|| Ok(tries(&program, &path)?.is_empty()))?;
    let _server = Server::start(&folder, &SERVE)?;
    becomes(&folder, "grid", &["succeeded"])?;
    becomes(&folder, "then", &["failed"])?;
    let told = shown(&folder, "grid")?;
    let attempts = told["runs"][0]["attempts"].as_array().ok_or("no tries")?;
    let states: Vec<&str> = attempts
        .iter()
        .filter_map(|one| one["state"].as_str())
        .collect();
    let (last, before) = states.split_last().ok_or("no try")?;
    assert_eq!(*last, "succeeded");
    assert!(
        before.len() >= 3 && before.iter().all(|state| *state == "broken_off"),
        "{told}"
    );
    let times: Vec<(i64, i64)> = attempts
        .iter()
        .filter_map(|one| Some((one["started_ms"].as_i64()?, one["ended_ms"].as_i64()?)))
        .collect();
    assert!(
        times.windows(2).all(|pair| pair[0].1 <= pair[1].0),
        "{times:?}"
    );
    // Each model was kept once, whichever try made it.
    let listed = folder.run(&[&["run", "list", "--json"][..], &PLACE].concat())?;
    let listed: Value = serde_json::from_str(&listed.succeeded()?.out())?;
    let runs = listed["runs"].as_array().ok_or("no runs")?;
    assert_eq!(runs.len(), 48);
    assert!(
        runs.iter().all(|run| run["status"] == "finished"),
        "{listed}"
    );
    Ok(())
}

/// Sends a signal to a process.
fn signal(name: &str, id: u32) -> Result<(), Failure> {
    let sent = Command::new("kill")
        .args([name, &id.to_string()])
        .status()?;
    assert!(sent.success());
    Ok(())
}

/// A process that cannot end by itself; it is ended with the test.
struct Frozen(u32);

impl Drop for Frozen {
    fn drop(&mut self) {
        // It may have ended, and be no affair of ours any more.
        let _ = Command::new("kill")
            .args(["-CONT", &self.0.to_string()])
            .output();
    }
}

#[test]
fn a_try_that_outlives_its_server_keeps_others_out() -> Result<(), Failure> {
    let folder = Folder::new("jobs-frozen")?;
    let pipe = folder.path().join("pipe.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status()?.success());
    let stuck = "retries = 1\nbackoff_s = 1\n[work]\nkind = 'ingest'\ntable = 't'\n\
                 sources = ['pipe.csv']\n";
    add(&folder, "stuck", stuck)?;
    // It needs nothing that the other one holds, and fails at once.
    let other = "[work]\nkind = 'evaluate'\ntable = 'none'\nmodel = 'none'\n";
    add(&folder, "other", other)?;
    let program = fs::canonicalize(env!("CARGO_BIN_EXE_churn"))?;
    let path = fs::canonicalize(folder.path())?;
    let mut server = Server::start(&folder, &SERVE)?;
    job(&folder, &["run", "stuck"])?;
    // It has the lock, and waits for rows that do not come.
    let place = data(&folder)?;
    eventually(|| Ok(tries(&program, &path)?.len() == 1 && place.take_job(1)?.is_none()))?;
    let frozen = tries(&program, &path)?[0];
    // Until it waits for rows it may hold the database for a moment.
    sleep(Duration::from_millis(500));
    // It has a moment to end when its server is killed, and cannot use it.
    server.kill()?;
    signal("-STOP", frozen)?;
    let _end = Frozen(frozen);
    let _server = Server::start(&folder, &SERVE)?;
    for _ in 0..3 {
        // The new server looks, and does what it may.
        job(&folder, &["run", "other"])?;
        eventually(|| Ok(shown(&folder, "other")?["job"]["open"] == json!([])))?;
    }
    assert_eq!(states(&folder, "other")?, ["failed"; 3]);
    assert_eq!(tries(&program, &path)?, [frozen]);
    let told = shown(&folder, "stuck")?;
    let attempts = told["runs"][0]["attempts"].as_array().map(Vec::len);
    assert_eq!(
        (attempts, states(&folder, "stuck")?),
        (Some(1), vec!["running".to_owned()])
    );
    // When it goes on it ends, and only then another one begins.
    signal("-CONT", frozen)?;
    eventually(|| {
        let now = tries(&program, &path)?;
        Ok(now.len() == 1 && now[0] != frozen)
    })
    .map_err(|_| {
        format!(
            "no other try: {:?} {:?}",
            tries(&program, &path),
            shown(&folder, "stuck")
        )
    })?;
    // One that is killed alone has failed, and is tried again.
    signal("-KILL", tries(&program, &path)?[0])?;
    eventually(|| {
        let told = shown(&folder, "stuck")?;
        Ok(told["runs"][0]["attempts"].as_array().map(Vec::len) == Some(3))
    })
    .map_err(|_| format!("no third try: {:?}", shown(&folder, "stuck")))?;
    job(&folder, &["cancel", "stuck"])?;
    becomes(&folder, "stuck", &["cancelled"])?;
    let told = shown(&folder, "stuck")?;
    let attempts = told["runs"][0]["attempts"].as_array().ok_or("no tries")?;
    let ends: Vec<&str> = attempts
        .iter()
        .filter_map(|one| one["state"].as_str())
        .collect();
    assert_eq!(ends, ["broken_off", "failed", "cancelled"]);
    assert_eq!(attempts[1]["result"], "killed by the system");
    Ok(())
}
