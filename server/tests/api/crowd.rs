//! Many connections at once: who only keeps one open keeps nobody else out.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::Failure;
use crate::client::Client;
use crate::server::{Server, small};

/// More than the server has room for at a time.
const MANY: usize = 1000;

const MODEL: [&str; 3] = ["--open", "--model", "model.json"];

const LIVE: &[u8] = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";

const SLOW: &[u8] = b"POST /model HTTP/1.1\r\nhost: localhost\r\n\
    content-type: application/json\r\ncontent-length: 1000\r\n\r\n{";

/// Files that a process may have open, so that there is room for all of them.
const FILES: u64 = 4 * MANY as u64;

/// So many connections that say something and then no more.
fn connect(server: &Server, count: usize, said: &[u8]) -> Result<Vec<TcpStream>, Failure> {
    rlimit::increase_nofile_limit(FILES)?;
    let one = |_| {
        let mut stream = TcpStream::connect(&server.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.write_all(said)?;
        Ok(stream)
    };
    (0..count).map(one).collect()
}

/// A new client is answered, on a connection that stays.
fn is_served(server: &Server) -> Result<(), Failure> {
    let mut client = Client::new(&server.address, None)?;
    client.post("/model", &json!({"request": {}}))?.json(200)?;
    client.get("/api/v1/predictions")?.json(200)?;
    Ok(())
}

#[test]
fn a_thousand_idle_and_slow_clients_keep_nobody_out() -> Result<(), Failure> {
    let folder = small("crowd")?;
    // Nobody is cut off for being slow while this runs.
    let server = Server::start(&folder, &[&MODEL[..], &["--patience", "600"]].concat())?;
    let slow = connect(&server, MANY / 4, SLOW)?;
    let half = connect(&server, MANY / 4, b"GET / HTTP/1.1\r\nhost: local")?;
    let silent = connect(&server, MANY / 4, b"")?;
    let answered = connect(&server, MANY / 4, LIVE)?;
    is_served(&server)?;
    // Who was in the midst of a request was not turned out.
    for mut stream in slow {
        stream.write_all(&[b' '; 985])?;
        stream.write_all(b"\"request\": {}}")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        assert_eq!(&status, b"HTTP/1.1 200");
    }
    // Who waited for nothing was, and without a word.
    for mut stream in silent {
        assert_eq!(stream.read(&mut [0])?, 0);
    }
    is_served(&server)?;
    drop((half, answered));
    Ok(())
}

#[test]
fn whoever_is_slow_makes_room_in_time() -> Result<(), Failure> {
    let folder = small("crowd-slow")?;
    let server = Server::start(&folder, &[&MODEL[..], &["--patience", "2"]].concat())?;
    let slow = connect(&server, MANY, b"GET / HTTP/1.1\r\nhost: local")?;
    is_served(&server)?;
    drop(slow);
    Ok(())
}

#[test]
fn a_crowd_that_asks_is_answered() -> Result<(), Failure> {
    let folder = small("crowd-asks")?;
    let server = Server::start(&folder, &[&MODEL[..], &["--patience", "600"]].concat())?;
    let mut crowd = connect(&server, MANY, LIVE)?;
    for stream in &mut crowd {
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        assert_eq!(&status, b"HTTP/1.1 200");
    }
    is_served(&server)
}
