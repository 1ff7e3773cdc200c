//! Tables over the API.

use std::thread;

use churn_core::artefact::sha256;
use serde_json::{Value, json};

use crate::Failure;
use crate::client::{Answer, Client};
use crate::server::{Server, key, small};

const CSV: &str = "content-type: text/csv\r\n";
const ROWS: &str = "id,plan,spend\na,free,1.50\nb,paid,\nc,,20.00\n";

/// A server that knows where the files of tables are, with either database.
const SERVE: [&str; 3] = ["--open", "--tables", "tables"];

fn send(client: &mut Client, table: &str, rows: &str) -> Result<Answer, Failure> {
    client.send(
        &format!("POST /api/v1/tables/{table}"),
        CSV,
        rows.as_bytes(),
    )
}

fn versions(client: &mut Client) -> Result<Vec<Value>, Failure> {
    let told = client.get("/api/v1/tables")?.json(200)?;
    Ok(told["versions"].as_array().ok_or("no versions")?.clone())
}

#[test]
fn a_file_that_is_sent_becomes_a_version() -> Result<(), Failure> {
    let folder = small("tables-sent")?;
    let server = Server::start(&folder, &SERVE)?;
    let mut client = server.client()?;
    assert_eq!(versions(&mut client)?, Vec::<Value>::new());
    let told = send(&mut client, "t", ROWS)?.json(200)?;
    assert_eq!(
        (&told["is_new"], &told["version"]["rows"]),
        (&json!(true), &json!(3))
    );
    let sources = json!([{"from": "what was sent", "sha256": sha256(ROWS.as_bytes()),
        "rows": 3, "rejected": 0}]);
    assert_eq!(told["version"]["sources"], sources);
    let again = send(&mut client, "t", ROWS)?.json(200)?;
    assert_eq!(again, json!({"version": told["version"], "is_new": false}));

    // A row that does not fit is told, and the others stand.
    let other = ROWS.replace("20.00", "much") + "d,paid,2\n";
    let told = send(&mut client, "t", &other)?.json(200)?;
    let reason = json!({"column": "spend", "expected": "a number", "rows": 1});
    assert_eq!(told["version"]["reasons"], json!([reason]));
    assert_eq!(versions(&mut client)?.len(), 2);

    let content = client.get("/api/v1/tables/t?version=1")?.json(200)?;
    let numbers = json!({"min": 1.5, "max": 20.0, "mean": 10.75});
    assert_eq!(content["quality"][2]["numbers"], numbers);
    assert_eq!(content["quality"][1]["missing"], 1);
    let newest = client.get("/api/v1/tables/t")?.json(200)?;
    assert_eq!(newest["version"]["version"], 2);
    let difference = client
        .get("/api/v1/tables/t/difference?from=1&to=2")?
        .json(200)?;
    let ids = json!({"column": "id", "added": 1, "removed": 1, "changed": 0});
    assert_eq!(difference["ids"], ids);

    let train = [
        "train",
        "--table",
        "t@1",
        "--out",
        "m.json",
        "--data-dir",
        "data",
    ];
    let train = folder.run(&[&train[..], &["--tables", "tables"]].concat())?;
    // It was found, and is what it is.
    assert!(train.refused()?.contains("--target"));
    Ok(())
}

#[test]
fn rows_are_deleted_and_the_version_stays() -> Result<(), Failure> {
    let folder = small("tables-deleted")?;
    let server = Server::start(&folder, &SERVE)?;
    let mut client = server.client()?;
    send(&mut client, "t", ROWS)?.json(200)?;
    let delete = "DELETE /api/v1/tables/t?version=1";
    for _ in 0..2 {
        assert_eq!(client.send(delete, "", b"")?.status, 204);
    }
    assert_eq!(versions(&mut client)?[0]["deleted"], true);
    let refused = client.get("/api/v1/tables/t")?.json(409)?;
    assert_eq!(refused["error"]["code"], "table.deleted");
    let told = send(&mut client, "t", ROWS)?.json(200)?;
    assert_eq!(told["version"]["version"], 2);
    Ok(())
}

#[test]
fn what_is_no_table_is_told() -> Result<(), Failure> {
    let folder = small("tables-wrong")?;
    let server = Server::start(&folder, &SERVE)?;
    let mut client = server.client()?;
    send(&mut client, "t", ROWS)?.json(200)?;
    for (path, field) in [
        ("/api/v1/tables/u", "name"),
        ("/api/v1/tables/t?version=2", "version"),
        ("/api/v1/tables/t/difference?from=1&to=9", "to"),
    ] {
        let error = client.get(path)?.json(404)?["error"].take();
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!("table.unknown"), &json!(field))
        );
    }
    for (table, headers, body, told) in [
        ("t", CSV, "id,plan\na,free\n", "lacks this column"),
        ("t", CSV, "", "header"),
        (
            "t",
            "content-type: application/vnd.apache.parquet\r\n",
            ROWS,
            "what was sent: ",
        ),
    ] {
        let line = format!("POST /api/v1/tables/{table}");
        let error = client.send(&line, headers, body.as_bytes())?.json(422)?["error"].take();
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains(told), "{error}");
        assert!(!message.contains(".upload"), "{error}");
    }
    let error = send(&mut client, "..%2Ft", ROWS)?.json(400)?["error"].take();
    assert_eq!(error["field"], "name");
    let line = "POST /api/v1/tables/t";
    assert_eq!(
        client
            .send(line, "content-type: text/html\r\n", b"")?
            .status,
        415
    );
    // Nothing of all that stays behind.
    assert_eq!(versions(&mut client)?.len(), 1);
    let names = std::fs::read_dir(folder.path().join("tables"))?;
    let hidden = names
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(".upload"));
    assert_eq!(hidden.count(), 0);
    Ok(())
}

#[test]
fn many_ingest_one_after_the_other() -> Result<(), Failure> {
    let folder = small("tables-many")?;
    let server = Server::start(&folder, &SERVE)?;
    let send_one = |number: usize| -> Result<(), String> {
        let told = server.client().and_then(|mut client| {
            let rows = format!("{ROWS}d{number},free,3\n");
            send(&mut client, "t", &rows)?.json(200)
        });
        told.map(drop).map_err(|error| error.to_string())
    };
    let sent = thread::scope(|scope| {
        let threads: Vec<_> = (0..6)
            .map(|number| scope.spawn(move || send_one(number)))
            .collect();
        let ended = threads.into_iter().map(|thread| thread.join());
        ended
            .map(|ended| ended.map_err(|_| "a thread panicked".to_owned())?)
            .collect::<Result<Vec<()>, String>>()
    });
    sent?;
    let numbers: Vec<i64> = versions(&mut server.client()?)?
        .iter()
        .filter_map(|version| version["version"].as_i64())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    Ok(())
}

#[test]
fn only_those_who_may_ingest() -> Result<(), Failure> {
    let folder = small("tables-roles")?;
    let server = Server::start(&folder, &["--tables", "tables"])?;
    let reader = key(&folder, &["--role", "read"])?;
    let mut client = Client::new(&server.address, Some(&reader))?;
    crate::server::eventually(|| Ok(client.get("/api/v1/tables")?.status == 200))?;
    assert_eq!(send(&mut client, "t", ROWS)?.status, 403);
    let delete = "DELETE /api/v1/tables/t?version=1";
    assert_eq!(client.send(delete, "", b"")?.status, 403);
    Ok(())
}
