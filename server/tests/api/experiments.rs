//! Experiments and their runs: trained, searched, told, and gone on with.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Failure;
use crate::client::Client;
use crate::program::{CUSTOMERS, Folder};
use crate::server::{Server, key};

const GRID: &str = "name = \"solvers\"\n[[grid]]\nmodel = \"logistic\"\n\
    c = [0.01, 1.0]\nleave-out = [[], [\"TotalCharges\"]]\n\
    [[grid]]\nmodel = \"logistic\"\ncv = [3]\nscoring = [\"log_loss\"]\nbalanced = [true]\n";

/// Runs that take their time: some hundred milliseconds each.
const LONG: &str = "[[grid]]\nmodel = \"logistic\"\ncv = [8, 9, 10, 11, 12, 13, 14, 15]\n\
    scoring = [\"accuracy\", \"log_loss\", \"roc_auc\"]\nbalanced = [false, true]\n";

const PLACE: [&str; 2] = ["--data-dir", "data"];

fn experiment(folder: &Folder) -> Result<String, Failure> {
    let arguments = [&["experiment", "grid.toml", CUSTOMERS][..], &PLACE].concat();
    Ok(folder.run(&arguments)?.succeeded()?.err())
}

fn run(folder: &Folder, arguments: &[&str]) -> Result<String, Failure> {
    let arguments = [&["run"], arguments, &PLACE].concat();
    Ok(folder.run(&arguments)?.succeeded()?.out())
}

fn refused(folder: &Folder, arguments: &[&str]) -> Result<String, Failure> {
    folder.run(&[arguments, &PLACE].concat())?.refused()
}

fn listed(folder: &Folder, options: &[&str]) -> Result<Vec<Value>, Failure> {
    let told = run(folder, &[&["list", "--json"], options].concat())?;
    let told: Value = serde_json::from_str(&told)?;
    Ok(told["runs"].as_array().ok_or("no runs")?.clone())
}

fn names(runs: &[Value]) -> Vec<&str> {
    runs.iter().filter_map(|run| run["run"].as_str()).collect()
}

/// The metrics of a run, those of all steps but the last left out.
fn metrics(run: &Value) -> BTreeMap<String, f64> {
    let metrics = run["metrics"].as_array().into_iter().flatten();
    let metric =
        |metric: &Value| Some((metric["name"].as_str()?.into(), metric["value"].as_f64()?));
    metrics.filter_map(metric).collect()
}

/// A folder with the experiment `solvers` done.
fn done(name: &str) -> Result<Folder, Failure> {
    let folder = Folder::new(name)?;
    folder.write("grid.toml", GRID)?;
    let told = experiment(&folder)?;
    assert!(told.contains("finished  solvers: 5 runs\n"), "{told}");
    Ok(folder)
}

#[test]
fn a_grid_is_run_and_searched() -> Result<(), Failure> {
    let folder = done("experiments-grid")?;
    let all = listed(&folder, &[])?;
    assert_eq!(
        names(&all),
        [
            "solvers-1",
            "solvers-2",
            "solvers-3",
            "solvers-4",
            "solvers-5"
        ]
    );
    for run in &all {
        assert_eq!(run["status"], "finished");
        assert_eq!(run["data"]["test_rows"], 1758);
        assert_eq!(run["data"]["train_rows"], 5274);
    }
    assert_eq!(all[1]["params"]["leave_out"], "TotalCharges");
    let steps = all[4]["metrics"].as_array().ok_or("no metrics")?;
    let scores = steps
        .iter()
        .filter(|metric| metric["name"] == "cv_log_loss");
    assert_eq!(scores.count(), 10, "a score for each C");

    // The run of the defaults is the model that `churn train` makes.
    folder
        .run(&["train", CUSTOMERS, "--out", "trained.json"])?
        .succeeded()?;
    run(&folder, &["model", "solvers-3", "--out", "run.json"])?;
    assert!(folder.read("run.json")? == folder.read("trained.json")?);
    let add = ["model", "add", "run.json", "--name", "churn"];
    folder.run(&[&add[..], &PLACE].concat())?.succeeded()?;
    let test: Value = serde_json::from_str(&folder.read("trained.json")?)?;
    let test = &test["training"]["test"];
    let measured = metrics(&all[2]);
    for (metric, of_model) in [
        ("test_score", "accuracy"),
        ("test_roc_auc", "roc_auc"),
        ("test_log_loss", "log_loss"),
        ("test_brier", "brier"),
    ] {
        assert_eq!(Some(measured[metric]), test[of_model].as_f64(), "{metric}");
    }

    let query = "metrics.test_score > 0.5 and params.c = '1' and params.leave_out like 'Total%'";
    assert_eq!(names(&listed(&folder, &["--query", query])?), ["solvers-4"]);
    let by_score = listed(
        &folder,
        &["--order", "metrics.test_score desc, attributes.number"],
    )?;
    let scores: Vec<f64> = by_score
        .iter()
        .map(|run| metrics(run)["test_score"])
        .collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    run(&folder, &["tag", "solvers-2", "note=a = b"])?;
    run(&folder, &["tag", "solvers-3", "note=x"])?;
    run(&folder, &["tag", "solvers-3", "note"])?;
    let noted = listed(&folder, &["--query", "tags.note != ''"])?;
    assert_eq!(names(&noted), ["solvers-2"]);
    assert_eq!(noted[0]["tags"], json!({"note": "a = b"}));

    for (arguments, expected) in [
        (
            &["run", "list", "--query", "metrics.test_score > 'x'"][..],
            "error: query, character 22: expected a number, got 'x'",
        ),
        (
            &["run", "list", "--order", "score desc"],
            "error: order, character 1: expected a known name, got 'score'",
        ),
        (
            &["run", "show", "solvers-6"],
            "error: run: expected the name of a run, such as solvers-3, got 'solvers-6'",
        ),
        (
            &["run", "list", "--experiment", "x"],
            "error: experiment: expected an experiment, got 'x'",
        ),
    ] {
        assert_eq!(refused(&folder, arguments)?, expected);
    }
    Ok(())
}

#[test]
fn a_backup_holds_experiments() -> Result<(), Failure> {
    let folder = done("experiments-backup")?;
    run(&folder, &["tag", "solvers-2", "note=x"])?;
    folder
        .run(&[&["backup", "copy.db"][..], &PLACE].concat())?
        .succeeded()?;
    let other = ["--data-dir", "other"];
    folder
        .run(&[&["restore", "copy.db"][..], &other].concat())?
        .succeeded()?;
    let compare = ["run", "compare", "solvers-1", "solvers-2", "--json"];
    for arguments in [&["run", "list", "--json"][..], &compare] {
        let told = folder
            .run(&[arguments, &PLACE].concat())?
            .succeeded()?
            .out();
        let again = folder
            .run(&[arguments, &other].concat())?
            .succeeded()?
            .out();
        assert_eq!(told, again);
        assert!(told.contains("\"note\": \"x\""), "{told}");
    }
    Ok(())
}

#[test]
fn machines_are_compared_and_explained() -> Result<(), Failure> {
    let folder = Folder::new("experiments-machines")?;
    let customers = std::fs::read_to_string(CUSTOMERS)?;
    let few: Vec<&str> = customers.lines().take(801).collect();
    folder.write("few.csv", few.join("\n") + "\n")?;
    let grid = "[[grid]]\nmodel = \"svm\"\nkernel = [\"linear\", \"rbf\"]\nc = [0.5]\n\
                [[grid]]\nmodel = \"logistic\"\n";
    folder.write("grid.toml", grid)?;
    let ingest = ["ingest", "few.csv", "--table", "few", "--tables", "files"];
    folder.run(&[&ingest[..], &PLACE].concat())?.succeeded()?;
    let experiment = [
        "experiment",
        "grid.toml",
        "--table",
        "few",
        "--tables",
        "files",
    ];
    folder
        .run(&[&experiment[..], &PLACE].concat())?
        .succeeded()?;
    let runs = listed(&folder, &["--query", "params.model = 'svm'"])?;
    assert_eq!(names(&runs), ["grid-1", "grid-2"]);
    for run in &runs {
        let metrics = metrics(run);
        assert!(metrics["test_score"] > 0.7, "{metrics:?}");
        assert!(metrics["support_vectors"] > 10.0, "{metrics:?}");
        assert_eq!(run["data"]["name"], "few@1");
    }
    let compared = run(&folder, &["compare", "grid-1", "grid-3"])?;
    assert!(compared.contains("* model\tsvm\tlogistic\n"), "{compared}");
    // Other rows of the same table are another experiment.
    let some = [&experiment[..], &["--where", "tenure < 30"], &PLACE].concat();
    assert!(folder.run(&some)?.refused()?.contains("is taken"));

    for (name, holds) in [("grid-1", false), ("grid-2", true)] {
        run(&folder, &["model", name, "--out", "machine.json"])?;
        let document = folder.read("machine.json")?;
        assert_eq!(
            document.contains("\"vectors\""),
            holds,
            "customers are in it"
        );
        let explain = [
            "explain",
            "--model",
            "machine.json",
            "few.csv",
            "--out",
            "-",
        ];
        let sampled = [&explain[..], &["--method", "sampled", "--top", "3"]].concat();
        let told = folder.run(&sampled)?.succeeded()?.out();
        assert_eq!(told.lines().count(), 800);
        let first: Value = serde_json::from_str(told.lines().next().ok_or("nothing")?)?;
        assert_eq!(
            first["weights"].as_object().map(serde_json::Map::len),
            Some(3)
        );
        let told = folder.run(&explain)?.refused()?;
        assert!(told.contains("--method: expected sampled"), "{told}");
        let add = ["model", "add", "machine.json"];
        for other in [
            &["score", "--model", "machine.json", "few.csv", "--out", "-"][..],
            &["evaluate", "--model", "machine.json", "few.csv"],
            &[&add[..], &PLACE].concat(),
        ] {
            let told = folder.run(other)?.refused()?;
            assert!(
                told.contains("a logistic regression is needed here"),
                "{told}"
            );
        }
    }
    Ok(())
}

#[test]
fn runs_are_compared_on_the_same_rows() -> Result<(), Failure> {
    let folder = Folder::new("experiments-compared")?;
    let grid = "[[grid]]\nmodel = \"logistic\"\nc = [1.0, 0.9, 0.00001]\n";
    folder.write("grid.toml", grid)?;
    experiment(&folder)?;
    folder.write("other.toml", format!("[hold-out]\nseed = 7\n{grid}"))?;
    let other = [&["experiment", "other.toml", CUSTOMERS][..], &PLACE].concat();
    folder.run(&other)?.succeeded()?;
    let told = run(
        &folder,
        &["compare", "grid-1", "grid-2", "grid-3", "--json"],
    )?;
    let told: Value = serde_json::from_str(&told)?;
    let params = told["params"].as_array().ok_or("no params")?;
    let differ = params.iter().filter(|param| param["differs"] == true);
    let differ: Vec<&Value> = differ.map(|param| &param["name"]).collect();
    assert_eq!(differ, ["c"]);
    let scores = told["metrics"].as_array().into_iter().flatten();
    let scores = scores.filter(|metric| metric["name"] == "test_score");
    let scores: Vec<f64> = scores
        .flat_map(|metric| metric["values"].as_array().into_iter().flatten())
        .filter_map(Value::as_f64)
        .collect();
    assert_eq!(scores.len(), 3);
    let (near, far) = (&told["tests"][0], &told["tests"][1]);
    // Nearly the same model may differ by chance; one that knows next to nothing
    // does not.
    assert_eq!(near["accuracy_differs"], false, "{near}");
    for test in [near, far] {
        assert_eq!(test["rows"], 1758);
    }
    assert_eq!(far["accuracy_differs"], true, "{far}");
    assert_eq!(far["log_loss"]["differs"], true, "{far}");
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let difference = number(&far["accuracy_difference"]);
    assert!(
        (difference - (scores[2] - scores[0])).abs() < 1e-12,
        "{far}"
    );
    assert!(number(&far["log_loss"]["difference"]) > 0.1, "{far}");
    let printed = run(&folder, &["compare", "grid-1", "grid-3"])?;
    assert!(printed.contains("* c\t1\t0.00001\n"), "{printed}");
    assert!(
        printed.contains("grid-3 against grid-1, on the same 1758 rows held out"),
        "{printed}"
    );
    assert!(printed.contains("more than chance"), "{printed}");

    let told = refused(&folder, &["run", "compare", "grid-1", "other-1"])?;
    let expected = "error: runs: expected runs measured on the same rows held out, as only these \
                    can be compared, got others of grid-1 and other-1";
    assert_eq!(told, expected);
    let told = refused(&folder, &["run", "compare", "grid-1", "grid-1"])?;
    assert!(told.contains("each run once"), "{told}");

    let server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;
    let compared = client
        .get("/api/v1/runs/compare?runs=grid-1,grid-3")?
        .json(200)?;
    assert_eq!(&compared["tests"][0], far);
    let path = "/api/v1/runs/compare?runs=";
    assert_eq!(
        client.get(&format!("{path}grid-1,other-1"))?.error(422)?.1,
        "runs"
    );
    assert_eq!(client.get(&format!("{path}grid-1"))?.error(422)?.1, "runs");
    assert_eq!(client.get(&format!("{path}grid-1,x"))?.error(404)?.1, "run");
    Ok(())
}

#[test]
fn the_same_goes_on_and_another_needs_another_name() -> Result<(), Failure> {
    let folder = done("experiments-same")?;
    let before = listed(&folder, &[])?;
    // Signs that mean nothing change nothing.
    folder.write("grid.toml", format!("# The same.\n{GRID}"))?;
    let told = experiment(&folder)?;
    assert!(told.contains("5 of 5 runs done before"), "{told}");
    assert_eq!(listed(&folder, &[])?, before);

    folder.write("grid.toml", GRID.replace("1.0", "2.0"))?;
    let arguments = ["experiment", "grid.toml", CUSTOMERS];
    let told = refused(&folder, &arguments)?;
    let expected = "error: name: the name 'solvers' is taken by an experiment with another grid; \
                    give this one another";
    assert_eq!(told, expected);
    folder.write("grid.toml", GRID)?;
    let customers = std::fs::read_to_string(CUSTOMERS)?;
    let fewer: Vec<&str> = customers.lines().take(3000).collect();
    folder.write("fewer.csv", fewer.join("\n") + "\n")?;
    let told = refused(&folder, &["experiment", "grid.toml", "fewer.csv"])?;
    assert!(told.contains("with another data;"), "{told}");
    // What cannot be is refused before anything is trained.
    let grid = GRID.replace("solvers", "other");
    for (from, to, expected) in [
        (
            "[[], [\"TotalCharges\"]]",
            "[[\"colour\"]]",
            "grid.toml: run 1, features to leave out",
        ),
        (
            "balanced",
            "solver = [\"lbfgs\"]\nbalanced",
            "weights need the solver newton-cholesky",
        ),
        (
            "[[grid]]",
            "[hold-out]\ntest-fraction = 1.0\n[[grid]]",
            "a test-fraction above 0 and below 1",
        ),
        (
            "[[grid]]",
            "[hold-out]\nids = [\"nobody\"]\n[[grid]]",
            "'nobody'",
        ),
    ] {
        folder.write("grid.toml", grid.replacen(from, to, 1))?;
        let told = refused(&folder, &arguments)?;
        assert!(told.contains(expected), "{told}");
    }
    assert_eq!(listed(&folder, &[])?.len(), 5);
    Ok(())
}

#[test]
fn a_killed_experiment_goes_on_where_it_was() -> Result<(), Failure> {
    let folder = Folder::new("experiments-killed")?;
    folder.write("grid.toml", LONG)?;
    let arguments = [&["experiment", "grid.toml", CUSTOMERS][..], &PLACE].concat();
    let mut killed = folder.command(&arguments).stderr(Stdio::null()).spawn()?;
    let start = Instant::now();
    let is_finished = |run: &&Value| run["status"] == "finished";
    let before = loop {
        if start.elapsed() > Duration::from_secs(120) || killed.try_wait()?.is_some() {
            return Err("it was not half-way when it was looked at".into());
        }
        // There may be no data yet.
        let runs = listed(&folder, &[]).unwrap_or_default();
        if runs.iter().filter(is_finished).count() >= 3 {
            killed.kill()?;
            killed.wait()?;
            break listed(&folder, &[])?;
        }
        sleep(Duration::from_millis(20));
    };
    let finished = before.iter().filter(is_finished).count();
    assert!((3..48).contains(&finished), "{finished} of 48 were done");
    let running: Vec<&Value> = before
        .iter()
        .filter(|run| run["status"] == "running")
        .collect();
    assert!(!running.is_empty(), "what was under way is known");

    let told = experiment(&folder)?;
    assert!(
        told.contains(&format!("{finished} of 48 runs done before")),
        "{told}"
    );
    let after = listed(&folder, &[])?;
    assert_eq!(after.iter().filter(is_finished).count(), 48);
    for (before, after) in before.iter().zip(&after) {
        match before["status"].as_str() {
            Some("finished") => assert_eq!(before, after, "it is not trained again"),
            Some("running") => assert!(
                after["started_ms"].as_i64() > before["started_ms"].as_i64(),
                "it is begun anew"
            ),
            _ => assert_eq!(before["started_ms"], Value::Null),
        }
    }
    // Each was begun and ended once, but for those that were under way.
    let told = experiment(&folder)?;
    assert!(told.contains("48 of 48 runs done before"), "{told}");
    assert_eq!(listed(&folder, &[])?, after);
    Ok(())
}

#[test]
fn two_experiments_take_turns() -> Result<(), Failure> {
    let folder = Folder::new("experiments-turns")?;
    // More than the other waits for: a server may still think of one that ended.
    let folds: Vec<String> = (8..100).map(|folds: u32| folds.to_string()).collect();
    let grid = LONG.replace("8, 9, 10, 11, 12, 13, 14, 15", &folds.join(", "));
    folder.write("grid.toml", grid)?;
    let arguments = [&["experiment", "grid.toml", CUSTOMERS][..], &PLACE].concat();
    let mut first = folder.command(&arguments).stderr(Stdio::null()).spawn()?;
    let start = Instant::now();
    while listed(&folder, &[]).unwrap_or_default().is_empty() {
        if start.elapsed() > Duration::from_secs(120) {
            return Err("the first experiment never began".into());
        }
        sleep(Duration::from_millis(20));
    }
    let told = refused(&folder, &["experiment", "grid.toml", CUSTOMERS])?;
    assert!(told.contains("another experiment is running"), "{told}");
    first.kill()?;
    first.wait()?;
    Ok(())
}

#[test]
fn a_server_tells_of_runs() -> Result<(), Failure> {
    let folder = done("experiments-server")?;
    let server = Server::start(&folder, &[])?;
    let key = |role: &str| key(&folder, &["--role", role]);
    let (reader, other) = (key("read")?, key("predict")?);
    let mut client = Client::new(&server.address, Some(&reader))?;
    crate::server::eventually(|| Ok(client.get("/api/v1/experiments")?.status == 200))?;
    let told = client.get("/api/v1/experiments")?.json(200)?;
    let solvers = &told["experiments"][0];
    assert_eq!(solvers["experiment"], "solvers");
    assert_eq!(
        (&solvers["finished"], &solvers["waiting"]),
        (&json!(5), &json!(0))
    );

    let asked = "/api/v1/runs?experiment=solvers&limit=1&order=metrics.test_score%20desc\
                 &query=params.balanced%20%3D%20%27false%27";
    let told = client.get(asked)?.json(200)?;
    assert_eq!(told["matching"], 4);
    let best = &listed(
        &folder,
        &[
            "--query",
            "params.balanced = 'false'",
            "--order",
            "metrics.test_score desc",
        ],
    )?[0];
    assert_eq!(&told["runs"], &json!([best]));
    let name = best["run"].as_str().ok_or("no name")?;
    assert_eq!(
        &client.get(&format!("/api/v1/runs/{name}"))?.json(200)?,
        best
    );
    assert_eq!(
        client.get("/api/v1/runs?experiment=x")?.json(200)?["runs"],
        json!([])
    );

    assert_eq!(client.get("/api/v1/runs/solvers-9")?.error(404)?.1, "run");
    assert_eq!(client.get("/api/v1/runs/solvers-01")?.status, 404);
    let wrong = client.get("/api/v1/runs?query=metrics.x%20%3E")?;
    assert_eq!(wrong.error(422)?.1, "query");
    assert_eq!(client.get("/api/v1/runs?limit=0")?.error(400)?.1, "limit");
    assert_eq!(client.get("/api/v1/runs?colour=1")?.status, 400);
    let mut client = Client::new(&server.address, Some(&other))?;
    crate::server::eventually(|| Ok(client.get("/api/v1/experiments")?.status == 403))?;
    Ok(())
}

#[test]
fn an_experiment_is_begun_by_the_server() -> Result<(), Failure> {
    let folder = Folder::new("experiments-begun")?;
    let ingest = [
        "ingest",
        CUSTOMERS,
        "--table",
        "customers",
        "--tables",
        "files",
    ];
    folder.run(&[&ingest[..], &PLACE].concat())?.succeeded()?;
    let server = Server::start(&folder, &["--open", "--tables", "files"])?;
    let mut client = server.client()?;
    let path = "/api/v1/experiments";
    let asked = json!({"name": "solvers", "table": "customers", "grid": GRID});
    let begun = client.post(path, &asked)?.json(202)?;
    assert_eq!(begun["experiment"], "solvers");
    let done = |client: &mut Client| -> Result<bool, Failure> {
        let told = client.get(path)?.json(200)?;
        Ok(told["experiments"][0]["finished"] == 5)
    };
    crate::server::eventually(|| done(&mut client))?;
    let runs = client.get("/api/v1/runs?limit=1000")?.json(200)?;
    assert_eq!(runs["runs"][0]["data"]["name"], "customers@1");

    // As the command line has it: the same experiment, with nothing left to do.
    folder.write("grid.toml", GRID)?;
    let experiment = [
        "experiment",
        "grid.toml",
        "--table",
        "customers",
        "--tables",
        "files",
    ];
    let again = || folder.run(&[&experiment[..], &PLACE].concat())?.succeeded();
    let told = again()?.err();
    assert!(told.contains("5 of 5 runs done before"), "{told}");
    client.post(path, &asked)?.json(202)?;
    assert_eq!(client.get("/api/v1/runs?limit=1000")?.json(200)?, runs);

    for (field, value, expected) in [
        ("name", "a b", "name"),
        ("table", "nobody", "table"),
        ("table", "customers@0", "table"),
        ("selection", "tenur < 6", "--where, character 1"),
        ("grid", "[[grid]]\nmodel = \"x\"\n", "grid"),
        ("selection", "tenure < 6", "name"),
        ("target", "colour", ""),
    ] {
        let mut asked = asked.clone();
        asked[field] = json!(value);
        let answer = client.post(path, &asked)?;
        assert_eq!(answer.error(422)?.1, expected, "{field} = {value}");
    }
    Ok(())
}
