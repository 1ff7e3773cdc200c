//! A disk that fails to write or to sync: made to, under the real server.
#![cfg(target_os = "linux")]

use std::collections::HashSet;
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::json;
use uuid::Uuid;

use crate::Failure;
use crate::client::Client;
use crate::program::Folder;
use crate::server::{Server, eventually, small};

/// Whether what a test needs is there; `cargo xtask test` sees to it.
pub fn has(found: bool, name: &str) -> bool {
    let required = std::env::var_os("CHURN_STRACE").is_some_and(|value| value == "required");
    if !found && !required {
        println!("skipped: {name} is not installed");
    }
    found || required
}

/// What fails, how, and from which call of a thread on: early in a log, and late.
const FAULTS: [(&str, &str, usize); 6] = [
    ("fsync,fdatasync", "EIO", 1),
    ("fsync,fdatasync", "EIO", 5),
    ("fsync,fdatasync", "EIO", 40),
    ("pwrite64", "ENOSPC", 1),
    ("pwrite64", "ENOSPC", 8),
    ("pwrite64", "EIO", 43),
];

/// Lets calls of a process to the system fail, and writes all of these calls to
/// `trace.txt`.
fn fail(
    folder: &Folder,
    server: &Server,
    (calls, error, first): (&str, &str, usize),
) -> Result<Child, Failure> {
    let strace = Command::new("strace")
        .args(["-f", "-y", "-s", "0"])
        .args(["-e", "trace=pwrite64,ftruncate,fsync,fdatasync"])
        .args(["-e", &format!("inject={calls}:error={error}:when={first}+")])
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
            return Err("nothing fails".into());
        }
    }
}

#[test]
fn after_a_failed_call_nothing_is_written_and_nothing_lost() -> Result<(), Failure> {
    if !has(Command::new("strace").arg("-V").output().is_ok(), "strace") {
        return Ok(());
    }
    let mut acknowledged = HashSet::new();
    let folder = small("sync")?;
    for fault in FAULTS {
        let mut server = Server::open(&folder)?;
        let mut client = server.client()?;
        client.post("/model", &json!({"request": {}}))?.json(200)?;
        let mut strace = fail(&folder, &server, fault)?;
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
        eventually(|| Ok(server.log().contains(told)))?;
        server.terminate()?;
        eventually(|| server.has_ended())?;
        assert_eq!(server.wait()?.code(), Some(2));
        strace.wait()?;
        check_trace(&folder.read("trace.txt")?)?;
    }

    // With a disk that works all goes on, and all is there.
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    client.post("/model", &json!({"request": {}}))?.json(200)?;
    for uuid in &acknowledged {
        client
            .get(&format!("/api/v1/predictions/{uuid}"))?
            .json(200)?;
    }
    println!("{} acknowledged before a call failed", acknowledged.len());
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
    let failed = lines.iter().position(|line| line.contains("(INJECTED)"));
    let failed = failed.ok_or("no call failed")?;
    match lines.get(failed + 1..).unwrap_or_default() {
        [] => Ok(()),
        [after, ..] => Err(format!("after {}: {after}", lines[failed]).into()),
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
