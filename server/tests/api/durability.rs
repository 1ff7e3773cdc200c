//! What was acknowledged is there after a kill, and only one server writes.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use churn_server::store::Connection;
use serde_json::json;
use uuid::Uuid;

use crate::Failure;
use crate::client::Client;
use crate::program::Folder;
use crate::server::{Server, database, eventually, small};

/// How often the server is killed, unless `CHURN_KILLS` says otherwise.
const KILLS: usize = 20;

/// Clients that ask while it is killed.
const CLIENTS: usize = 4;

/// Asks once; the prediction's name.
pub fn ask(client: &mut Client) -> Result<Uuid, Failure> {
    let answer = client
        .post("/model", &json!({"request": {"spend": 3}}))?
        .json(200)?;
    Ok(answer["response"]["uuid"]
        .as_str()
        .unwrap_or_default()
        .parse()?)
}

/// Every uuid in the database, whose every row has to be whole.
pub fn recorded(folder: &Folder) -> Result<HashSet<Uuid>, Failure> {
    let mut database = database(folder)?;
    if let Connection::Sqlite(_) = database {
        let check = database.first("PRAGMA integrity_check", &[], |row| row.get::<String>(0))?;
        assert_eq!(check.as_deref(), Some("ok"));
    }
    let whole = "SELECT uuid FROM predictions WHERE length(input) >= 9 \
                 AND probability BETWEEN 0 AND 1 AND explained = 'exact 10'";
    let uuids = database.query(whole, &[], |row| row.get(0))?;
    let count = "SELECT count(*) FROM predictions";
    let rows = database.first(count, &[], |row| row.get::<i64>(0))?;
    assert_eq!(Some(uuids.len() as i64), rows, "a row is not whole");
    Ok(uuids.into_iter().collect())
}

#[test]
fn whatever_was_acknowledged_survives_a_kill() -> Result<(), Failure> {
    let kills = std::env::var("CHURN_KILLS")
        .ok()
        .map_or(Ok(KILLS), |kills| kills.parse())?;
    let folder = small("kills")?;
    let acknowledged = Mutex::new(HashSet::new());
    for kill in 0..kills {
        let mut server = Server::open(&folder)?;
        let count = || {
            acknowledged
                .lock()
                .map_or(0, |all: MutexGuard<'_, HashSet<Uuid>>| all.len())
        };
        let before = count();
        thread::scope(|scope| -> Result<(), Failure> {
            for _ in 0..CLIENTS {
                let (server, acknowledged) = (server.address.clone(), &acknowledged);
                scope.spawn(move || {
                    let Ok(mut client) = Client::new(&server, None) else {
                        return;
                    };
                    while let Ok(uuid) = ask(&mut client) {
                        acknowledged.lock().map(|mut all| all.insert(uuid)).ok();
                    }
                });
            }
            let under_way = eventually(|| Ok(count() > before + 2));
            // Another moment each time.
            thread::sleep(Duration::from_millis((kill as u64 * 37) % 150));
            server.kill()?;
            under_way
        })?;
    }
    let acknowledged = acknowledged.into_inner()?;
    let recorded = recorded(&folder)?;
    println!(
        "{kills} kills: {} acknowledged, {} recorded",
        acknowledged.len(),
        recorded.len()
    );
    assert!(
        acknowledged.len() >= kills * 2,
        "too few to tell: {}",
        acknowledged.len()
    );
    let lost = acknowledged.difference(&recorded).count();
    assert_eq!(lost, 0, "acknowledged and lost");
    Ok(())
}

#[test]
fn two_servers_do_not_share_their_data() -> Result<(), Failure> {
    let folder = small("two")?;
    let server = Server::open(&folder)?;
    let arguments = [
        "serve",
        "--open",
        "--addr",
        "127.0.0.1:0",
        "--data-dir",
        "data",
    ];
    let refused = folder.run(&arguments)?.refused()?;
    let told = match folder.database_url() {
        None => {
            "error: data: another server is running on this folder; \
             stop it, or choose another with --data-dir"
        }
        Some(_) => {
            "/api-two: another server is running on this database; \
             stop it, or choose another with --database-url"
        }
    };
    assert!(refused.ends_with(told), "{refused}");
    ask(&mut server.client()?)?;
    drop(server);
    ask(&mut Server::open(&folder)?.client()?)?;
    Ok(())
}
