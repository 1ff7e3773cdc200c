//! Sessions that others would like to use.

use serde_json::json;

use crate::Failure;
use crate::client::Client;
use crate::server::{Server, small};
use crate::session::{OURS, PATH, cookie, sign_in};

/// What pages of other sites, of other ports and of other schemes can make a
/// browser send, with the cookie.
#[test]
fn nobody_else_uses_a_session() -> Result<(), Failure> {
    let folder = small("session-forged")?;
    let options = [
        "--model",
        "model.json",
        "--cors-origin",
        "https://shop.example",
    ];
    let server = Server::start(&folder, &options)?;
    let key = server.key.clone().ok_or("no key")?;
    let mut page = Client::new(&server.address, None)?;
    let session = format!("cookie: {}\r\n", cookie(&sign_in(&mut page, &key, OURS)?)?);
    let own = server.address.clone();
    let call = json!({"request": {}}).to_string();
    let mut told = |line: &str, headers: &str| -> Result<(u16, String), Failure> {
        let headers = format!("{session}content-type: application/json\r\n{headers}");
        let body = if line.starts_with("POST") {
            call.as_bytes()
        } else {
            b""
        };
        let answer = page.send(line, &headers, body)?;
        Ok(match answer.status {
            200 => (200, String::new()),
            status => (status, answer.error(status)?.0),
        })
    };
    let passed = (200, String::new());
    let refused = (403, "session.page".to_owned());
    let header = "x-churn-session: 1\r\n";
    let same = format!("origin: http://{own}\r\nsec-fetch-site: same-origin\r\n");
    assert_eq!(told("POST /model", &format!("{header}{same}"))?, passed);
    // Without the header, as from a form.
    assert_eq!(told("POST /model", &same)?, refused);
    assert_eq!(told("POST /model", "")?, refused);
    for from in [
        "sec-fetch-site: cross-site\r\n",
        "sec-fetch-site: same-site\r\n",
        "origin: https://shop.example\r\n",
    ] {
        let headers = format!("{header}{from}");
        assert_eq!(told("POST /model", &headers)?, refused, "{from}");
        assert_eq!(
            told("GET /api/v1/export?format=csv", from)?,
            refused,
            "{from}"
        );
    }
    let other = (403, "origin.forbidden".to_owned());
    for origin in ["http://127.0.0.1:1", "null", "http://evil.example"] {
        let headers = format!("{header}origin: {origin}\r\n");
        assert_eq!(told("POST /model", &headers)?, other, "{origin}");
    }
    assert_eq!(
        told("GET /api/v1/labels", "sec-fetch-site: none\r\n")?,
        passed
    );

    // Nor does anybody make a session for somebody else.
    for headers in [
        "content-type: application/json\r\n".to_owned(),
        format!("{OURS}sec-fetch-site: cross-site\r\n"),
        format!("{OURS}origin: https://shop.example\r\n"),
    ] {
        let answer = sign_in(&mut page, &key, &headers)?;
        assert_eq!(answer.header("set-cookie"), None);
        assert_eq!(answer.error(403)?.0, "session.page", "{headers}");
    }
    let left = page.send(&format!("DELETE {PATH}"), &session, b"")?;
    assert_eq!(left.error(403)?.0, "session.page");
    assert_eq!(page.send("GET /metrics", &session, b"")?.status, 200);
    Ok(())
}
