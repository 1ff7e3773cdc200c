//! What the program does not accept of a PostgreSQL server, and says so.

use churn_server::store::migrations;
use serde_json::json;

use crate::Failure;
use crate::cluster::{Cluster, shared};
use crate::program::Folder;
use crate::server::{Server, database, small};

const SERVE: [&str; 6] = [
    "serve",
    "--open",
    "--addr",
    "127.0.0.1:0",
    "--data-dir",
    "data",
];

fn refuse(folder: &Folder, arguments: &[&str], told: &str) -> Result<(), Failure> {
    let refused = folder.run(arguments)?.refused()?;
    assert!(refused.contains(told), "{refused}");
    Ok(())
}

#[test]
fn a_newer_or_foreign_database_is_left_alone() -> Result<(), Failure> {
    let folder = small("newer")?;
    database(&folder)?.script("UPDATE version SET version = 99")?;
    let newest = migrations::NEWEST;
    let told = format!(
        "/api-newer: the data is of version 99, this program knows up to {newest}: \
         it was written by a newer `churn`; use that one"
    );
    for arguments in [&SERVE[..], &["key", "list", "--data-dir", "data"]] {
        refuse(&folder, arguments, &told)?;
    }
    let folder = small("foreign")?;
    let theirs = "CREATE TABLE keys (theirs TEXT); CREATE SCHEMA churn; \
                  CREATE TABLE churn.keys (theirs TEXT)";
    shared()?.run("api-foreign", theirs)?;
    refuse(&folder, &SERVE, "database of another program")?;
    // Others' tables beside ours are no trouble, nor is a schema made for us.
    shared()?.run("api-foreign", "DROP TABLE churn.keys")?;
    folder
        .run(&["key", "list", "--data-dir", "data"])?
        .succeeded()?;
    Ok(())
}

#[test]
fn a_server_that_would_lose_data_is_refused() -> Result<(), Failure> {
    let cluster = Cluster::start("-c fsync=off")?;
    let folder = small("fsync")?.with_database(cluster.make("fsync")?);
    refuse(&folder, &SERVE, "/fsync: it runs with fsync = off")?;
    cluster.crash()?;
    // What is off for all is on for us.
    cluster.start_again("-c synchronous_commit=off")?;
    let mut database = database(&folder)?;
    let setting = "SELECT current_setting('synchronous_commit')";
    let setting = database.first(setting, &[], |row| row.get::<String>(0))?;
    assert_eq!(setting.as_deref(), Some("on"));
    // One that only reads is of no use either.
    cluster.crash()?;
    cluster.start_again("-c default_transaction_read_only=on")?;
    refuse(&folder, &SERVE, "/fsync: ")
}

#[test]
fn an_address_is_not_told_with_its_password() -> Result<(), Failure> {
    let folder = small("address")?;
    for url in [
        "postgresql://ann:secret@127.0.0.1:1/churn",
        "postgresql://ann:secret@127.0.0.1:1/churn?sslmode=disable",
        "postgresql://ann:secret@127.0.0.1:secret/churn",
        "mysql://ann:secret@127.0.0.1/churn",
        "postgresql://ann:secret@127.0.0.1/churn?sslmode=secret",
        "secret",
    ] {
        let refused = folder
            .run(&["key", "list", "--database-url", url])?
            .refused()?;
        assert!(!refused.contains("secret"), "{refused}");
        // From the environment as well.
        let mut command = folder.command(&["key", "list"]);
        let output = command.env("CHURN_DATABASE_URL", url).output()?;
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(told.trim_end(), refused);
    }
    refuse(
        &folder,
        &[
            "key",
            "list",
            "--database-url",
            "postgresql://127.0.0.1:1/churn",
        ],
        "error: PostgreSQL 127.0.0.1/churn: ",
    )?;
    let mut command = folder.command(&["key", "list", "--data-dir", "local"]);
    let list = command.env("CHURN_DATABASE_URL", "nonsense").output()?;
    assert!(list.status.success(), "a folder that is named comes first");
    refuse(
        &folder,
        &["key", "list"],
        "expected --data-dir FOLDER or --database-url URL",
    )
}

/// Has the database refuse every prediction with an error of this name.
fn refuse_predictions(code: &str) -> String {
    format!(
        "CREATE FUNCTION churn.fail() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$; \
         CREATE TRIGGER fail BEFORE INSERT ON churn.predictions \
         FOR EACH ROW EXECUTE FUNCTION churn.fail()"
    )
}

#[test]
fn a_full_disk_of_postgresql_is_told() -> Result<(), Failure> {
    let folder = small("pg-full")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let call = json!({"request": {}});
    client.post("/model", &call)?.json(200)?;
    shared()?.run("api-pg-full", &refuse_predictions("53100"))?;
    assert_eq!(client.post("/model", &call)?.error(503)?.0, "store.refused");
    // It stays so, also when there is room again.
    shared()?.run("api-pg-full", "DROP FUNCTION churn.fail CASCADE")?;
    assert_eq!(client.post("/model", &call)?.error(503)?.0, "store.refused");
    assert_eq!(client.get("/health/ready")?.error(503)?.0, "store.refused");
    assert_eq!(client.get("/api/v1/predictions")?.status, 200);
    drop(server);
    Server::open(&folder)?
        .client()?
        .post("/model", &call)?
        .json(200)?;
    Ok(())
}

#[test]
fn what_the_database_does_not_take_harms_nothing_else() -> Result<(), Failure> {
    let folder = small("pg-failed")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let call = json!({"request": {}});
    shared()?.run("api-pg-failed", &refuse_predictions("22000"))?;
    assert_eq!(client.post("/model", &call)?.error(500)?.0, "server.failed");
    assert_eq!(client.get("/health/ready")?.status, 200);
    shared()?.run("api-pg-failed", "DROP FUNCTION churn.fail CASCADE")?;
    client.post("/model", &call)?.json(200)?;
    // Another program that writes is waited for, but not for ever.
    let url = folder.database_url().ok_or("no database")?;
    let mut other = postgres::Client::connect(url, postgres::NoTls)?;
    other.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(7163101024104742914)")?;
    let nil = uuid::Uuid::nil();
    let delayed = json!({"predictionUuid": nil, "metrics": {"final_label": true}});
    let refused = client.post("/track-delayed-metrics", &delayed)?;
    assert_eq!(refused.error(503)?.0, "store.locked");
    // What takes one statement has nothing to wait for.
    client.post("/model", &call)?.json(200)?;
    other.batch_execute("COMMIT")?;
    client.post("/track-delayed-metrics", &delayed)?.json(200)?;
    Ok(())
}
