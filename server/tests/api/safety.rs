//! Who is let in, and what is never let out.

use std::io::Write as _;
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::Failure;
use crate::client::Client;
use crate::server::{Server, database, eventually, has_bytes, key, small};

#[test]
fn keys_open_what_their_roles_say() -> Result<(), Failure> {
    let folder = small("roles")?;
    let predict = key(&folder, &["--role", "predict"])?;
    let record = key(&folder, &["--role", "record"])?;
    let read = key(&folder, &["--role", "read"])?;
    let both = key(&folder, &["--role", "predict", "--role", "read"])?;
    let admin = key(&folder, &["--role", "admin"])?;
    let server = Server::start(&folder, &["--model", "model.json"])?;
    // There were keys already: none is made.
    assert_eq!(server.key, None);
    let ask = |key: &str, path: &str, body: Option<Value>| -> Result<u16, Failure> {
        let mut client = Client::new(&server.address, Some(key))?;
        let answer = match body {
            Some(body) => client.post(path, &body)?,
            None => client.get(path)?,
        };
        Ok(answer.status)
    };
    let call = || Some(json!({"request": {}}));
    let labels = || Some(json!({"labels": []}));
    for (key, statuses) in [
        (&predict, [200, 403, 403, 403]),
        (&record, [403, 200, 403, 403]),
        (&read, [403, 403, 200, 200]),
        (&both, [200, 403, 200, 200]),
        (&admin, [200, 200, 200, 200]),
    ] {
        let told = [
            ask(key, "/model", call())?,
            ask(key, "/api/v1/labels", labels())?,
            ask(key, "/api/v1/labels", None)?,
            ask(key, "/metrics", None)?,
        ];
        assert_eq!(told, statuses);
    }
    for (path, body) in [
        ("/model", call()),
        ("/metrics", None),
        ("/read-metrics", Some(json!({}))),
    ] {
        assert_eq!(ask("churn_0000", path, body)?, 401);
    }
    let mut nobody = Client::new(&server.address, None)?;
    let refused = nobody.get("/api/v1/predictions")?;
    assert_eq!(refused.header("www-authenticate"), Some("bearer"));
    assert_eq!(refused.error(401)?.0, "key.missing");
    assert_eq!(nobody.get("/health/live")?.status, 200);
    assert_eq!(nobody.get("/health/ready")?.status, 200);
    Ok(())
}

#[test]
fn a_first_start_gives_one_admin_key_and_keeps_its_hash() -> Result<(), Failure> {
    let folder = small("first")?;
    let server = Server::start(&folder, &["--model", "model.json"])?;
    let key = server.key.clone().ok_or("no key was given")?;
    assert!(key.starts_with("churn_") && key.len() == 70, "{key}");
    assert_eq!(server.client()?.get("/api/v1/models")?.status, 200);
    drop(server);
    assert_eq!(Server::start(&folder, &[])?.key, None);
    assert!(!has_bytes(&folder, key.as_bytes())?, "the key is kept");
    let list = folder
        .run(&["key", "list", "--data-dir", "data"])?
        .succeeded()?
        .out();
    assert!(
        list.contains("first\tadmin") && !list.contains(&key),
        "{list}"
    );
    Ok(())
}

#[test]
fn revoked_and_expired_keys_are_not_good() -> Result<(), Failure> {
    let folder = small("revoked")?;
    let first = key(&folder, &["--role", "admin"])?;
    let second = key(&folder, &["--role", "admin", "--expires", "1"])?;
    let server = Server::start(&folder, &["--model", "model.json"])?;
    let mut one = Client::new(&server.address, Some(&first))?;
    let mut two = Client::new(&server.address, Some(&second))?;
    assert_eq!(
        [one.get("/metrics")?.status, two.get("/metrics")?.status],
        [200, 200]
    );

    folder
        .run(&["key", "revoke", "1", "--data-dir", "data"])?
        .succeeded()?;
    eventually(|| Ok(one.get("/metrics")?.status == 401))?;
    let again = folder
        .run(&["key", "revoke", "1", "--data-dir", "data"])?
        .refused()?;
    assert!(
        again.contains("the number of a key that is not revoked"),
        "{again}"
    );

    // A day passes.
    database(&folder)?.execute("UPDATE keys SET expires_ms = 1 WHERE id = 2", &[])?;
    eventually(|| Ok(two.get("/metrics")?.status == 401))?;
    assert_eq!(two.get("/metrics")?.error(401)?.0, "key.expired");
    let list = folder
        .run(&["key", "list", "--data-dir", "data"])?
        .succeeded()?
        .out();
    assert!(
        list.contains("\trevoked ") && list.contains("\texpired 1970-"),
        "{list}"
    );
    Ok(())
}

#[test]
fn open_is_for_loopback_only() -> Result<(), Failure> {
    let folder = small("loopback")?;
    let arguments = [
        "serve",
        "--open",
        "--addr",
        "0.0.0.0:0",
        "--data-dir",
        "data",
    ];
    let refused = folder.run(&arguments)?.refused()?;
    assert!(
        refused.contains("it is for loopback addresses only"),
        "{refused}"
    );
    Ok(())
}

#[test]
fn other_sites_are_kept_out() -> Result<(), Failure> {
    let folder = small("sites")?;
    let server = Server::start(
        &folder,
        &["--open", "--model", "model.json", "--host", "churn.test"],
    )?;
    let mut client = server.client()?;
    let own = server.address.clone();
    let mut status = |headers: &str| -> Result<(u16, String), Failure> {
        let answer = client.send("GET /api/v1/models", headers, b"")?;
        Ok(match answer.status {
            200 => (200, String::new()),
            status => (status, answer.error(status)?.0),
        })
    };
    let passed = (200, String::new());
    for host in [
        "localhost",
        "127.0.0.1:1",
        "[::1]:8080",
        "churn.test",
        "CHURN.test:80",
    ] {
        assert_eq!(status(&format!("host: {host}\r\n"))?, passed, "{host}");
    }
    for host in [
        "evil.example",
        "localhost.evil.example",
        "churn.test.evil",
        "",
        "a b",
    ] {
        assert_eq!(
            status(&format!("host: {host}\r\n"))?,
            (403, "host.forbidden".into()),
            "{host}"
        );
    }
    assert_eq!(status(&format!("origin: http://{own}\r\n"))?, passed);
    for origin in [
        "http://evil.example",
        "null",
        "http://127.0.0.1:1",
        "file://",
    ] {
        let told = status(&format!("origin: {origin}\r\n"))?;
        assert_eq!(told, (403, "origin.forbidden".into()), "{origin}");
    }
    Ok(())
}

#[test]
fn answers_of_the_api_are_safe_in_a_browser() -> Result<(), Failure> {
    let folder = small("headers")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    for path in ["/api/v1/models", "/api/v1/nothing", "/health/ready"] {
        let answer = client.get(path)?;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "deny"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
            (
                "content-security-policy",
                "default-src 'none'; frame-ancestors 'none'",
            ),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}: {name}");
        }
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    let given = client.send("GET /api/v1/models", "x-request-id: my-id_1.2\r\n", b"")?;
    assert_eq!(given.header("x-request-id"), Some("my-id_1.2"));
    let odd = client.send("GET /api/v1/models", "x-request-id: a b\"c\r\n", b"")?;
    assert_ne!(odd.header("x-request-id"), Some("a b\"c"));
    Ok(())
}

#[test]
fn bodies_have_limits() -> Result<(), Failure> {
    let folder = small("limits")?;
    let server = Server::open(&folder)?;
    let json = "content-type: application/json\r\n";
    let mut client = server.client()?;
    let large = vec![b' '; 5_000_001];
    let refused = client.send("POST /model", json, &large)?;
    assert_eq!(refused.error(413)?.0, "body.large");
    for kind in ["", "content-type: text/plain\r\n"] {
        let refused = server.client()?.send("POST /model", kind, b"{}")?;
        assert_eq!(refused.error(415)?.0, "body.type");
    }
    let refused = server.client()?.send("DELETE /model", "", b"")?;
    assert_eq!(refused.header("allow"), Some("post"));
    assert_eq!(refused.error(405)?.0, "route.method");
    let bulk = "content-type: application/x-ndjson\r\n";
    let line = vec![b'x'; 10_001];
    let refused = server
        .client()?
        .send("POST /api/v1/labels/bulk", bulk, &line)?;
    assert_eq!(refused.error(400)?.1, "line 1");
    let deep = "[".repeat(100_000);
    let refused = server
        .client()?
        .send("POST /model", json, deep.as_bytes())?;
    assert_eq!(refused.error(400)?.0, "request.json");
    let many = "x: y\r\n".repeat(200);
    let refused = server.client()?.send("GET /health/live", &many, b"")?;
    assert_eq!(refused.status, 431);
    // A head without end is cut off.
    let mut stream = TcpStream::connect(&server.address)?;
    let written = stream
        .write_all(b"GET / HTTP/1.1\r\n")
        .and_then(|()| stream.write_all(&vec![b'x'; 1_000_000]));
    let mut answer = Vec::new();
    let read = std::io::Read::read_to_end(&mut stream, &mut answer);
    let text = String::from_utf8_lossy(&answer);
    let is_cut = written.is_err() || read.is_err() || text.starts_with("HTTP/1.1 4");
    assert!(is_cut, "{text}");
    assert_eq!(server.client()?.get("/health/live")?.status, 200);
    Ok(())
}

#[test]
fn bulks_have_a_limit_of_their_own() -> Result<(), Failure> {
    let folder = small("bulk-limit")?;
    let bulk = "content-type: text/csv\r\n";
    let ask = |server: &Server, headers: &str, body: &[u8]| {
        let mut client = server.client()?;
        client.send("POST /api/v1/labels/bulk", headers, body)
    };
    let server = Server::open(&folder)?;
    // Much more than anything else may have.
    assert_eq!(ask(&server, bulk, &vec![b'\n'; 6_000_000])?.status, 200);
    drop(server);

    let options = ["--open", "--model", "model.json", "--bulk-limit", "1"];
    let server = Server::start(&folder, &options)?;
    let most = vec![b'\n'; 1_000_000];
    assert_eq!(ask(&server, bulk, &most)?.status, 200);
    let more = [&most[..], b"\n"].concat();
    let refused = ask(&server, bulk, &more)?;
    assert!(
        refused.text().contains("1,000,000 bytes"),
        "{}",
        refused.text()
    );
    assert_eq!(refused.error(413)?.0, "body.large");
    // One whose length is not said before as well.
    let chunked = format!("{bulk}transfer-encoding: chunked\r\n");
    let mut chunks = Vec::new();
    for chunk in more.chunks(50_000) {
        chunks.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        chunks.extend_from_slice(chunk);
        chunks.extend_from_slice(b"\r\n");
    }
    chunks.extend_from_slice(b"0\r\n\r\n");
    assert_eq!(ask(&server, &chunked, &chunks)?.error(413)?.0, "body.large");
    // Anybody may sign in, and says little.
    let ours = "content-type: application/json\r\nx-churn-session: 1\r\n";
    let long = format!("{{\"key\": \"{}\"}}", "x".repeat(1000));
    let refused = server
        .client()?
        .send("POST /api/v1/session", ours, long.as_bytes())?;
    assert_eq!(refused.error(413)?.0, "body.large");
    Ok(())
}

#[test]
fn the_log_names_requests_and_no_customer() -> Result<(), Failure> {
    let folder = small("log")?;
    let options = ["--model", "model.json", "--log", "json", "--log-requests"];
    let server = Server::start(&folder, &options)?;
    let mut client = server.client()?;
    let call = json!({"request": {"plan": "paid", "spend": 8.765}});
    let id = "x-request-id: the-id\r\ncontent-type: application/json\r\n";
    let answer = client
        .send("POST /model", id, call.to_string().as_bytes())?
        .json(200)?;
    let uuid = answer["response"]["uuid"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    client.get(&format!("/api/v1/predictions/{uuid}?secret=8.765"))?;
    client
        .post("/model", &json!({"request": {"plan": "8.765"}}))?
        .error(400)?;
    eventually(|| Ok(server.log().lines().count() >= 3))?;
    let log = server.log();
    let lines: Vec<Value> = log
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let line = lines
        .iter()
        .find(|line| line["request_id"] == "the-id")
        .ok_or("no such line")?;
    assert_eq!(
        (&line["route"], &line["status"]),
        (&json!("/model"), &json!(200))
    );
    assert!(line["us"].is_u64() && line["timestamp"].is_string());
    let key = server.key.clone().unwrap_or_default();
    for secret in ["8.765", "paid", uuid.as_str(), key.as_str(), "secret"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
    Ok(())
}
