//! The page's key: exchanged once, in a cookie that only the browser sees.

use serde_json::{Value, json};

use crate::Failure;
use crate::client::{Answer, Client};
use crate::server::{Server, eventually, key, small};

pub const PATH: &str = "/api/v1/session";

/// What the page sends along.
pub const OURS: &str = "content-type: application/json\r\nx-churn-session: 1\r\n";

/// Asks for a session.
pub fn sign_in(client: &mut Client, key: &str, headers: &str) -> Result<Answer, Failure> {
    let body = json!({"key": key}).to_string();
    client.send(&format!("POST {PATH}"), headers, body.as_bytes())
}

/// Name and value of the cookie that an answer sets.
pub fn cookie(answer: &Answer) -> Result<String, Failure> {
    let set = answer.header("set-cookie").ok_or("no cookie")?;
    Ok(set.split(';').next().unwrap_or_default().to_owned())
}

#[test]
fn a_key_is_exchanged_for_a_cookie_and_ended() -> Result<(), Failure> {
    let folder = small("session")?;
    let key = key(&folder, &["--role", "predict", "--role", "read"])?;
    let server = Server::start(&folder, &["--model", "model.json"])?;
    let mut page = Client::new(&server.address, None)?;
    let nobody = json!({"state": "signed_out", "roles": []});
    assert_eq!(page.get(PATH)?.json(200)?, nobody);

    let answer = sign_in(&mut page, &key, OURS)?;
    let set = answer.header("set-cookie").ok_or("no cookie")?.to_owned();
    for part in [
        "; httponly",
        "; samesite=strict",
        "; path=/",
        "; max-age=43200",
    ] {
        assert!(set.contains(part), "{part} in {set}");
    }
    assert!(!set.contains("secure") && !set.contains(&key), "{set}");
    let cookie = cookie(&answer)?;
    let who = json!({"state": "signed_in", "name": "test", "roles": ["predict", "read"]});
    assert_eq!(answer.json(200)?, who);

    let session = format!("cookie: other=1; {cookie}; last=2\r\n");
    let ours = format!("{session}{OURS}");
    assert_eq!(
        page.send(&format!("GET {PATH}"), &session, b"")?
            .json(200)?,
        who
    );
    let call = json!({"request": {}}).to_string();
    let answered = page.send("POST /model", &ours, call.as_bytes())?;
    assert_eq!(answered.status, 200);
    assert_eq!(page.send("GET /api/v1/labels", &session, b"")?.status, 200);
    let labels = page.send("POST /api/v1/labels", &ours, b"{\"labels\": []}")?;
    assert_eq!(labels.error(403)?.0, "key.role");

    // Signing in again ends the session before.
    let again = sign_in(&mut page, &key, &ours)?;
    let new = format!("cookie: {}\r\n", self::cookie(&again)?);
    let old = page.send("GET /api/v1/labels", &session, b"")?;
    assert_eq!(old.error(401)?.0, "session.unknown");
    assert_eq!(page.send("GET /api/v1/labels", &new, b"")?.status, 200);

    let left = page.send(&format!("DELETE {PATH}"), &format!("{new}{OURS}"), b"")?;
    assert!(
        left.header("set-cookie")
            .is_some_and(|set| set.contains("=; ") && set.contains("max-age=0"))
    );
    assert_eq!(left.json(200)?, nobody);
    let gone = page.send("GET /api/v1/labels", &new, b"")?;
    assert_eq!(gone.error(401)?.0, "session.unknown");
    Ok(())
}

#[test]
fn a_session_ends_with_its_key() -> Result<(), Failure> {
    let folder = small("session-end")?;
    let admin = ["--role", "admin"];
    let keys = [key(&folder, &admin)?, key(&folder, &admin)?];
    let server = Server::start(&folder, &["--model", "model.json"])?;
    let mut page = Client::new(&server.address, None)?;
    let [revoked, expired] = [
        cookie(&sign_in(&mut page, &keys[0], OURS)?)?,
        cookie(&sign_in(&mut page, &keys[1], OURS)?)?,
    ];
    let mut status = |cookie: &str| -> Result<u16, Failure> {
        Ok(page
            .send("GET /metrics", &format!("cookie: {cookie}\r\n"), b"")?
            .status)
    };
    assert_eq!([status(&revoked)?, status(&expired)?], [200, 200]);
    folder
        .run(&["key", "revoke", "1", "--data-dir", "data"])?
        .succeeded()?;
    eventually(|| Ok(status(&revoked)? == 401))?;
    assert_eq!(status(&expired)?, 200);
    let database = rusqlite::Connection::open(folder.path().join("data/churn.db"))?;
    database.execute("UPDATE keys SET expires_ms = 1 WHERE id = 2", [])?;
    eventually(|| Ok(status(&expired)? == 401))?;
    for (key, code) in [(&keys[0], "key.unknown"), (&keys[1], "key.expired")] {
        let refused = sign_in(&mut page, key, OURS)?;
        assert_eq!(refused.header("set-cookie"), None);
        assert_eq!(refused.error(401)?.0, code);
    }
    Ok(())
}

#[test]
fn behind_tls_the_cookie_is_for_https_only() -> Result<(), Failure> {
    let folder = small("session-tls")?;
    let server = Server::start(&folder, &["--model", "model.json", "--behind-tls"])?;
    let key = server.key.clone().ok_or("no key")?;
    let mut page = Client::new(&server.address, None)?;
    let answer = sign_in(&mut page, &key, OURS)?;
    let set = answer.header("set-cookie").ok_or("no cookie")?;
    assert!(set.starts_with("__host-churn_session="), "{set}");
    assert!(set.contains("; secure"), "{set}");
    let cookie = cookie(&answer)?.replace("__host-", "__Host-");
    let status = |cookie: &str| -> Result<u16, Failure> {
        let mut page = Client::new(&server.address, None)?;
        Ok(page
            .send("GET /metrics", &format!("cookie: {cookie}\r\n"), b"")?
            .status)
    };
    assert_eq!(status(&cookie)?, 200);
    // One that another host of the domain may have set.
    assert_eq!(status(&cookie.replace("__Host-", ""))?, 401);
    Ok(())
}

#[test]
fn an_open_server_needs_no_session() -> Result<(), Failure> {
    let folder = small("session-open")?;
    let server = Server::open(&folder)?;
    let mut page = server.client()?;
    let open = json!({"state": "open", "roles": ["admin"]});
    assert_eq!(page.get(PATH)?.json(200)?, open);
    let answer = sign_in(&mut page, "whatever", OURS)?;
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(answer.json(200)?, open);
    Ok(())
}

#[test]
fn no_key_is_told_or_kept() -> Result<(), Failure> {
    let folder = small("session-secret")?;
    let options = ["--model", "model.json", "--log", "json", "--log-requests"];
    let server = Server::start(&folder, &options)?;
    let key = server.key.clone().ok_or("no key")?;
    let mut page = Client::new(&server.address, None)?;
    let answer = sign_in(&mut page, &key, OURS)?;
    let token = cookie(&answer)?
        .split_once('=')
        .unwrap_or_default()
        .1
        .to_owned();
    assert_eq!(token.len(), 64);
    assert!(!answer.text().contains(&key) && !answer.text().contains(&token));
    let wrong = sign_in(&mut page, &format!("{key}0"), OURS)?;
    assert!(!wrong.text().contains(&key), "{}", wrong.text());
    let session = format!("cookie: churn_session={token}\r\n");
    page.send(&format!("GET {PATH}"), &session, b"")?
        .json(200)?;
    page.send(&format!("DELETE {PATH}"), &format!("{session}{OURS}"), b"")?
        .json(200)?;
    eventually(|| Ok(server.log().lines().count() >= 4))?;
    let log = server.log();
    let lines: Vec<Value> = log
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    assert!(lines.iter().all(|line| line["route"] == PATH), "{log}");
    assert!(!log.contains(&key) && !log.contains(&token), "{log}");
    for file in std::fs::read_dir(folder.path().join("data"))? {
        let bytes = std::fs::read(file?.path())?;
        for secret in [&key, &token] {
            let mut windows = bytes.windows(secret.len());
            assert!(!windows.any(|window| window == secret.as_bytes()));
        }
    }
    Ok(())
}
