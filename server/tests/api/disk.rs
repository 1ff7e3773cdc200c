//! What is particular to a file: the order in which the system is called, a full
//! disk, other programs' files.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use churn_server::store::{Connection, migrations};
use serde_json::json;
use uuid::Uuid;

use crate::Failure;
use crate::durability::{ask, recorded};
use crate::server::{Server, database, eventually, small};

/// A kill cannot show that a sync is missing, since the system still holds what
/// was written. The order of the system's calls does: the log's sync comes
/// between its last write and the answer.
#[cfg(target_os = "linux")]
#[test]
fn the_disk_is_synced_before_the_answer_is_sent() -> Result<(), Failure> {
    let has_strace = Command::new("strace").arg("-V").output().is_ok();
    let required = std::env::var_os("CHURN_STRACE").is_some_and(|value| value == "required");
    if !has_strace && !required {
        println!("skipped: strace is not installed");
        return Ok(());
    }
    let folder = small("strace")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    ask(&mut client)?;
    let mut strace = Command::new("strace")
        .args([
            "-f",
            "-y",
            "-s",
            "24",
            "-e",
            "trace=pwrite64,write,writev,sendto,fsync,fdatasync",
        ])
        .args(["-o", "trace.txt", "-p", &server.id().to_string()])
        .current_dir(folder.path())
        .stderr(std::process::Stdio::null())
        .spawn()?;
    // Attaching takes a moment; the trace then begins to fill.
    let mut answers = 0;
    for _ in 0..200 {
        ask(&mut client)?;
        answers += 1;
        let trace = folder.read("trace.txt").unwrap_or_default();
        if trace.matches("HTTP/1.1 200").count() > 12 {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    Command::new("kill").arg(strace.id().to_string()).status()?;
    strace.wait()?;
    let trace = folder.read("trace.txt")?;
    let checked = check_order(&trace)?;
    println!("{checked} answers of {answers} in the trace");
    assert!(checked >= 10, "too few answers in the trace: {checked}");
    Ok(())
}

/// The number of answers in a trace, each of which came after a sync that ended
/// after the log's last write.
fn check_order(trace: &str) -> Result<usize, Failure> {
    let (mut synced, mut written, mut answers) = (false, false, 0);
    let mut pending = HashSet::new();
    for line in trace.lines() {
        let thread = line.split_whitespace().next().unwrap_or_default();
        let is_sync = line.contains("fsync(") || line.contains("fdatasync(");
        if line.contains("pwrite64(") && line.contains("churn.db-wal") {
            (written, synced) = (true, false);
        } else if is_sync && line.contains("churn.db-wal") {
            if line.contains("<unfinished") {
                pending.insert(thread);
            } else {
                synced = line.ends_with("= 0");
            }
        } else if line.contains("sync resumed>") && pending.remove(thread) {
            synced = line.ends_with("= 0");
        } else if line.contains("HTTP/1.1 200") && written {
            if !synced {
                return Err(format!("answered before the sync: {line}").into());
            }
            answers += 1;
            written = false;
        }
    }
    Ok(answers)
}

#[test]
fn a_trace_without_a_sync_is_found_out() {
    let write = "7 pwrite64(9</d/churn.db-wal>, \"x\", 4096, 0) = 4096\n";
    let sync = "7 fdatasync(9</d/churn.db-wal>) = 0\n";
    let answer = "8 writev(12<socket:[1]>, [{\"HTTP/1.1 200 OK\"}]) = 90\n";
    assert!(check_order(&[write, sync, answer].concat()).is_ok_and(|answers| answers == 1));
    assert!(check_order(&[write, answer].concat()).is_err());
    assert!(check_order(&[write, sync, write, answer].concat()).is_err());
    let started = "7 fdatasync(9</d/churn.db-wal> <unfinished ...>\n";
    assert!(check_order(&[write, started, answer].concat()).is_err());
    let ended = "7 <... fdatasync resumed>) = 0\n";
    assert!(check_order(&[write, started, ended, answer].concat()).is_ok());
    let failed = "7 <... fdatasync resumed>) = -1 EIO (Input/output error)\n";
    assert!(check_order(&[write, started, failed, answer].concat()).is_err());
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_loses_nothing() -> Result<(), Failure> {
    let folder = small("full")?;
    folder
        .run(&["deploy", "model.json", "--data-dir", "data"])?
        .succeeded()?;
    // No file may grow beyond this many blocks of 512 bytes or a kilobyte.
    let script = "trap '' XFSZ; ulimit -f 4000; exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command
        .args(["-c", script, env!("CARGO_BIN_EXE_churn")])
        .args([
            "serve",
            "--open",
            "--addr",
            "127.0.0.1:0",
            "--data-dir",
            "data",
        ])
        .current_dir(folder.path());
    let mut server = Server::spawn(&mut command)?;
    let mut client = server.client()?;
    let mut acknowledged = HashSet::new();
    let refused = loop {
        let answer = client.post("/model", &json!({"request": {"spend": 3}}))?;
        if answer.status != 200 {
            break answer;
        }
        let uuid = answer.json(200)?["response"]["uuid"]
            .as_str()
            .unwrap_or_default()
            .parse()?;
        acknowledged.insert(uuid);
        if acknowledged.len() > 20_000 {
            return Err("the disk is never full".into());
        }
    };
    assert_eq!(refused.error(503)?.0, "store.refused");
    // It stays so, and is told to whoever watches; reading goes on.
    assert_eq!(
        client
            .post("/model", &json!({"request": {}}))?
            .error(503)?
            .0,
        "store.refused"
    );
    assert_eq!(client.get("/health/ready")?.error(503)?.0, "store.refused");
    assert_eq!(client.get("/health/live")?.status, 200);
    assert_eq!(client.get("/api/v1/predictions")?.status, 200);
    let unrecorded = json!({"customers": [{}]});
    assert_eq!(
        client
            .post("/api/v1/predict?record=false", &unrecorded)?
            .status,
        200
    );
    // Nor is anything promised for later.
    let soon = client.post("/api/v1/predict?durability=relaxed", &unrecorded)?;
    assert_eq!(soon.error(503)?.0, "store.refused");
    assert!(client.get("/metrics")?.text().contains("churn_ready 0"));
    let log = server.log();
    assert!(
        log.contains("the disk refused a write: no more is written"),
        "{log}"
    );
    // Whoever started it is told by the way it ends, too.
    server.terminate()?;
    assert_eq!(server.wait()?.code(), Some(2));
    // What it said last is still on its way here.
    eventually(|| Ok(server.log().contains("error: the disk refused a write")))?;

    println!(
        "{} acknowledged before the disk was full",
        acknowledged.len()
    );
    assert!(acknowledged.len() > 20, "{}", acknowledged.len());
    assert!(
        acknowledged.is_subset(&recorded(&folder)?),
        "acknowledged and lost"
    );
    // With room again, all goes on.
    let server = Server::start(&folder, &["--open"])?;
    ask(&mut server.client()?)?;
    Ok(())
}

#[test]
fn what_is_sent_early_is_recorded_when_it_can_be() -> Result<(), Failure> {
    let folder = small("early-answer")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let call = json!({"customers": [{"spend": 3}]});
    // Nobody can commit meanwhile.
    let mut other = database(&folder)?;
    other.script("BEGIN IMMEDIATE")?;
    let relaxed = "/api/v1/predict?durability=relaxed";
    let answer = client.post(relaxed, &call)?.json(200)?;
    let uuid = answer["predictions"][0]["uuid"].as_str();
    let path = format!("/api/v1/predictions/{}", uuid.ok_or("no uuid")?);
    assert_eq!(client.get(&path)?.status, 404);
    other.script("COMMIT")?;
    eventually(|| Ok(client.get(&path)?.status == 200))
}

#[test]
fn an_upgrade_keeps_the_file_as_it_was() -> Result<(), Failure> {
    let folder = small("upgrade")?;
    drop(Server::open(&folder)?);
    // The data of an older version, with a deployment and a prediction.
    let path = folder.path().join("data/churn.db");
    let kept = "SELECT sha256, document FROM builds";
    let kept = database(&folder)?.first(kept, &[], |row| {
        Ok((row.get::<String>(0)?, row.get::<String>(1)?))
    })?;
    let (sha256, document) = kept.ok_or("no model")?;
    for extension in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(extension));
    }
    let mut old = Connection::Sqlite(rusqlite::Connection::open(&path)?);
    old.script("PRAGMA journal_mode = WAL")?;
    migrations::run_to(&mut old, 1)?;
    let uuid = Uuid::from_u128(7);
    old.execute("INSERT INTO models VALUES (1, ?1, 'model', 2)", &[&uuid])?;
    let build = "INSERT INTO builds VALUES (1, ?1, 1, 3, ?2, ?3)";
    old.execute(build, &[&uuid, &sha256, &document])?;
    old.execute("INSERT INTO deployments VALUES (1, ?1, 1, 4)", &[&uuid])?;
    let prediction = "INSERT INTO predictions (uuid, deployment, start_ms, duration_us) \
                      VALUES (?1, 1, 5, 6)";
    old.execute(prediction, &[&uuid])?;
    drop(old);

    let server = Server::start(&folder, &["--open"])?;
    let one = format!("/api/v1/predictions/{uuid}");
    server.client()?.get(&one)?.json(200)?;
    drop(server);
    let kept = folder.path().join("data/churn.db.version-1");
    let mut kept = Connection::Sqlite(rusqlite::Connection::open(kept)?);
    let version = kept.first("PRAGMA user_version", &[], |row| row.get::<i64>(0))?;
    assert_eq!(version, Some(1));
    let names = kept.query("SELECT uuid FROM predictions", &[], |row| {
        row.get::<Uuid>(0)
    })?;
    assert_eq!(names, [uuid]);
    drop(kept);
    // It is a backup as any other, and made once.
    let restore = ["restore", "data/churn.db.version-1", "--data-dir", "again"];
    let told = folder.run(&restore)?.succeeded()?.err();
    assert!(told.starts_with("restored 1 prediction: again"), "{told}");
    std::fs::remove_file(folder.path().join("data/churn.db.version-1"))?;
    drop(Server::start(&folder, &["--open"])?);
    let again = folder.path().join("data/churn.db.version-1");
    assert!(!again.exists(), "kept though nothing changed");
    Ok(())
}

#[test]
fn a_newer_or_foreign_file_is_left_alone() -> Result<(), Failure> {
    let folder = small("newer")?;
    drop(Server::open(&folder)?);
    database(&folder)?.script("PRAGMA user_version = 99")?;
    let serve = [
        "serve",
        "--open",
        "--addr",
        "127.0.0.1:0",
        "--data-dir",
        "data",
    ];
    for arguments in [&serve[..], &["key", "list", "--data-dir", "data"]] {
        let refused = folder.run(arguments)?.refused()?;
        let newest = migrations::NEWEST;
        let told = format!(
            "the data is of version 99, this program knows up to {newest}: \
             it was written by a newer `churn`; use that one"
        );
        assert!(refused.contains(&told), "{refused}");
    }
    std::fs::write(
        folder.path().join("data/churn.db"),
        "no database at all, but a text",
    )?;
    for extension in ["db-wal", "db-shm"] {
        let _ = std::fs::remove_file(folder.path().join("data/churn").with_extension(extension));
    }
    let refused = folder.run(&serve)?.refused()?;
    assert!(refused.contains("file is not a database"), "{refused}");
    let untouched = std::fs::read_to_string(folder.path().join("data/churn.db"))?;
    assert_eq!(untouched, "no database at all, but a text");
    Ok(())
}

#[cfg(unix)]
#[test]
fn the_data_are_their_owners_only() -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = small("private")?;
    let _server = Server::open(&folder)?;
    let mode = |path: &Path| -> Result<u32, Failure> {
        Ok(std::fs::metadata(path)?.permissions().mode() & 0o777)
    };
    assert_eq!(mode(&folder.path().join("data"))?, 0o700);
    Ok(())
}
