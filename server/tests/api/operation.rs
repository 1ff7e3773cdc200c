//! Running a server: readiness, deploying, figures, ending.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use churn_server::store::Connection;
use serde_json::{Value, json};

use crate::Failure;
use crate::server::{Server, database, eventually, small};

#[test]
fn is_ready_when_a_model_is_deployed() -> Result<(), Failure> {
    let folder = small("ready")?;
    let server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;
    assert_eq!(client.get("/health/live")?.status, 200);
    assert_eq!(client.get("/health/ready")?.error(503)?.0, "model.none");
    let refused = client.post("/model", &json!({"request": {}}))?;
    assert_eq!(refused.error(404)?.0, "model.unknown");
    let deploy = [
        "deploy",
        "model.json",
        "--name",
        "first",
        "--data-dir",
        "data",
    ];
    let told = folder.run(&deploy)?.succeeded()?.err();
    assert!(
        told.starts_with("deployed first: crn:cdp:ml:local:0:workspace:0/"),
        "{told}"
    );
    eventually(|| Ok(client.get("/health/ready")?.status == 200))?;
    assert_eq!(client.post("/model", &json!({"request": {}}))?.status, 200);

    // With a second model, the access key has to say which.
    let deploy = [
        "deploy",
        "model.json",
        "--name",
        "second",
        "--data-dir",
        "data",
    ];
    folder.run(&deploy)?.succeeded()?;
    eventually(|| Ok(client.post("/model", &json!({"request": {}}))?.status == 400))?;
    for name in ["first", "second"] {
        let call = json!({"accessKey": name, "request": {}});
        assert_eq!(client.post("/model", &call)?.status, 200);
    }
    Ok(())
}

#[test]
fn what_cannot_answer_is_not_deployed() -> Result<(), Failure> {
    let folder = small("undeployable")?;
    folder.write(
        "broken.json",
        folder.read("model.json")?.replace("churn-model", "other"),
    )?;
    let data = ["--data-dir", "data"];
    let refuse = |arguments: &[&str], told: &str| -> Result<(), Failure> {
        let refused = folder.run(&[arguments, &data].concat())?.refused()?;
        assert!(refused.contains(told), "{refused}");
        Ok(())
    };
    refuse(
        &["deploy", "broken.json"],
        "broken.json: format: expected 'churn-model'",
    )?;
    refuse(&["deploy", "none.json"], "cannot read none.json")?;
    refuse(
        &["deploy", "model.json", "--name", "a/b"],
        "--name: expected 1 to 64 letters",
    )
}

#[test]
fn a_new_deployment_answers_without_a_pause() -> Result<(), Failure> {
    let folder = small("redeploy")?;
    let server = Server::open(&folder)?;
    let done = AtomicBool::new(false);
    let ask = || -> Result<BTreeSet<String>, String> {
        let mut client = server.client().map_err(|error| error.to_string())?;
        let mut deployments = BTreeSet::new();
        while !done.load(Ordering::Relaxed) {
            let answer = client.post("/model", &json!({"request": {"spend": 2}}));
            let answer = answer.and_then(|answer| answer.json(200));
            let answer = answer.map_err(|error| error.to_string())?;
            deployments.insert(answer["response"]["model_deployment_crn"].to_string());
        }
        Ok(deployments)
    };
    let seen = thread::scope(|scope| -> Result<BTreeSet<String>, Failure> {
        let asking = [scope.spawn(ask), scope.spawn(ask)];
        let mut client = server.client()?;
        let first = client.get("/api/v1/models/model")?.json(200)?;
        let deployed = folder
            .run(&["deploy", "model.json", "--data-dir", "data"])?
            .succeeded();
        let changed = deployed.and_then(|_| {
            eventually(|| {
                Ok(client.get("/api/v1/models/model")?.json(200)?["deployment"]
                    != first["deployment"])
            })
        });
        thread::sleep(std::time::Duration::from_millis(200));
        done.store(true, Ordering::Relaxed);
        changed?;
        let mut seen = BTreeSet::new();
        for asked in asking {
            seen.extend(asked.join().map_err(|_| "a client failed")??);
        }
        Ok(seen)
    })?;
    assert_eq!(seen.len(), 2, "{seen:?}");
    // The same file given at the next start is deployed already.
    let names = || -> Result<i64, Failure> {
        let count = "SELECT count(*) FROM deployments";
        let count = database(&folder)?.first(count, &[], |row| row.get(0))?;
        Ok(count.ok_or("no count")?)
    };
    drop(server);
    let before = names()?;
    drop(Server::open(&folder)?);
    assert_eq!(names()?, before);
    Ok(())
}

#[test]
fn builds_and_deployments_never_change() -> Result<(), Failure> {
    let folder = small("immutable")?;
    folder
        .run(&["deploy", "model.json", "--data-dir", "data"])?
        .succeeded()?;
    let mut database = database(&folder)?;
    for sql in [
        "UPDATE builds SET document = 'another'",
        "UPDATE builds SET sha256 = 'another'",
        "DELETE FROM builds",
        "UPDATE deployments SET build = 2",
        "DELETE FROM deployments",
    ] {
        let told = database
            .execute(sql, &[])
            .err()
            .map(|error| error.to_string());
        assert!(
            told.as_ref().is_some_and(|told| told.contains("never")),
            "{sql}: {told:?}"
        );
    }
    Ok(())
}

#[test]
fn a_deployment_is_made_whole_or_not_at_all() -> Result<(), Failure> {
    let folder = small("whole-deployment")?;
    let deploy = |name: &str| {
        let deploy = ["deploy", "model.json", "--name", name];
        folder.run(&[&deploy[..], &["--data-dir", "data"]].concat())
    };
    deploy("first")?.succeeded()?;
    let mut database = database(&folder)?;
    let (fail, mend) = match database {
        Connection::Sqlite(_) => (
            "CREATE TRIGGER fail BEFORE INSERT ON deployments \
             BEGIN SELECT RAISE(ABORT, 'not this time'); END",
            "DROP TRIGGER fail",
        ),
        Connection::Postgresql(_) => (
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'not this time'; END $$; \
             CREATE TRIGGER fail BEFORE INSERT ON deployments \
             FOR EACH ROW EXECUTE FUNCTION fail()",
            "DROP FUNCTION fail CASCADE",
        ),
    };
    let mut counts = || -> Result<Vec<Option<i64>>, Failure> {
        let tables = ["models", "builds", "deployments"];
        let count = |table| {
            let count = format!("SELECT count(*) FROM {table}");
            Ok(database.first(&count, &[], |row| row.get(0))?)
        };
        tables.into_iter().map(count).collect()
    };
    assert_eq!(counts()?, [Some(1); 3]);
    crate::server::database(&folder)?.script(fail)?;
    let refused = deploy("second")?.refused()?;
    assert!(
        refused.contains("cannot deploy: not this time"),
        "{refused}"
    );
    assert_eq!(counts()?, [Some(1); 3], "a part of it is there");
    crate::server::database(&folder)?.script(mend)?;
    deploy("second")?.succeeded()?;
    assert_eq!(counts()?, [Some(2); 3]);
    Ok(())
}

#[test]
fn figures_are_told_without_names_of_anybody() -> Result<(), Failure> {
    let folder = small("figures")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    for spend in 0..30 {
        client
            .post("/model", &json!({"request": {"spend": spend}}))?
            .json(200)?;
        client
            .get(&format!("/api/v1/predictions/{spend}"))?
            .error(400)?;
        client
            .send(&format!("MAKE{spend} /model"), "", b"")?
            .error(405)?;
        client.get(&format!("/nothing/{spend}"))?;
    }
    let answer = client.get("/metrics")?;
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    assert_eq!(answer.header("content-type"), Some(kind));
    let text = answer.text();
    let value = |line: &str| {
        let found = text.lines().find_map(|told| told.strip_prefix(line));
        found.and_then(|value| value.trim().parse::<f64>().ok())
    };
    let route = "http_server_request_duration_seconds_count{http_request_method=\"POST\",\
                 http_route=\"/model\",http_response_status_code=\"200\"}";
    assert_eq!(value(route), Some(30.0));
    let stay = value("churn_predictions_total{model=\"model\",decision=\"stay\"}");
    let leave = value("churn_predictions_total{model=\"model\",decision=\"leave\"}");
    assert_eq!(stay.zip(leave).map(|(a, b)| a + b), Some(30.0));
    assert_eq!(
        value("churn_prediction_probability_count{model=\"model\"}"),
        Some(30.0)
    );
    assert!(
        value("churn_db_commit_seconds_count").is_some_and(|count| (1.0..=31.0).contains(&count))
    );
    assert_eq!(value("churn_ready"), Some(1.0));
    assert_eq!(value("http_server_active_requests"), Some(1.0));
    // A line is a comment or a name with a number, and there is an end to them.
    for line in text.lines() {
        let is_sample = line
            .rsplit_once(' ')
            .is_some_and(|(_, value)| value.parse::<f64>().is_ok());
        assert!(line.starts_with("# ") || is_sample, "{line}");
    }
    assert!(text.lines().count() < 250, "{}", text.lines().count());
    Ok(())
}

#[test]
fn what_was_accepted_is_answered_before_the_end() -> Result<(), Failure> {
    let folder = small("ending")?;
    let mut server = Server::open(&folder)?;
    let mut client = server.client()?;
    // The head has arrived, the body not yet.
    let call = json!({"request": {"spend": 1}}).to_string();
    let headers = format!(
        "content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n",
        call.len()
    );
    let address = server.address.clone();
    let mut stream = std::net::TcpStream::connect(&address)?;
    std::io::Write::write_all(
        &mut stream,
        format!("POST /model HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n").as_bytes(),
    )?;
    let mut hello = [0; 25];
    std::io::Read::read_exact(&mut stream, &mut hello)?;
    assert!(hello.starts_with(b"HTTP/1.1 100"));
    server.terminate()?;
    eventually(|| Ok(std::net::TcpStream::connect(&address).is_err()))?;
    std::io::Write::write_all(&mut stream, call.as_bytes())?;
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer)?;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(server.wait()?.success());
    assert!(client.get("/health/live").is_err());
    Ok(())
}

#[test]
fn too_many_are_told_to_come_again() -> Result<(), Failure> {
    let folder = small("busy")?;
    let server = Server::start(
        &folder,
        &["--open", "--model", "model.json", "--most-active", "0"],
    )?;
    let mut client = server.client()?;
    let refused = client.post("/model", &json!({"request": {}}))?;
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.error(429)?.0, "model.busy");
    // Others are served.
    assert_eq!(client.get("/api/v1/models")?.status, 200);
    Ok(())
}

/// The description of the API is part of the contract: a change of it is seen
/// in the diff. `CHURN_UPDATE=1 cargo test` writes it anew.
#[test]
fn the_description_is_as_agreed() -> Result<(), Failure> {
    let folder = small("openapi")?;
    let server = Server::start(&folder, &["--model", "model.json"])?;
    let mut anybody = crate::client::Client::new(&server.address, None)?;
    let told = anybody.get("/api/v1/openapi.json")?.text();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/openapi.json");
    if std::env::var_os("CHURN_UPDATE").is_some() {
        fs::write(&path, &told)?;
    }
    let agreed = fs::read_to_string(&path)?;
    assert!(
        told == agreed,
        "the API has changed: see the diff after CHURN_UPDATE=1 cargo test"
    );

    let document: Value = serde_json::from_str(&told)?;
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    let paths = document["paths"].as_object().ok_or("no paths")?;
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let name = operation["operationId"].as_str().unwrap_or_default();
            assert!(names.insert(name), "{method} {path}: {name} twice");
        }
    }
    assert_eq!(names.len(), 61);
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
    Ok(())
}

/// The description says which customers are taken, of the models as they are
/// deployed.
#[test]
fn the_description_follows_what_is_deployed() -> Result<(), Failure> {
    let folder = small("described")?;
    let server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;
    let mut schema = |name: &str| -> Result<Value, Failure> {
        let document = client.get("/api/v1/openapi.json")?.json(200)?;
        Ok(document["components"]["schemas"][name].clone())
    };
    assert_eq!(schema("Customer")?["properties"], Value::Null);
    let data = ["--data-dir", "data"];
    folder
        .run(&[&["deploy", "model.json", "--name", "one"], &data[..]].concat())?
        .succeeded()?;
    eventually(|| Ok(schema("Customer")?["anyOf"][0]["title"] == "one"))?;
    let customer = schema("Customer")?["anyOf"][0].clone();
    assert_eq!(customer["additionalProperties"], false);
    let levels = &customer["properties"]["plan"]["enum"];
    assert_eq!(*levels, json!(["free", "paid", null]));
    let classes = &schema("Truth")?["anyOf"][1]["enum"];
    assert_eq!(*classes, json!(["false", "no", "true", "yes"]));
    folder
        .run(&[&["deploy", "model.json", "--name", "two"], &data[..]].concat())?
        .succeeded()?;
    eventually(|| Ok(schema("Customer")?["anyOf"][1]["title"] == "two"))
}

fn collect<'a>(value: &'a Value, references: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}
