//! How often a caller may ask, and which other sites' pages may.

use serde_json::json;

use crate::Failure;
use crate::client::Client;
use crate::server::{Server, key, small};

#[test]
fn every_key_has_its_own_share() -> Result<(), Failure> {
    let folder = small("rate")?;
    let [greedy, modest] = [
        key(&folder, &["--role", "admin"])?,
        key(&folder, &["--role", "admin"])?,
    ];
    let server = Server::start(&folder, &["--model", "model.json", "--rate", "1"])?;
    let mut greedy = Client::new(&server.address, Some(&greedy))?;
    let mut refused = None;
    for _ in 0..200 {
        let answer = greedy.get("/api/v1/models")?;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.ok_or("there is no end to the share")?;
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.error(429)?.0, "rate.limit");
    // By whatever way it is used.
    let call = json!({"request": {}});
    let statuses = (0..20).map(|_| greedy.post("/model", &call).map(|answer| answer.status));
    assert!(statuses.collect::<Result<Vec<_>, _>>()?.contains(&429));
    // Others are served, and so are those who watch.
    let mut modest = Client::new(&server.address, Some(&modest))?;
    assert_eq!(modest.get("/api/v1/models")?.status, 200);
    for _ in 0..50 {
        assert_eq!(greedy.get("/health/live")?.status, 200);
        assert_eq!(greedy.get("/health/ready")?.status, 200);
    }
    Ok(())
}

#[test]
fn who_has_no_key_shares_that_of_the_address() -> Result<(), Failure> {
    let folder = small("rate-strangers")?;
    let known = key(&folder, &["--role", "admin"])?;
    let server = Server::start(&folder, &["--model", "model.json", "--rate", "1"])?;
    let mut stranger = Client::new(&server.address, None)?;
    let mut statuses = Vec::new();
    for path in ["/api/v1/models", "/api/v1/session", "/api/v1/openapi.json"]
        .iter()
        .cycle()
        .take(60)
    {
        statuses.push(stranger.get(path)?.status);
    }
    assert!(statuses.contains(&429), "{statuses:?}");
    // A key that is not good is no share of its own.
    let mut guesses = Vec::new();
    for guess in 0..30 {
        let mut guesser = Client::new(&server.address, Some(&format!("churn_{guess}")))?;
        guesses.push(guesser.get("/api/v1/models")?.status);
    }
    assert!(guesses.contains(&429), "{guesses:?}");
    let mut known = Client::new(&server.address, Some(&known))?;
    assert_eq!(known.get("/api/v1/models")?.status, 200);
    Ok(())
}

#[test]
fn an_open_server_counts_only_where_it_is_told_to() -> Result<(), Failure> {
    let folder = small("rate-open")?;
    let options = ["--open", "--model", "model.json"];
    let limited = |more: &[&str]| -> Result<bool, Failure> {
        let server = Server::start(&folder, &[&options[..], more].concat())?;
        let mut client = server.client()?;
        for _ in 0..100 {
            if client.get("/api/v1/models")?.status == 429 {
                return Ok(true);
            }
        }
        Ok(false)
    };
    assert!(limited(&["--rate", "1"])?);
    assert!(!limited(&[])?);
    Ok(())
}

#[test]
fn other_sites_may_ask_where_they_are_named() -> Result<(), Failure> {
    let folder = small("cors")?;
    let named = ["https://shop.example", "http://localhost:3000"];
    let options = [
        "--model",
        "model.json",
        "--cors-origin",
        named[0],
        "--cors-origin",
        named[1],
    ];
    let server = Server::start(&folder, &options)?;
    let mut client = server.client()?;
    for origin in named {
        let from = format!("origin: {origin}\r\n");
        let asks = format!(
            "{from}access-control-request-method: POST\r\n\
             access-control-request-headers: authorization,content-type\r\nauthorization: none\r\n"
        );
        let allowed = client.send("OPTIONS /model", &asks, b"")?;
        assert_eq!(allowed.status, 200);
        for (name, value) in [
            ("access-control-allow-origin", origin),
            ("access-control-allow-methods", "get,post"),
            (
                "access-control-allow-headers",
                "authorization,content-type,x-request-id",
            ),
        ] {
            assert_eq!(allowed.header(name), Some(value), "{name}");
        }
        let answer = client.send("GET /api/v1/models", &from, b"")?;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        assert!(
            answer
                .header("vary")
                .is_some_and(|vary| vary.contains("origin"))
        );
        // What is wrong is told to its page, too; a cookie never counts.
        let wrong = client.send("GET /api/v1/models/none", &from, b"")?;
        assert_eq!(wrong.header("access-control-allow-origin"), Some(origin));
        assert_eq!(wrong.error(404)?.0, "model.unknown");
        for answer in [&allowed, &answer] {
            assert_eq!(answer.header("access-control-allow-credentials"), None);
        }
    }
    for origin in [
        "https://shop.example.evil",
        "http://shop.example",
        "null",
        "https://shop.example:8443",
    ] {
        let from = format!("origin: {origin}\r\n");
        let refused = client.send("GET /api/v1/models", &from, b"")?;
        assert_eq!(refused.header("access-control-allow-origin"), None);
        assert_eq!(refused.error(403)?.0, "origin.forbidden", "{origin}");
        let asks = format!("{from}access-control-request-method: POST\r\n");
        let refused = client.send("OPTIONS /model", &asks, b"")?;
        assert_eq!(
            refused.header("access-control-allow-origin"),
            None,
            "{origin}"
        );
    }
    Ok(())
}

#[test]
fn without_being_named_no_other_site_may_ask() -> Result<(), Failure> {
    let folder = small("no-cors")?;
    let server = Server::open(&folder)?;
    let asks = "origin: https://shop.example\r\naccess-control-request-method: POST\r\n";
    let refused = server.client()?.send("OPTIONS /model", asks, b"")?;
    assert!(
        !refused.head.contains("access-control-"),
        "{}",
        refused.head
    );
    assert_eq!(refused.status, 403);
    for origin in [
        "*",
        "https://*.example",
        "https://shop.example/",
        "shop.example",
    ] {
        let run = folder.run(&["serve", "--data-dir", "data", "--cors-origin", origin])?;
        let told = run.refused()?;
        assert!(told.contains("expected an origin such as"), "{told}");
    }
    Ok(())
}
