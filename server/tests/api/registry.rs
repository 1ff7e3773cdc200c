//! Builds, their aliases, promoting and rolling back.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Failure;
use crate::client::Client;
use crate::program::{Folder, SMALL_OPTIONS};
use crate::server::{Server, eventually, key, small};

/// Trains another model on the small table, with this C.
fn train(folder: &Folder, out: &str, c: &str) -> Result<(), Failure> {
    let arguments = ["train", "small.csv", "--out", out, "--c", c];
    folder
        .run(&[&arguments[..], &SMALL_OPTIONS].concat())?
        .succeeded()?;
    Ok(())
}

fn churn_model(folder: &Folder, arguments: &[&str]) -> Result<String, Failure> {
    let arguments = [&["model"], arguments, &["--data-dir", "data"]].concat();
    let run = folder.run(&arguments)?.succeeded()?;
    Ok(run.out() + &run.err())
}

fn refused(folder: &Folder, arguments: &[&str]) -> Result<String, Failure> {
    let arguments = [&["model"], arguments, &["--data-dir", "data"]].concat();
    folder.run(&arguments)?.refused()
}

/// A folder with three models, the first of them deployed.
fn three(name: &str) -> Result<Folder, Failure> {
    let folder = small(name)?;
    train(&folder, "second.json", "0.01")?;
    train(&folder, "third.json", "0.0001")?;
    folder
        .run(&["deploy", "model.json", "--data-dir", "data"])?
        .succeeded()?;
    Ok(folder)
}

fn add(folder: &Folder, file: &str, options: &[&str]) -> Result<String, Failure> {
    churn_model(
        folder,
        &[&["add", file, "--name", "model"], options].concat(),
    )
}

/// The same with all three as builds, the second as challenger.
fn registered(name: &str) -> Result<Folder, Failure> {
    let folder = three(name)?;
    add(&folder, "second.json", &["--alias", "challenger"])?;
    add(&folder, "third.json", &[])?;
    Ok(folder)
}

fn builds(client: &mut Client) -> Result<Vec<Value>, Failure> {
    let told = client.get("/api/v1/models/model/builds")?.json(200)?;
    Ok(told["builds"].as_array().ok_or("no builds")?.clone())
}

#[test]
fn a_build_tells_where_it_came_from() -> Result<(), Failure> {
    let folder = small("registry-origin")?;
    let place = ["--data-dir", "data", "--tables", "tables"];
    let run = |arguments: &[&str]| folder.run(&[arguments, &place].concat())?.succeeded();
    run(&["ingest", "small.csv", "--table", "t"])?;
    folder.write(
        "grid.toml",
        "[hold-out]\ntest-fraction = 0.5\n[[grid]]\nmodel = \"logistic\"\nc = [0.5]\n",
    )?;
    let experiment = ["experiment", "grid.toml", "--table", "t"];
    run(&[&experiment[..], &SMALL_OPTIONS[..4]].concat())?;
    let place = ["--data-dir", "data"];
    let run = |arguments: &[&str]| folder.run(&[arguments, &place].concat())?.succeeded();
    run(&["run", "model", "grid-1", "--out", "run.json"])?;
    run(&["deploy", "model.json"])?;
    run(&[
        "model",
        "add",
        "run.json",
        "--name",
        "model",
        "--alias",
        "challenger",
    ])?;
    let server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;

    let mut tell = |build: &str| client.get(&format!("/api/v1/models/model/builds/{build}"));
    let told = tell("challenger")?.json(200)?;
    assert_eq!(told["build"]["version"], 2);
    assert_eq!(
        (&told["run"], &told["table"]),
        (&json!("grid-1"), &json!("t@1"))
    );
    let program = concat!("churn ", env!("CARGO_PKG_VERSION"));
    assert_eq!(told["program"], program);
    assert!(told["example_input"]["spend"].is_number(), "{told}");
    assert!(
        told["example_output"]["explanation"]["spend"].is_number(),
        "{told}"
    );
    let first = tell("1")?.json(200)?;
    assert_eq!(
        (&first["run"], &first["table"]),
        (&Value::Null, &Value::Null)
    );
    assert_ne!(first["data_hash"], told["data_hash"]);
    assert_eq!(tell("3")?.status, 404);
    assert_eq!(tell("3x")?.status, 400);

    // Builds come and go over the API, too.
    let mut client = server.client()?;
    let unalias = "DELETE /api/v1/models/model/aliases/challenger";
    assert_eq!(client.send(unalias, "", b"")?.status, 204);
    let delete = "DELETE /api/v1/models/model/builds/2";
    assert_eq!(client.send(delete, "", b"")?.status, 204);
    let kept = client.send("DELETE /api/v1/models/model/builds/1", "", b"")?;
    assert_eq!(kept.json(409)?["error"]["code"], "registry.conflict");
    let gone = client.get("/api/v1/models/model/builds/2")?.json(409)?;
    assert_eq!(gone["error"]["code"], "build.unusable");
    let document = serde_json::from_str(&folder.read("run.json")?)?;
    let path = "/api/v1/models/model/builds";
    let back = client.post(path, &document)?.json(200)?;
    assert_eq!(
        (&back["deleted"], &back["aliases"]),
        (&json!(false), &json!([]))
    );
    let other = client
        .post("/api/v1/models/other/builds", &document)?
        .json(200)?;
    assert_eq!(other["version"], 1);
    let wrong = client
        .post(path, &json!({"format": "churn-model", "version": 99}))?
        .json(422)?;
    assert!(
        wrong["error"]["message"]
            .as_str()
            .is_some_and(|told| told.contains("expected 1"))
    );
    assert_eq!(
        client
            .post("/api/v1/models/a%20b/builds", &document)?
            .status,
        400
    );
    Ok(())
}

/// What the model says of a customer of whom nothing is known.
fn probability(client: &mut Client) -> Result<String, Failure> {
    let call = json!({"accessKey": "model", "request": {}});
    let answer = client.post("/model", &call)?.json(200)?;
    Ok(answer["response"]["prediction"]["probability"].to_string())
}

#[test]
fn builds_have_versions_and_aliases_that_move() -> Result<(), Failure> {
    let folder = three("registry-aliases")?;
    let added = add(&folder, "second.json", &["--alias", "challenger"])?;
    assert!(
        added.contains("model: version 2, its challenger"),
        "{added}"
    );
    // The same document is the same build.
    let again = add(&folder, "second.json", &[])?;
    assert!(again.contains("model: version 2\n"), "{again}");
    add(&folder, "third.json", &[])?;
    let server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;
    let told = builds(&mut client)?;
    let column = |name: &str| {
        told.iter()
            .map(|build| build[name].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(column("version"), [1, 2, 3]);
    assert_eq!(
        column("aliases"),
        [json!(["champion"]), json!(["challenger"]), json!([])]
    );

    let alias = "/api/v1/models/model/aliases/challenger";
    let put = |client: &mut Client, path: &str, build: &str| {
        let body = json!({"build": build}).to_string();
        client.send(
            &format!("PUT {path}"),
            "content-type: application/json\r\n",
            body.as_bytes(),
        )
    };
    assert_eq!(put(&mut client, alias, "3")?.status, 204);
    let list = churn_model(&folder, &["list", "model"])?;
    let lines: Vec<&str> = list.lines().collect();
    assert!(lines[1].starts_with("1\tchampion\t"), "{list}");
    assert!(lines[2].starts_with("2\t\t"), "{list}");
    assert!(lines[3].starts_with("3\tchallenger\t"), "{list}");
    assert_eq!(
        client.send(&format!("DELETE {alias}"), "", b"")?.status,
        204
    );
    assert_eq!(
        client
            .send(&format!("DELETE {alias}"), "", b"")?
            .error(404)?
            .1,
        "name"
    );

    // What cannot be is told.
    assert_eq!(
        put(&mut client, "/api/v1/models/model/aliases/champion", "2")?.status,
        409
    );
    assert_eq!(
        put(&mut client, "/api/v1/models/model/aliases/v2", "2")?
            .error(400)?
            .1,
        "alias"
    );
    assert_eq!(put(&mut client, alias, "9")?.error(404)?.1, "name");
    assert_eq!(put(&mut client, alias, "a b")?.error(400)?.1, "build");
    assert_eq!(
        client.get("/api/v1/models/other/builds")?.error(404)?.1,
        "name"
    );
    let told = refused(&folder, &["promote", "model@9"])?;
    assert!(told.contains("model 'model' has no version 9"), "{told}");
    let told = refused(&folder, &["promote", "model"])?;
    assert!(
        told.contains("expected a name, '@', and a version or an alias"),
        "{told}"
    );
    Ok(())
}

#[test]
fn history_tells_which_build_answered_when() -> Result<(), Failure> {
    let folder = registered("registry-history")?;
    let server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;
    let first = probability(&mut client)?;

    // At once, for who promotes through the server.
    let path = "/api/v1/models/model/deployments";
    client
        .post(path, &json!({"build": "challenger"}))?
        .json(200)?;
    let second = probability(&mut client)?;
    assert_ne!(first, second);
    // Soon, for who does by the command line.
    churn_model(&folder, &["promote", "model@3"])?;
    eventually(|| Ok(probability(&mut client)? != second))?;
    let third = probability(&mut client)?;

    let rollback = "/api/v1/models/model/rollback";
    client
        .send(&format!("POST {rollback}"), "", b"")?
        .json(200)?;
    assert_eq!(probability(&mut client)?, second);
    let back = churn_model(&folder, &["rollback", "model"])?;
    assert!(back.contains("deployed model, version 1 again"), "{back}");
    eventually(|| Ok(probability(&mut client)? == first))?;
    let end = client.send(&format!("POST {rollback}"), "", b"")?;
    assert_eq!(end.status, 409, "{}", String::from_utf8_lossy(&end.body));
    assert_ne!(third, first);

    let history = client.get(path)?.json(200)?;
    let served = history["deployments"].as_array().ok_or("no history")?;
    let versions: Vec<_> = served.iter().map(|one| one["version"].clone()).collect();
    assert_eq!(versions, [1, 2, 3, 2, 1]);
    assert_eq!(served[3]["restores"], served[1]["deployment"]);
    assert_eq!(served[4]["restores"], served[0]["deployment"]);
    assert_eq!(served[0]["until_ms"], served[1]["from_ms"]);
    assert_eq!(served[4]["until_ms"], Value::Null);
    // What served at a moment.
    let at = &served[2]["from_ms"];
    let then = client
        .get(&format!("{path}?from_ms={at}&to_ms={at}"))?
        .json(200)?;
    assert_eq!(then["deployments"], json!([served[2]]));
    let printed = churn_model(&folder, &["history", "model"])?;
    assert_eq!(printed.lines().count(), 6, "{printed}");
    Ok(())
}

#[test]
fn a_build_is_deleted_only_where_nothing_needs_it() -> Result<(), Failure> {
    let folder = registered("registry-delete")?;
    let mut server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;
    probability(&mut client)?;
    churn_model(&folder, &["promote", "model@3"])?;
    eventually(|| {
        let told = builds(&mut client)?;
        Ok(told[2]["aliases"] == json!(["champion"]))
    })?;
    let told = refused(&folder, &["delete", "model@3"])?;
    assert!(told.contains("is its champion"), "{told}");
    let told = refused(&folder, &["delete", "model@2"])?;
    assert!(told.contains("is its challenger"), "{told}");
    let told = refused(&folder, &["delete", "model@1"])?;
    assert!(
        told.contains("explains predictions that are kept"),
        "{told}"
    );
    churn_model(&folder, &["unalias", "model@challenger"])?;
    churn_model(&folder, &["delete", "model@2"])?;
    let told = refused(&folder, &["promote", "model@2"])?;
    assert!(
        told.contains("the document of version 2 of 'model' was deleted"),
        "{told}"
    );
    assert_eq!(builds(&mut client)?[1]["deleted"], true);
    // The rest is as before, also for a server that starts anew.
    server.kill()?;
    let server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;
    probability(&mut client)?;
    // Its document can come again, under its version.
    add(&folder, "second.json", &[])?;
    churn_model(&folder, &["promote", "model@2"])?;
    assert_eq!(builds(&mut client)?[1]["deleted"], false);
    Ok(())
}

#[test]
fn what_is_left_of_a_deleted_build_can_be_read() -> Result<(), Failure> {
    let folder = registered("registry-left")?;
    let mut server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;
    let path = "/api/v1/models/model/deployments";
    let promote =
        |client: &mut Client, build: &str| client.post(path, &json!({"build": build}))?.json(200);
    let gone = promote(&mut client, "2")?["deployment"].clone();
    let aggregate = json!({"start_ms": 1, "end_ms": 2, "metrics": {"accuracy": 0.5}});
    client.post("/api/v1/aggregates", &aggregate)?.json(200)?;
    promote(&mut client, "3")?;
    churn_model(&folder, &["unalias", "model@challenger"])?;
    churn_model(&folder, &["delete", "model@2"])?;

    // One that starts anew never had its document.
    server.kill()?;
    let server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;
    let told = client.get("/api/v1/aggregates")?.json(200)?;
    assert_eq!(told["aggregates"][0]["deployment"], gone);
    let read = client.post("/read-metrics", &json!({}))?.json(200)?;
    assert_eq!(read["metrics"].as_array().map(Vec::len), Some(1));
    let told = client.get("/api/v1/monitoring")?.json(200)?;
    assert_eq!(told["deployments"].as_array().map(Vec::len), Some(3));
    let gone = gone.as_str().ok_or("no name")?;
    let told = client.get(&format!("/api/v1/monitoring?deployment={gone}"))?;
    assert_eq!(told.status, 409);
    Ok(())
}

#[test]
fn no_request_is_dropped_while_builds_change() -> Result<(), Failure> {
    let folder = three("registry-load")?;
    add(&folder, "second.json", &[])?;
    let server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;
    let change = |client: &mut Client, build: &str| {
        let path = "/api/v1/models/model/deployments";
        client.post(path, &json!({"build": build}))?.json(200)
    };
    let mut known = BTreeSet::from([probability(&mut client)?]);
    change(&mut client, "2")?;
    known.insert(probability(&mut client)?);
    assert_eq!(known.len(), 2);

    let ended = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        let load = || -> Result<Vec<String>, String> {
            let mut client = server.client().map_err(|error| error.to_string())?;
            let mut seen = Vec::new();
            while !ended.load(Relaxed) {
                seen.push(probability(&mut client).map_err(|error| error.to_string())?);
            }
            Ok(seen)
        };
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(load)).collect();
        let changed = (0..40).try_for_each(|step| {
            let build = if step % 2 == 0 { "1" } else { "2" };
            change(&mut client, build).map(drop)
        });
        ended.store(true, Relaxed);
        let answers = workers
            .into_iter()
            .map(|worker| worker.join().map_err(|_| "a panic")?);
        let answers = answers.collect::<Result<Vec<_>, String>>();
        changed.and_then(|()| Ok(answers?.concat()))
    })?;
    let distinct: BTreeSet<String> = seen.iter().cloned().collect();
    assert_eq!(distinct, known, "of {} answers", seen.len());
    // Each is kept under the build that gave it.
    let page = client.get("/api/v1/predictions?limit=1000")?.json(200)?;
    let predictions = page["predictions"].as_array().ok_or("no predictions")?;
    let pairs: BTreeSet<String> = predictions
        .iter()
        .map(|one| format!("{} {}", one["build"], one["probability"]))
        .collect();
    assert_eq!(pairs.len(), 2, "{pairs:?}");
    Ok(())
}

#[test]
fn a_kill_among_promotions_loses_none_that_was_acknowledged() -> Result<(), Failure> {
    let folder = registered("registry-kills")?;
    let mut acknowledged: Vec<String> = Vec::new();
    for kill in 0..8 {
        let mut server = Server::start(&folder, &["--open"])?;
        let address = server.address.clone();
        let (first, begun) = channel();
        // One promotes; others ask meanwhile.
        let load = || -> Option<()> {
            let mut client = Client::new(&address, None).ok()?;
            while probability(&mut client).is_ok() {}
            Some(())
        };
        let promoted = address.clone();
        let promote = move || -> Vec<String> {
            let mut done = Vec::new();
            let Ok(mut client) = Client::new(&promoted, None) else {
                return done;
            };
            for step in 0.. {
                let build = json!({"build": (step % 3 + 1).to_string()});
                let answer = client.post("/api/v1/models/model/deployments", &build);
                let Ok(told) = answer.and_then(|answer| answer.json(200)) else {
                    break;
                };
                done.push(told["deployment"].as_str().unwrap_or_default().to_owned());
                // Nobody listens any more after the first.
                let _ = first.send(());
            }
            done
        };
        let done = thread::scope(|scope| {
            let workers = [scope.spawn(load), scope.spawn(load)];
            let promoting = scope.spawn(promote);
            // Another moment each time, after the first.
            let _ = begun.recv();
            thread::sleep(Duration::from_millis(kill * 23));
            server.kill()?;
            for worker in workers {
                worker.join().map_err(|_| "a panic")?;
            }
            promoting.join().map_err(|_| Failure::from("a panic"))
        })?;
        assert!(!done.is_empty(), "nothing was promoted before kill {kill}");
        acknowledged.extend(done);

        // All of them are known, in their order, without gaps in time; what answers is
        // the newest, and it answers.
        let server = Server::start(&folder, &["--open"])?;
        let mut client = server.client()?;
        let told = client.get("/api/v1/models/model/deployments")?.json(200)?;
        let served = told["deployments"].as_array().ok_or("no history")?;
        let names: Vec<&str> = served
            .iter()
            .filter_map(|one| one["deployment"].as_str())
            .collect();
        let is_known = |name: &&str| acknowledged.iter().any(|known| known == name);
        let kept: Vec<&str> = names.iter().copied().filter(is_known).collect();
        assert_eq!(kept, acknowledged);
        for (one, next) in served.iter().zip(&served[1..]) {
            assert_eq!(one["until_ms"], next["from_ms"]);
        }
        let live = client.get("/api/v1/models/model")?.json(200)?;
        assert_eq!(live["deployment"].as_str(), names.last().copied());
        probability(&mut client)?;
    }
    Ok(())
}

#[test]
fn only_an_admin_changes_what_answers() -> Result<(), Failure> {
    let folder = three("registry-roles")?;
    let server = Server::start(&folder, &[])?;
    let key = key(
        &folder,
        &["--role", "read", "--role", "predict", "--role", "record"],
    )?;
    let mut client = Client::new(&server.address, Some(&key))?;
    eventually(|| Ok(client.get("/api/v1/models/model/builds")?.status == 200))?;
    let path = "/api/v1/models/model/deployments";
    assert_eq!(client.post(path, &json!({"build": "1"}))?.status, 403);
    assert_eq!(
        client
            .send("POST /api/v1/models/model/rollback", "", b"")?
            .status,
        403
    );
    Ok(())
}
