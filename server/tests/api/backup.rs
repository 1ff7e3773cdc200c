//! Backups, made while the server works, and what becomes of them.

use serde_json::{Value, json};

use crate::Failure;
use crate::server::{Server, small};

#[test]
fn a_backup_holds_all_that_was_acknowledged_before_it() -> Result<(), Failure> {
    let folder = small("backup")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let customers: Vec<Value> = (0..500).map(|x| json!({"spend": x})).collect();
    client
        .post("/api/v1/explain", &json!({"customers": customers}))?
        .json(200)?;
    let before = client.get("/api/v1/export?format=ndjson")?.text();
    let backup = ["backup", "copy.db", "--data-dir", "data"];
    let told = folder.run(&backup)?.succeeded()?.err();
    assert_eq!(told, "backed up 500 predictions: copy.db\n");
    client
        .post("/api/v1/predict", &json!({"customers": [{}]}))?
        .json(200)?;
    assert!(
        folder
            .run(&backup)?
            .refused()?
            .contains("copy.db: it is there already")
    );
    drop(server);

    let restore = ["restore", "copy.db", "--data-dir", "other"];
    let told = folder.run(&restore)?.succeeded()?.err();
    assert!(
        told.starts_with("restored 500 predictions: other"),
        "{told}"
    );
    assert!(
        folder
            .run(&restore)?
            .refused()?
            .contains("it is there already")
    );
    let serve = [
        "serve",
        "--open",
        "--addr",
        "127.0.0.1:0",
        "--data-dir",
        "other",
    ];
    let restored = Server::spawn(&mut folder.command(&serve))?;
    let mut client = restored.client()?;
    // The same predictions, explained by the same model.
    assert_eq!(client.get("/api/v1/export?format=ndjson")?.text(), before);
    assert_eq!(client.post("/model", &json!({"request": {}}))?.status, 200);
    assert!(!folder.names()?.iter().any(|name| name.contains("part")));
    Ok(())
}

#[test]
fn what_is_no_backup_is_refused() -> Result<(), Failure> {
    let folder = small("no-backup")?;
    let refuse = |arguments: &[&str], told: &str| -> Result<(), Failure> {
        let refused = folder.run(arguments)?.refused()?;
        assert!(refused.contains(told), "{refused}");
        Ok(())
    };
    refuse(
        &["backup", "copy.db", "--data-dir", "none"],
        "none: there are no data of a server",
    )?;
    refuse(
        &["restore", "model.json", "--data-dir", "data"],
        "file is not a database",
    )?;
    refuse(&["restore", "none.db", "--data-dir", "data"], "none.db: ")?;
    drop(Server::open(&folder)?);
    folder
        .run(&["backup", "copy.db", "--data-dir", "data"])?
        .succeeded()?;
    let mut bytes = std::fs::read(folder.path().join("copy.db"))?;
    // Damage in the middle.
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xff);
    folder.write("damaged.db", bytes)?;
    let refused = folder
        .run(&["restore", "damaged.db", "--data-dir", "new"])?
        .refused()?;
    assert!(refused.contains("damaged.db: "), "{refused}");
    Ok(())
}
