//! What a server of OpenLineage hears, whatever comes between.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde_json::{Value, json};

use crate::Failure;
use crate::lineage::filled;
use crate::program::Folder;
use crate::server::{Server, eventually, small};

/// What becomes of the next event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// This status is answered.
    Status(u16),
    /// It is read, and the connection ended without an answer.
    Lost,
    /// It is read and never answered.
    Silence,
}

/// A server that keeps what it hears, until the tests end.
struct Listener {
    url: String,
    /// What it answered well, in order.
    heard: Arc<Mutex<Vec<Value>>>,
    /// What becomes of the next events; of all others a 201.
    next: Arc<Mutex<Vec<Next>>>,
}

fn locked<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Listener {
    fn start(address: &str, next: &[Next]) -> Result<Self, Failure> {
        let listener = TcpListener::bind(address)?;
        let started = Self {
            url: format!("http://{}", listener.local_addr()?),
            heard: Arc::default(),
            next: Arc::new(Mutex::new(next.to_vec())),
        };
        let (heard, next) = (Arc::clone(&started.heard), Arc::clone(&started.next));
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (heard, next) = (Arc::clone(&heard), Arc::clone(&next));
                // A client that goes away ends its thread.
                thread::spawn(move || hear(client, &heard, &next).ok());
            }
        });
        Ok(started)
    }

    /// How often it heard each event: run and kind, with the job.
    fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for event in locked(&self.heard).iter() {
            let [job, kind] = [&event["job"]["name"], &event["eventType"]].map(Value::to_string);
            let name = format!("{job} {kind} {}", event["run"]["runId"]);
            *counts.entry(name.replace('"', "")).or_default() += 1;
        }
        counts
    }

    fn has(&self, start: &str) -> bool {
        self.counts().keys().any(|name| name.starts_with(start))
    }
}

fn hear(
    client: TcpStream,
    heard: &Mutex<Vec<Value>>,
    next: &Mutex<Vec<Next>>,
) -> Result<(), Failure> {
    let mut client = BufReader::new(client);
    loop {
        let mut line = String::new();
        if client.read_line(&mut line)? == 0 {
            return Ok(());
        }
        assert_eq!(line.trim_end(), "POST /api/v1/lineage HTTP/1.1");
        let mut length = 0;
        while line != "\r\n" {
            line.clear();
            client.read_line(&mut line)?;
            if let Some(said) = line.to_lowercase().strip_prefix("content-length:") {
                length = said.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        client.read_exact(&mut body)?;
        let event = serde_json::from_slice(&body)?;
        let mut waiting = locked(next);
        let now = match waiting.is_empty() {
            true => Next::Status(201),
            false => waiting.remove(0),
        };
        drop(waiting);
        match now {
            Next::Status(status) => {
                if status < 300 {
                    locked(heard).push(event);
                }
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\n\r\nno");
                client.get_mut().write_all(answer.as_bytes())?;
            }
            Next::Lost => {
                locked(heard).push(event);
                return Ok(());
            }
            Next::Silence => {
                // Until the client is gone.
                return Ok(client.read_exact(&mut [0])?);
            }
        }
    }
}

fn send(folder: &Folder, url: &str, options: &[&str]) -> Result<crate::program::Run, Failure> {
    let send = ["lineage", "send", "--openlineage-url", url];
    folder.run(&[&send, options, &["--data-dir", "data"]].concat())
}

fn free_address() -> Result<String, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

#[test]
fn all_is_heard_once_by_a_server_that_was_down_and_failed() -> Result<(), Failure> {
    let folder = filled("lineage-down")?;
    let address = free_address()?;
    let url = format!("http://{address}");
    let down = send(&folder, &url, &[])?;
    assert_eq!(down.0.status.code(), Some(2));
    // 2 ingests, an experiment with 2 runs, 2 builds, a deployment: begun and ended.
    let told = down.err();
    assert!(
        told.starts_with("OpenLineage: 0 sent, 16 waiting, 0 refused\n"),
        "{told}"
    );
    let listener = Listener::start(&address, &[Next::Status(201), Next::Status(500)])?;
    let told = send(&folder, &url, &[])?.err();
    assert!(told.contains("1 sent, 15 waiting"), "{told}");
    assert!(
        told.contains("not sent: /api/v1/lineage: 500: no"),
        "{told}"
    );
    let told = send(&folder, &url, &[])?.succeeded()?.err();
    assert_eq!(told, "OpenLineage: 16 sent, 0 waiting, 0 refused\n");
    // Once more tells nothing.
    send(&folder, &url, &[])?.succeeded()?;
    let counts = listener.counts();
    assert_eq!(counts.len(), 16, "{counts:?}");
    assert!(counts.values().all(|&count| count == 1), "{counts:?}");
    let heard = locked(&listener.heard).clone();
    for (at, event) in heard.iter().enumerate() {
        if event["eventType"] != "START" {
            let is_start = |before: &Value| {
                before["eventType"] == "START" && before["run"]["runId"] == event["run"]["runId"]
            };
            assert!(heard[..at].iter().any(is_start), "{event}");
        }
    }
    // Another server has heard nothing yet.
    let other = Listener::start("127.0.0.1:0", &[])?;
    send(&folder, &other.url, &[])?.succeeded()?;
    assert_eq!(other.counts(), counts);
    Ok(())
}

#[test]
fn an_event_that_is_refused_holds_no_other_up() -> Result<(), Failure> {
    let folder = small("lineage-refused")?;
    folder
        .run(&["deploy", "model.json", "--data-dir", "data"])?
        .succeeded()?;
    let listener = Listener::start("127.0.0.1:0", &[Next::Status(422)])?;
    let told = send(&folder, &listener.url, &[])?;
    assert_eq!(told.0.status.code(), Some(2));
    assert!(
        told.err()
            .starts_with("OpenLineage: 3 sent, 0 waiting, 1 refused\n")
    );
    let told = send(&folder, &listener.url, &["--refused"])?
        .succeeded()?
        .err();
    assert_eq!(told, "OpenLineage: 4 sent, 0 waiting, 0 refused\n");
    // Who does not let in may do so later.
    let listener = Listener::start("127.0.0.1:0", &[Next::Status(401)])?;
    let told = send(&folder, &listener.url, &[])?.err();
    assert!(told.contains("4 waiting, 0 refused"), "{told}");
    let refused = send(&folder, "http://me:secret@host", &[])?.refused()?;
    assert!(
        refused.starts_with("error: --openlineage-url: expected an address"),
        "{refused}"
    );
    assert!(!refused.contains("secret"));
    Ok(())
}

#[test]
fn a_server_tells_as_it_happens_and_waits_for_nobody() -> Result<(), Failure> {
    let folder = filled("lineage-serve")?;
    let address = free_address()?;
    let url = format!("http://{address}");
    let options = ["--open", "--tables", "tables", "--openlineage-url", &url];
    let mut server = Server::start(&folder, &options)?;
    let work = |server: &Server, build: u8| -> Result<(), Failure> {
        let mut client = server.client()?;
        let promote = json!({"build": build.to_string()});
        client
            .post("/api/v1/models/model/deployments", &promote)?
            .json(200)?;
        client
            .post("/model", &json!({"request": {"plan": "free", "spend": 2}}))?
            .json(200)?;
        Ok(())
    };
    // Nobody listens; then one who never answers.
    work(&server, 2)?;
    let listener = Listener::start(&address, &[Next::Silence])?;
    eventually(|| Ok(locked(&listener.next).is_empty()))?;
    work(&server, 1)?;
    // It is killed while it waits for the answer, and goes on where it was.
    server.kill()?;
    let mut server = Server::start(&folder, &options)?;
    eventually(|| Ok(listener.counts().len() == 20))?;
    let counts = listener.counts();
    assert!(counts.values().all(|&count| count == 1), "{counts:?}");
    // What other programs do here is told, too.
    assert!(listener.has("ingest.q COMPLETE") && listener.has("experiment.grid.2 COMPLETE"));

    // An answer that is lost makes the same event come again, as itself.
    *locked(&listener.next) = vec![Next::Lost];
    work(&server, 2)?;
    eventually(|| Ok(listener.counts().len() == 22))?;
    eventually(|| Ok(locked(&listener.heard).len() == 23))?;
    server.kill()?;
    drop(Server::start(&folder, &options)?);
    assert_eq!(locked(&listener.heard).len(), 23);
    Ok(())
}
