//! Backups, made while the server works, and what becomes of them.

use std::fs;

use serde_json::{Value, json};

use crate::Failure;
use crate::program::SMALL;
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
fn the_rows_of_tables_are_beside_a_backup() -> Result<(), Failure> {
    let folder = small("backup-tables")?;
    let place = ["--data-dir", "data", "--tables", "tables"];
    let run = |arguments: &[&str], place: &[&str]| folder.run(&[arguments, place].concat());
    let ingest = ["ingest", "small.csv", "--table", "t"];
    run(&ingest, &place)?.succeeded()?;
    folder.write("more.csv", SMALL.to_owned() + "x,y\n")?;
    run(&["ingest", "more.csv", "--table", "u"], &place)?.succeeded()?;
    run(&["table", "delete", "u@1"], &place)?.succeeded()?;
    run(&["backup", "copy.db"], &place)?.succeeded()?;
    let kept = fs::read_dir(folder.path().join("copy.db.tables"))?;
    let kept = kept.filter_map(Result::ok).map(|entry| entry.file_name());
    let kept = kept.filter(|name| name.to_string_lossy().ends_with(".parquet"));
    assert_eq!(kept.count(), 1);

    let other = ["--data-dir", "other", "--tables", "rows"];
    run(&["restore", "copy.db"], &other)?.succeeded()?;
    let show = ["table", "show", "t", "--json"];
    let shown = |place: &[&str]| Ok::<_, Failure>(run(&show, place)?.succeeded()?.out());
    assert_eq!(shown(&place)?, shown(&other)?);

    // Damage is seen before anything is restored; without them the rest is.
    let file = fs::read_dir(folder.path().join("copy.db.tables"))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|end| end == "parquet"))
        .ok_or("no file")?;
    fs::write(file, "damaged")?;
    let third = ["--data-dir", "third", "--tables", "third-rows"];
    let refused = run(&["restore", "copy.db"], &third)?.refused()?;
    assert!(refused.contains("the file is damaged"), "{refused}");
    fs::remove_dir_all(folder.path().join("copy.db.tables"))?;
    let told = run(&["restore", "copy.db"], &third)?.succeeded()?.err();
    assert!(told.contains("copy.db.tables is missing"), "{told}");
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
    let mut bytes = fs::read(folder.path().join("copy.db"))?;
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
