//! From one database to the other and back, by way of a backup.

use std::path::Path;

use churn_server::store::sqlite;
use serde_json::json;

use crate::Failure;
use crate::program::Folder;
use crate::server::{Server, small};

/// Every row of every table of a file, as text.
fn rows(file: &Path) -> Result<Vec<String>, Failure> {
    sqlite::check(file)?;
    let database = rusqlite::Connection::open(file)?;
    let mut names = database.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1",
    )?;
    let names = names.query_map([], |row| row.get::<_, String>(0))?;
    let mut rows = Vec::new();
    for name in names {
        let name = name?;
        let mut all = database.prepare(&format!("SELECT * FROM {name} ORDER BY id"))?;
        let columns = all.column_count();
        let mut found = all.query([])?;
        while let Some(row) = found.next()? {
            let cells = (0..columns).map(|at| row.get::<_, rusqlite::types::Value>(at));
            let cells = cells.collect::<Result<Vec<_>, _>>()?;
            rows.push(format!("{name} {cells:?}"));
        }
    }
    Ok(rows)
}

fn run(folder: &Folder, arguments: &[&str]) -> Result<String, Failure> {
    Ok(folder.run(arguments)?.succeeded()?.err())
}

#[test]
fn data_are_the_same_after_a_round_trip() -> Result<(), Failure> {
    let folder = small("moving")?;
    // In a file first, with something in every table.
    let serve = [
        "serve",
        "--open",
        "--addr",
        "127.0.0.1:0",
        "--model",
        "model.json",
    ];
    let local = [&serve[..], &["--data-dir", "local"]].concat();
    let server = Server::spawn(&mut folder.command(&local))?;
    let mut client = server.client()?;
    let customers: Vec<_> = (0..1000).map(|x| json!({"spend": x})).collect();
    for _ in 0..3 {
        let answer = client
            .post("/api/v1/explain", &json!({"customers": customers}))?
            .json(200)?;
        let uuid = &answer["predictions"][7]["uuid"];
        let metrics = json!({"final_label": true, "text": "Ünïcode, 'quoted'\u{0}\n", "x": 0.1});
        let delayed = json!({"predictionUuid": uuid, "metrics": metrics});
        client.post("/track-delayed-metrics", &delayed)?.json(200)?;
        let crn = client.get("/api/v1/models/model")?.json(200)?["model_deployment_crn"].clone();
        let track = json!({"modelDeploymentCrn": crn, "startTimestampMs": 1, "endTimestampMs": 2,
            "predictionUuid": uuid, "metrics": metrics});
        client.post("/track-metrics", &track)?.json(200)?;
        let aggregate = json!({"modelDeploymentCrn": crn, "startTimestampMs": 1,
            "endTimestampMs": 2, "metrics": {"accuracy": 0.79}});
        client
            .post("/track-aggregate-metrics", &aggregate)?
            .json(200)?;
    }
    let key = [
        "key",
        "create",
        "--name",
        "test",
        "--role",
        "read",
        "--data-dir",
        "local",
    ];
    folder.run(&key)?.succeeded()?;
    folder.write("rows.csv", "a,b\n1,x\n2,\n")?;
    let ingest = ["ingest", "rows.csv", "--table", "t", "--data-dir", "local"];
    folder.run(&ingest)?.succeeded()?;
    let before = client.get("/api/v1/export?format=ndjson")?.text();
    drop(server);
    run(&folder, &["backup", "first.db", "--data-dir", "local"])?;

    let refused = folder.run(&["restore", "first.db", "--data-dir", "data"])?;
    let refused = refused.refused()?;
    assert!(refused.contains("expected --tables FOLDER"), "{refused}");
    let place = ["--data-dir", "data", "--tables", "tables"];
    let restore = [&["restore", "first.db"], &place[..]].concat();
    let told = run(&folder, &restore)?;
    assert!(
        told.starts_with("restored 3,000 predictions: PostgreSQL "),
        "{told}"
    );
    let again = folder.run(&restore)?.refused()?;
    assert!(again.contains("there are data already"), "{again}");
    let told = run(&folder, &[&["backup", "second.db"], &place[..]].concat())?;
    assert_eq!(told, "backed up 3,000 predictions: second.db\n");
    let [first, second] = ["first.db", "second.db"].map(|name| folder.path().join(name));
    let (first, second) = (rows(&first)?, rows(&second)?);
    assert_eq!(first.len(), second.len());
    assert!(first.len() > 3010, "{}", first.len());
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(first, second);
    }
    assert!(
        !folder
            .names()?
            .iter()
            .any(|name| name.contains("part") || name.contains("-wal"))
    );

    // The server goes on with them, and numbers go on from the last ones.
    let server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;
    assert_eq!(client.get("/api/v1/export?format=ndjson")?.text(), before);
    let deploy = [
        "deploy",
        "model.json",
        "--name",
        "other",
        "--data-dir",
        "data",
    ];
    folder.run(&deploy)?.succeeded()?;
    let call = json!({"accessKey": "model", "request": {}});
    client.post("/model", &call)?.json(200)?;
    let delayed = json!({"predictionUuid": uuid::Uuid::nil(), "metrics": {"final_label": true}});
    client.post("/track-delayed-metrics", &delayed)?.json(200)?;
    Ok(())
}
