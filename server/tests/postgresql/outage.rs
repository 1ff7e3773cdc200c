//! PostgreSQL goes away in the middle, and comes back.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use crate::Failure;
use crate::client::Client;
use crate::cluster::Cluster;
use crate::durability::recorded;
use crate::program::Folder;
use crate::server::{Server, eventually, small};

/// How often PostgreSQL crashes.
const CRASHES: usize = 6;

/// Clients that ask meanwhile.
const CLIENTS: usize = 6;

/// A folder whose data are in a cluster of its own.
fn apart(name: &str) -> Result<(Cluster, Folder), Failure> {
    let cluster = Cluster::start("")?;
    let url = cluster.make(name)?;
    Ok((cluster, small(name)?.with_database(url)))
}

/// Asks again and again while something happens to PostgreSQL, and checks that
/// nothing is lost that was acknowledged meanwhile. What happens is told how many
/// are so far.
fn while_asking(
    folder: &Folder,
    server: &Server,
    happen: impl FnOnce(&mut Client, &dyn Fn() -> usize) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let acknowledged = Mutex::new(HashSet::new());
    let (done, refused) = (AtomicBool::new(false), AtomicUsize::new(0));
    let ask = || -> Result<(), String> {
        let told = |error: Failure| error.to_string();
        let mut client = Client::new(&server.address, None).map_err(told)?;
        while !done.load(Relaxed) {
            let answer = client
                .post("/model", &json!({"request": {"spend": 3}}))
                .map_err(told)?;
            if answer.status == 200 {
                let answer = answer.json(200).map_err(told)?;
                let uuid = answer["response"]["uuid"].as_str().unwrap_or_default();
                let uuid: Uuid = uuid.parse().map_err(|_| "no uuid")?;
                acknowledged.lock().map(|mut all| all.insert(uuid)).ok();
                continue;
            }
            if answer.header("retry-after") != Some("1") {
                return Err(format!("not told when to try again: {}", answer.text()));
            }
            let (code, _) = answer.error(503).map_err(told)?;
            assert_eq!(code, "store.away");
            refused.fetch_add(1, Relaxed);
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    };
    let so_far = || acknowledged.lock().map_or(0, |all| all.len());
    thread::scope(|scope| -> Result<(), Failure> {
        let asking: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(ask)).collect();
        let happened = server
            .client()
            .and_then(|mut watch| happen(&mut watch, &so_far));
        done.store(true, Relaxed);
        for asked in asking {
            asked.join().map_err(|_| "a client failed")??;
        }
        happened
    })?;
    let acknowledged = acknowledged.into_inner()?;
    let recorded = recorded(folder)?;
    println!(
        "{} acknowledged, {} recorded, {} refused",
        acknowledged.len(),
        recorded.len(),
        refused.into_inner()
    );
    let lost = acknowledged.difference(&recorded).count();
    assert_eq!(lost, 0, "acknowledged and lost");
    let log = server.log();
    assert!(
        log.contains("nothing is written until the database answers"),
        "{log}"
    );
    assert!(log.contains("the database answers again"), "{log}");
    Ok(())
}

/// What needs no record is answered though PostgreSQL is not there.
fn answers_unrecorded(watch: &mut Client) -> Result<(), Failure> {
    assert_eq!(watch.get("/health/ready")?.error(503)?.0, "store.away");
    assert_eq!(watch.get("/health/live")?.status, 200);
    let unrecorded = json!({"customers": [{}]});
    let answer = watch.post("/api/v1/predict?record=false", &unrecorded)?;
    assert_eq!(answer.status, 200);
    Ok(())
}

#[test]
fn whatever_was_acknowledged_survives_a_crash_of_postgresql() -> Result<(), Failure> {
    let (cluster, folder) = apart("crashes")?;
    let server = Server::open(&folder)?;
    while_asking(&folder, &server, |watch, so_far| {
        for crash in 0..CRASHES {
            let before = so_far();
            eventually(|| Ok(so_far() > before + 20))?;
            // Another moment each time.
            thread::sleep(Duration::from_millis((crash as u64 * 37) % 90));
            cluster.crash()?;
            eventually(|| Ok(watch.get("/health/ready")?.status == 503))?;
            answers_unrecorded(watch)?;
            assert_eq!(
                watch.get("/api/v1/predictions")?.error(503)?.0,
                "store.away"
            );
            cluster.start_again("")?;
            eventually(|| Ok(watch.get("/health/ready")?.status == 200))?;
            assert_eq!(watch.get("/api/v1/predictions")?.status, 200);
        }
        Ok(())
    })
}

/// It keeps its connections and answers nothing: no error ever comes.
#[test]
fn a_postgresql_that_hangs_is_given_up_and_taken_up_again() -> Result<(), Failure> {
    let (cluster, folder) = apart("hangs")?;
    let server = Server::open(&folder)?;
    while_asking(&folder, &server, |watch, so_far| {
        eventually(|| Ok(so_far() > 20))?;
        assert_eq!(watch.get("/api/v1/predictions")?.status, 200);
        let hanging = cluster.hang("hangs", "true")?;
        // Who reads is told as well, though later.
        let mut reader = server.client()?;
        let reading = thread::spawn(move || {
            let answer = reader.get("/api/v1/predictions");
            answer.map(|answer| answer.status).unwrap_or_default()
        });
        eventually(|| Ok(watch.get("/health/ready")?.status == 503))?;
        answers_unrecorded(watch)?;
        assert_eq!(reading.join().unwrap_or_default(), 503);
        let before = so_far();
        drop(hanging);
        eventually(|| Ok(watch.get("/health/ready")?.status == 200))?;
        eventually(|| Ok(so_far() > before + 20))?;
        assert_eq!(watch.get("/api/v1/predictions")?.status, 200);
        Ok(())
    })
}

#[test]
fn a_writing_session_that_hangs_is_given_up_and_made_anew() -> Result<(), Failure> {
    let (cluster, folder) = apart("hangs-writing")?;
    let server = Server::open(&folder)?;
    while_asking(&folder, &server, |watch, so_far| {
        eventually(|| Ok(so_far() > 20))?;
        let writing = "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')";
        let hanging = cluster.hang("hangs-writing", writing)?;
        eventually(|| Ok(watch.get("/health/ready")?.status == 503))?;
        answers_unrecorded(watch)?;
        // Others are not in its place, as long as it may still write.
        assert_eq!(watch.get("/api/v1/predictions")?.status, 200);
        let before = so_far();
        drop(hanging);
        eventually(|| Ok(so_far() > before + 20))?;
        eventually(|| Ok(watch.get("/health/ready")?.status == 200))
    })
}

#[test]
fn a_session_that_was_ended_is_made_anew() -> Result<(), Failure> {
    let folder = small("sessions")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for _ in 0..3 {
        crate::cluster::shared()?.run("api-sessions", others)?;
        // Nobody has written meanwhile, and the server notices.
        eventually(|| Ok(client.post("/model", &json!({"request": {}}))?.status == 200))?;
        eventually(|| Ok(client.get("/health/ready")?.status == 200))?;
        assert_eq!(client.get("/api/v1/predictions")?.status, 200);
    }
    Ok(())
}

#[test]
fn a_server_that_lost_its_database_to_another_one_does_not_write() -> Result<(), Failure> {
    let folder = small("lost")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    client.post("/model", &json!({"request": {}}))?.json(200)?;
    // Its session ends, and somebody else is quicker.
    let mut other =
        postgres::Client::connect(folder.database_url().ok_or("no database")?, postgres::NoTls)?;
    let lock = "SELECT pg_try_advisory_lock(7163101024104742913)";
    assert!(!other.query_one(lock, &[])?.get::<_, bool>(0));
    let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks \
               WHERE locktype = 'advisory' AND granted AND database = \
               (SELECT oid FROM pg_database WHERE datname = current_database())";
    let ended = other.query(end, &[])?;
    assert_eq!(ended.len(), 1);
    let taken = other.query_one(lock, &[])?.get::<_, bool>(0);
    eventually(|| Ok(client.post("/model", &json!({"request": {}}))?.status != 200))?;
    assert!(taken, "the server was quicker");
    eventually(|| {
        Ok(server
            .log()
            .contains("another server is running on this database"))
    })?;
    let refused = client.post("/model", &json!({"request": {}}))?;
    assert_eq!(refused.error(503)?.0, "store.away");
    drop(other);
    eventually(|| Ok(client.post("/model", &json!({"request": {}}))?.status == 200))
}
