//! What is in the outbox reaches an MLflow server whole.

use std::thread::sleep;
use std::time::Duration;

use churn_core::artefact::sha256;
use churn_core::runs::{Metric, Run, Status};
use churn_server::mlflow::{self, Registered};
use serde_json::{Value, json};

use crate::Failure;
use crate::mlflow_server::{free_address, shared};
use crate::program::{CUSTOMERS, Folder};
use crate::told::{DOCUMENT, SEND, add, counts, place, run};

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
    }
    // A run is told once.
    assert!(!mlflow::add(&mut connection, &uri, &failed, None, None)?);
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
        let is_new = mlflow::add(
            &mut connection,
            &server.uri(),
            &run,
            Some(DOCUMENT),
            Some(&registered),
        )?;
        // Even two of one millisecond.
        assert!(is_new);
    }
    folder.run(&SEND)?.succeeded()?;
    assert_eq!(counts(&folder)?, [3, 0, 0]);
    // A busy MLflow may know an alias a moment after it has taken it.
    let read = || server.read_back(&name, &[&name, "challenger"]);
    let mut back = read();
    for _ in 0..20 {
        if back.is_ok() {
            break;
        }
        sleep(Duration::from_millis(500));
        back = read();
    }
    let back = back?;
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
    // One is registered under an alias, another takes that over, the first gets it back.
    for (at, other) in [(1, 2), (2, 1)] {
        let (run, file) = (format!("{name}-{at}"), format!("{other}.json"));
        let write = ["run", "model", &run, "--out", &file, "--data-dir", "data"];
        folder.run(&write)?.succeeded()?;
        let register = ["model", "add", &file, "--name", &name, "--alias", "best"];
        let register = [&register[..], &["--data-dir", "data"], &uri].concat();
        folder.run(&register)?.succeeded()?;
    }
    let back = server.read_back(&name, &[&name, "best"])?;
    assert_eq!(back["version"]["tags"], json!({"churn.version": "2"}));
    let first = format!("{name}@1");
    let again = ["model", "alias", &first, "best", "--data-dir", "data"];
    folder.run(&[&again[..], &uri].concat())?.succeeded()?;
    let back = server.read_back(&name, &[&name, "best"])?;
    assert_eq!(back["version"]["tags"], json!({"churn.version": "1"}));
    assert_eq!(back["versions"], 2);
    // A model of no run is not told, and not registered either.
    let train = ["train", CUSTOMERS, "--c", "0.5", "--out", "other.json"];
    folder.run(&train)?.succeeded()?;
    let register = [
        "model",
        "add",
        "other.json",
        "--name",
        &name,
        "--data-dir",
        "data",
    ];
    let refused = folder.run(&[&register[..], &uri].concat())?.refused()?;
    assert!(refused.contains("is the model of no run"), "{refused}");
    let listed = ["model", "list", &name, "--data-dir", "data"];
    let listed = folder.run(&listed)?.succeeded()?.out();
    assert_eq!(listed.lines().count(), 3, "{listed}");
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
