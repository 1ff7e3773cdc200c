//! What is in the outbox reaches an MLflow server: whole, once, and in the end.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::atomic::Ordering::SeqCst;
use std::thread::sleep;
use std::time::Duration;

use churn_core::artefact::sha256;
use churn_core::runs::{Metric, Run, RunData, Status};
use churn_server::mlflow::{self, Registered, Sender};
use churn_server::store::outbox::{self, Counts};
use churn_server::store::postgresql::Server as PostgresqlServer;
use churn_server::store::{Folder as DataFolder, Place};
use serde_json::{Value, json};

use crate::Failure;
use crate::mlflow_server::{free_address, shared};
use crate::program::{CUSTOMERS, Folder};
use crate::proxy::Proxy;

const SEND: [&str; 4] = ["mlflow", "send", "--data-dir", "data"];
const STATUS: [&str; 4] = ["mlflow", "status", "--data-dir", "data"];
const DOCUMENT: &str = "{\"format\": 1, \"größe\": [0.1]}\n";

fn run(experiment: &str, number: i64) -> Run {
    let text = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        let own = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        pairs.iter().map(own).collect()
    };
    let metric = |name: &str, step, value| Metric {
        name: name.into(),
        step,
        value,
    };
    Run {
        run: format!("{experiment}-{number}"),
        experiment: experiment.into(),
        number,
        status: Status::Finished,
        error: None,
        params: text(&[("kernel", "linear"), ("C", "0.1"), ("left out", "")]),
        metrics: vec![
            metric("test_score", 0, 0.803_406_671_398_154_7),
            metric("loss", 1, 0.7),
            metric("loss", 2, f64::NAN),
            metric("loss", 3, f64::INFINITY),
            metric("loss", 4, f64::NEG_INFINITY),
        ],
        tags: text(&[("team", "größe & \"x\""), ("a[0]", "odd")]),
        data: RunData {
            name: "customers@3".into(),
            hash: sha256(b"rows"),
            train_rows: 5634,
            test_rows: 1409,
        },
        environment: text(&[("churn", "0.1.0")]),
        started_ms: Some(1_795_435_129_169 + number),
        ended_ms: Some(1_795_435_130_001 + number),
        model_sha256: Some(sha256(DOCUMENT.as_bytes())),
    }
}

fn place(folder: &Folder) -> Result<Place, Failure> {
    Ok(match folder.database_url() {
        Some(url) => Place::Server(Box::new(PostgresqlServer::new(url)?)),
        None => Place::Folder(DataFolder::open(&folder.path().join("data"))?),
    })
}

/// Adds runs to the outbox, each with the document.
fn add(folder: &Folder, uri: &str, runs: &[Run]) -> Result<(), Failure> {
    let mut connection = place(folder)?.open()?;
    for run in runs {
        assert!(mlflow::add(
            &mut connection,
            uri,
            run,
            Some(DOCUMENT),
            None
        )?);
    }
    Ok(())
}

fn counts(folder: &Folder) -> Result<[u64; 3], Failure> {
    let Counts {
        sent,
        waiting,
        refused,
    } = outbox::counts(&mut place(folder)?.open()?)?;
    Ok([sent, waiting, refused])
}

#[test]
fn a_run_is_told_whole() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-whole")?;
    let name = format!("whole-{}", folder.database_url().is_some());
    let failed = Run {
        status: Status::Failed,
        error: Some("no convergence".into()),
        metrics: Vec::new(),
        model_sha256: None,
        ..run(&name, 2)
    };
    let mut connection = place(&folder)?.open()?;
    let registered = Registered {
        name: &name,
        version: 7,
        alias: Some("champion"),
    };
    let uri = server.uri();
    let first = run(&name, 1);
    for (run, document, registered) in [
        (&first, Some(DOCUMENT), Some(&registered)),
        (&failed, None, None),
    ] {
        assert!(mlflow::add(
            &mut connection,
            &uri,
            run,
            document,
            registered
        )?);
        assert!(!mlflow::add(
            &mut connection,
            &uri,
            run,
            document,
            registered
        )?);
    }
    let told = folder.run(&SEND)?.succeeded()?.err();
    assert_eq!(told, "MLflow: 2 sent, 0 waiting, 0 refused\n");

    let back = server.read_back(&name, &[&name, "champion"])?;
    let told = &back["runs"][0];
    assert_eq!(told["name"], json!(first.run));
    assert_eq!(told["status"], "FINISHED");
    assert_eq!(told["start"], json!(first.started_ms));
    assert_eq!(told["end"], json!(first.ended_ms));
    assert_eq!(
        told["params"],
        json!({"kernel": "linear", "C": "0.1", "left out": ""})
    );
    let at = first.ended_ms;
    assert_eq!(
        told["metrics"],
        json!({
            "test_score": [[0, "0.8034066713981547", at]],
            // Infinities are the largest numbers there.
            "loss": [[1, "0.7", at], [2, "nan", at], [3, "1.7976931348623157e+308", at],
                [4, "-1.7976931348623157e+308", at]],
        })
    );
    for (tag, value) in [
        ("team", "größe & \"x\""),
        ("environment.churn", "0.1.0"),
        ("churn.model_sha256", &sha256(DOCUMENT.as_bytes())),
        ("churn.number", "1"),
        ("mlflow.source.name", "churn"),
        ("mlflow.runName", &first.run),
    ] {
        assert_eq!(told["tags"][tag], value, "{tag}");
    }
    let odd = format!("a_0_-{}", &sha256(b"a[0]")[..8]);
    assert_eq!(told["tags"][odd], "odd");
    let input = &told["inputs"][0];
    assert_eq!(input["name"], "customers@3");
    assert_eq!(input["digest"], sha256(b"rows")[..36]);
    assert_eq!(input["tags"], json!({"mlflow.data.context": "training"}));
    let profile: Value = serde_json::from_str(input["profile"].as_str().unwrap_or_default())?;
    assert_eq!(profile["num_rows"], 7043);
    assert_eq!(told["files"], json!({"model.json": DOCUMENT}));
    assert_eq!(back["versions"], 1);
    assert_eq!(back["version"]["run_id"], told["id"]);
    assert_eq!(back["version"]["tags"], json!({"churn.version": "7"}));

    let told = &back["runs"][1];
    assert_eq!(told["status"], "FAILED");
    assert_eq!(told["tags"]["mlflow.note.content"], "no convergence");
    assert_eq!((&told["metrics"], &told["files"]), (&json!({}), &json!({})));
    Ok(())
}

#[test]
fn a_version_registered_later_is_of_the_same_run() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-later")?;
    let name = format!("later-{}", folder.database_url().is_some());
    let mut connection = place(&folder)?.open()?;
    add(&folder, &server.uri(), &[run(&name, 1)])?;
    folder.run(&SEND)?.succeeded()?;
    for (version, alias) in [(1, None), (1, Some("challenger"))] {
        let registered = Registered {
            name: &name,
            version,
            alias,
        };
        let run = run(&name, 1);
        mlflow::add(
            &mut connection,
            &server.uri(),
            &run,
            Some(DOCUMENT),
            Some(&registered),
        )?;
    }
    folder.run(&SEND)?.succeeded()?;
    let back = server.read_back(&name, &[&name, "challenger"])?;
    assert_eq!(back["runs"].as_array().map(Vec::len), Some(1));
    assert_eq!(back["version"]["run_id"], back["runs"][0]["id"]);
    assert_eq!(back["versions"], 1);
    let inputs = back["runs"][0]["inputs"].as_array();
    assert_eq!(inputs.map(Vec::len), Some(1));
    Ok(())
}

#[test]
fn more_than_a_request_holds_is_told_in_several() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-limits")?;
    let name = format!("limits-{}", folder.database_url().is_some());
    let mut large = run(&name, 1);
    large.params = (0..101)
        .map(|at| (format!("p{at}"), "ö".repeat(5990 + at)))
        .collect();
    large.tags = (0..101)
        .map(|at| (format!("t{at}"), "ß".repeat(7990 + at)))
        .collect();
    large.metrics = (0..1001)
        .map(|step| Metric {
            name: "loss".into(),
            step,
            value: 1.0 / (step + 1) as f64,
        })
        .collect();
    add(&folder, &server.uri(), &[large])?;
    folder.run(&SEND)?.succeeded()?;
    let back = server.read_back(&name, &[])?;
    let told = &back["runs"][0];
    assert_eq!(
        told["params"].as_object().map(serde_json::Map::len),
        Some(101)
    );
    let value = |what: &str, name: &str| told[what][name].as_str().unwrap_or_default().to_owned();
    assert_eq!(value("params", "p10"), "ö".repeat(6000));
    assert_eq!(value("params", "p100"), "ö".repeat(5999) + "…");
    assert_eq!(value("tags", "t10"), "ß".repeat(8000));
    assert_eq!(value("tags", "t100"), "ß".repeat(7999) + "…");
    let losses = told["metrics"]["loss"].as_array().ok_or("no losses")?;
    assert_eq!(losses.len(), 1001);
    assert_eq!(losses[1000][1], json!(format!("{}", 1.0 / 1001.0)));
    Ok(())
}

#[test]
fn a_server_that_is_down_only_delays() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-down")?;
    let name = format!("down-{}", folder.database_url().is_some());
    let address = free_address()?;
    let uri = format!("http://{address}");
    // Who runs an experiment is not held up, and told.
    let sender = Sender::start(place(&folder)?, &uri)?;
    add(&folder, &uri, &[run(&name, 1), run(&name, 2)])?;
    sender.nudge();
    let trouble = sender.finish()?.ok_or("sent to nobody")?;
    assert!(trouble.starts_with(&uri), "{trouble}");
    assert_eq!(counts(&folder)?, [0, 2, 0]);

    let refused = folder.run(&SEND)?;
    assert_eq!(refused.0.status.code(), Some(2));
    let told = refused.err();
    assert!(told.contains("error: not sent: http://"), "{told}");
    let status = folder.run(&STATUS)?.succeeded()?.out();
    let lines: Vec<Vec<&str>> = status
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1][..4], [&name, &format!("{name}-1"), "", "waiting"]);
    assert!(lines[1][6].contains("refused"), "{status}");
    // The second was not even tried.
    assert_eq!((lines[2][4], lines[2][6]), ("0", ""));

    let proxy = Proxy::start(&address, &server.address)?;
    folder.run(&SEND)?.succeeded()?;
    assert!(proxy.left.load(SeqCst) < usize::MAX - 10);
    assert_eq!(counts(&folder)?, [2, 0, 0]);
    let back = server.read_back(&name, &[])?;
    assert_eq!(back["runs"].as_array().map(Vec::len), Some(2));
    Ok(())
}

#[test]
fn whoever_is_killed_while_sending_sends_once() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-killed")?;
    let name = format!("killed-{}", folder.database_url().is_some());
    let proxy = Proxy::start("127.0.0.1:0", &server.address)?;
    // The answer to each request in its turn is never heard.
    for kept in 1.. {
        let name = format!("{name}-{kept}");
        let registered = Registered {
            name: &name,
            version: 1,
            alias: Some("champion"),
        };
        let (run, document) = (run(&name, kept), Some(DOCUMENT));
        let mut connection = place(&folder)?.open()?;
        mlflow::add(
            &mut connection,
            &proxy.uri,
            &run,
            document,
            Some(&registered),
        )?;
        proxy.left.store(kept.try_into()?, SeqCst);
        let mut sending = folder.command(&SEND).stderr(Stdio::null()).spawn()?;
        let was_kept = loop {
            if proxy.kept.try_recv().is_ok() {
                sending.kill()?;
                sending.wait()?;
                break true;
            }
            if sending.try_wait()?.is_some() {
                break false;
            }
            sleep(Duration::from_millis(5));
        };
        if !was_kept {
            // Every request had its turn.
            assert!(kept > 12, "{kept}");
            break;
        }
        assert_eq!(counts(&folder)?[1], 1);
        folder.run(&SEND)?.succeeded()?;
    }
    let all = counts(&folder)?[0];
    let back = server.read_back(&name, &[&name, ""])?;
    assert_eq!(back["versions"], all);
    let runs = back["runs"].as_array().ok_or("no runs")?;
    assert_eq!(runs.len() as u64, all);
    for told in runs {
        assert_eq!(told["status"], "FINISHED");
        assert_eq!(told["metrics"]["loss"].as_array().map(Vec::len), Some(4));
        assert_eq!(told["inputs"].as_array().map(Vec::len), Some(1));
        assert_eq!(told["files"]["model.json"], DOCUMENT);
    }
    Ok(())
}

#[test]
fn what_is_refused_is_kept_with_the_reason() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-refused")?;
    let name = format!("refused-{}", folder.database_url().is_some());
    let registered = Registered {
        name: &name,
        version: 1,
        alias: Some("latest"),
    };
    mlflow::add(
        &mut place(&folder)?.open()?,
        &server.uri(),
        &run(&name, 1),
        Some(DOCUMENT),
        Some(&registered),
    )?;
    add(&folder, &server.uri(), &[run(&name, 2)])?;
    let told = folder.run(&SEND)?.err();
    assert!(
        told.contains("not sent: INVALID_PARAMETER_VALUE: "),
        "{told}"
    );
    // What is behind it goes.
    assert_eq!(counts(&folder)?, [1, 0, 1]);
    let status = folder.run(&STATUS)?.succeeded()?.out();
    let reason = "\trefused\t1\t\tINVALID_PARAMETER_VALUE: 'latest' alias name";
    assert!(status.contains(reason), "{status}");
    // It is not tried again unless that is asked for.
    folder.run(&SEND)?.succeeded()?;
    let again = folder.run(&[&SEND[..], &["--refused"]].concat())?;
    assert_eq!(again.0.status.code(), Some(2));
    assert_eq!(counts(&folder)?, [1, 0, 1]);
    Ok(())
}

#[test]
fn two_who_send_at_once_send_once() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-two")?;
    let name = format!("two-{}", folder.database_url().is_some());
    let runs: Vec<Run> = (1..=6).map(|number| run(&name, number)).collect();
    add(&folder, &server.uri(), &runs)?;
    let spawn = || folder.command(&SEND).stderr(Stdio::null()).spawn();
    for mut sending in [spawn()?, spawn()?, spawn()?] {
        sending.wait()?;
    }
    folder.run(&SEND)?.succeeded()?;
    let back = server.read_back(&name, &[])?;
    assert_eq!(back["runs"].as_array().map(Vec::len), Some(6));
    Ok(())
}

#[test]
fn an_address_is_checked_before_anything_is_sent() -> Result<(), Failure> {
    let folder = Folder::new("mlflow-address")?;
    drop(place(&folder)?.open()?);
    for (uri, got) in [
        ("file:///tmp/mlruns", "got 'file:///tmp/mlruns'"),
        ("127.0.0.1:5000", "got '127.0.0.1:5000'"),
        (
            "http://ann:secret@host",
            "got one with a name or password in it",
        ),
    ] {
        let refused = folder
            .run(&[&SEND[..], &["--mlflow-uri", uri]].concat())?
            .refused()?;
        let expected = "error: --mlflow-uri: expected an address such as http://127.0.0.1:8080";
        assert!(
            refused.starts_with(expected) && refused.ends_with(got),
            "{refused}"
        );
    }
    Ok(())
}

#[test]
fn runs_of_an_experiment_are_told_as_they_end() -> Result<(), Failure> {
    let Some(server) = shared()? else {
        return Ok(());
    };
    let folder = Folder::new("mlflow-experiment")?;
    let name = format!("told-{}", folder.database_url().is_some());
    let grid = format!(
        "name = \"{name}\"\n[[grid]]\nmodel = \"logistic\"\nc = [0.01, 1.0]\n\
         [[grid]]\nmodel = \"svm\"\nkernel = [\"linear\"]\nc = [0.1]\n"
    );
    folder.write("grid.toml", grid)?;
    let common = ["experiment", "grid.toml", CUSTOMERS, "--data-dir", "data"];
    // The server is away at first.
    let nobody = format!("http://{}", free_address()?);
    let away = folder.run(&[&common[..], &["--mlflow-uri", &nobody]].concat())?;
    let told = away.succeeded()?.err();
    assert!(told.contains("finished"), "{told}");
    assert!(
        told.contains("MLflow does not have all of it yet: http://"),
        "{told}"
    );
    assert_eq!(counts(&folder)?, [0, 3, 0]);
    let uri = ["--mlflow-uri", &server.uri()];
    folder.run(&[&SEND[..], &uri].concat())?.succeeded()?;
    // Asked again, nothing is told twice.
    let again = folder.run(&[&common[..], &uri].concat())?.succeeded()?;
    assert!(!again.err().contains("MLflow"), "{}", again.err());
    assert_eq!(counts(&folder)?, [3, 0, 0]);
    let back = server.read_back(&name, &[])?;
    let runs = back["runs"].as_array().ok_or("no runs")?;
    assert_eq!(runs.len(), 3);
    let listed = ["run", "list", "--json", "--data-dir", "data"];
    let listed: Value = serde_json::from_str(&folder.run(&listed)?.succeeded()?.out())?;
    for run in listed["runs"].as_array().ok_or("no runs")? {
        let told = runs.iter().find(|told| told["name"] == run["run"]);
        let told = told.ok_or("a run is missing")?;
        assert_eq!(told["params"], run["params"]);
        assert_eq!(told["start"], run["started_ms"]);
        let document = told["files"]["model.json"].as_str().unwrap_or_default();
        assert_eq!(sha256(document.as_bytes()), run["model_sha256"]);
        for metric in run["metrics"].as_array().ok_or("no metrics")? {
            let name = metric["name"].as_str().unwrap_or_default();
            let history = told["metrics"][name].as_array().ok_or("no metric")?;
            let value = metric["value"].as_f64().unwrap_or_default();
            let same = |at: &&Value| at[0] == metric["step"] && at[1] == format!("{value:?}");
            assert!(history.iter().any(|at| same(&at)), "{name}: {history:?}");
        }
    }
    Ok(())
}
