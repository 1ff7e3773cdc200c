//! Clients that are slow, silent or do not listen take nothing from others.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::Failure;
use crate::server::{Server, eventually, small};

/// Seconds until a slow client is cut off, here.
const PATIENCE: [&str; 2] = ["--patience", "1"];

const OPEN: [&str; 3] = ["--open", "--model", "model.json"];

/// A server with such patience.
fn impatient(name: &str) -> Result<(crate::program::Folder, Server), Failure> {
    let folder = small(name)?;
    let server = Server::start(&folder, &[&OPEN[..], &PATIENCE].concat())?;
    Ok((folder, server))
}

/// What comes until the server ends the connection; the test hangs, and fails by
/// the time limit of reading, if it does not.
fn rest(mut stream: TcpStream) -> Result<String, Failure> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn who_says_nothing_is_cut_off() -> Result<(), Failure> {
    let (_folder, server) = impatient("silent")?;
    assert_eq!(rest(TcpStream::connect(&server.address)?)?, "");

    let mut half = TcpStream::connect(&server.address)?;
    half.write_all(b"GET /health/live HTTP/1.1\r\nhost: local")?;
    let answer = rest(half)?;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
        "{answer}"
    );

    // After an answer, too.
    let mut idle = TcpStream::connect(&server.address)?;
    idle.write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
    let answer = rest(idle)?;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n"),
        "{answer}"
    );
    Ok(())
}

#[test]
fn who_sends_a_body_slowly_is_told_so() -> Result<(), Failure> {
    let (_folder, server) = impatient("slow-body")?;
    for (path, kind) in [
        ("/model", "application/json"),
        ("/api/v1/labels/bulk", "application/x-ndjson"),
    ] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {kind}\r\n\
             content-length: 1000\r\n\r\n"
        );
        let mut silent = TcpStream::connect(&server.address)?;
        silent.write_all(head.as_bytes())?;
        silent.write_all(b"{\"request\"")?;
        let answer = rest(silent)?;
        assert!(answer.starts_with("HTTP/1.1 408"), "{path}: {answer}");
        assert!(answer.contains("body.slow"), "{path}: {answer}");

        // A byte now and then is not enough.
        let mut dripping = TcpStream::connect(&server.address)?;
        dripping.write_all(head.as_bytes())?;
        let mut listening = dripping.try_clone()?;
        listening.set_read_timeout(Some(Duration::from_millis(200)))?;
        let mut answer = [0; 12];
        let mut drops = 0;
        while listening.read_exact(&mut answer).is_err() && drops < 100 {
            let _ = dripping.write_all(b" ");
            drops += 1;
        }
        assert_eq!(&answer, b"HTTP/1.1 408", "{path}");
    }
    Ok(())
}

#[test]
fn a_large_body_may_take_its_time() -> Result<(), Failure> {
    let folder = small("large-body")?;
    let server = Server::start(&folder, &[&OPEN[..], &["--patience", "2"]].concat())?;
    let padding = " ".repeat(60_000);
    let body = format!("{{\"request\": {{}}{padding}}}");
    let head = format!(
        "POST /model HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(&server.address)?;
    stream.write_all(head.as_bytes())?;
    // Four seconds in all, of a client that is waited for two.
    for part in body.as_bytes().chunks(body.len() / 10 + 1) {
        thread::sleep(Duration::from_millis(400));
        stream.write_all(part)?;
    }
    let answer = rest(stream)?;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    Ok(())
}

/// More than the system keeps for a connection, which nobody takes.
#[cfg(target_os = "linux")]
#[test]
fn who_does_not_listen_is_cut_off() -> Result<(), Failure> {
    let (_folder, server) = impatient("deaf")?;
    let mut client = server.client()?;
    let customers = json!({"customers": vec![json!({}); 1000]});
    for _ in 0..40 {
        assert_eq!(client.post("/api/v1/explain", &customers)?.status, 200);
    }
    let open = || -> Result<u64, Failure> {
        let sockets = std::fs::read_dir(format!("/proc/{}/fd", server.id()))?;
        let targets = sockets.filter_map(|fd| std::fs::read_link(fd.ok()?.path()).ok());
        Ok(targets
            .filter(|target| target.to_string_lossy().starts_with("socket:"))
            .count() as u64)
    };
    drop(client);
    let mut before = 0;
    eventually(|| {
        let now = open()?;
        let is_steady = now == before;
        before = now;
        Ok(is_steady)
    })?;
    let mut deaf = Vec::new();
    for path in [
        "/api/v1/predictions?limit=1000",
        "/api/v1/export?format=ndjson",
    ] {
        let mut stream = TcpStream::connect(&server.address)?;
        // Many requests at once, so that their answers do not fit.
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        stream.write_all(request.repeat(30).as_bytes())?;
        deaf.push(stream);
    }
    eventually(|| Ok(open()? == before + 2))?;
    eventually(|| Ok(open()? == before))?;
    drop(deaf);
    Ok(())
}

#[test]
fn slow_clients_do_not_make_the_model_busy() -> Result<(), Failure> {
    let folder = small("slow-many")?;
    let server = Server::start(&folder, &[&OPEN[..], &["--most-active", "1"]].concat())?;
    let mut slow = Vec::new();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(&server.address)?;
        stream.write_all(
            b"POST /model HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
              content-length: 1000\r\n\r\n{",
        )?;
        slow.push(stream);
    }
    let mut client = server.client()?;
    eventually(|| {
        let text = client.get("/metrics")?.text();
        Ok(text.contains("http_server_active_requests 21"))
    })?;
    assert_eq!(client.post("/model", &json!({"request": {}}))?.status, 200);
    Ok(())
}

#[test]
fn the_end_waits_for_nobody_who_is_silent() -> Result<(), Failure> {
    let (_folder, mut server) = impatient("end-silent")?;
    let mut half = TcpStream::connect(&server.address)?;
    half.write_all(
        b"POST /model HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
          content-length: 1000\r\n\r\n{",
    )?;
    let mut client = server.client()?;
    eventually(|| {
        Ok(client
            .get("/metrics")?
            .text()
            .contains("http_server_active_requests 2"))
    })?;
    server.terminate()?;
    eventually(|| server.has_ended())?;
    assert!(server.wait()?.success());
    Ok(())
}
