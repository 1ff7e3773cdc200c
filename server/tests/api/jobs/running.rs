//! Jobs of a real server: every kind, one after another, failures and limits.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::{BACKUP, PLACE, SERVE, add, becomes, job, refused, shown, states};
use crate::Failure;
use crate::program::{CUSTOMERS, Folder};
use crate::server::{Server, eventually};

/// A table of the customers, made by a job, and what follows from it.
fn chain(folder: &Folder) -> Result<(), Failure> {
    let ingest =
        format!("[work]\nkind = 'ingest'\ntable = 'customers'\nsources = ['{CUSTOMERS}']\n");
    add(folder, "ingest", &ingest)?;
    let train = "schedule.after = 'ingest'\n[work]\nkind = 'train'\ntable = 'customers'\n\
                 model = 'churn'\nalias = 'challenger'\n";
    add(folder, "train", train)?;
    let evaluate = "schedule.after = 'train'\n[work]\nkind = 'evaluate'\ntable = 'customers'\n\
                    model = 'churn@challenger'\n";
    add(folder, "evaluate", evaluate)?;
    let score = "schedule.after = 'train'\n[work]\nkind = 'score'\ntable = 'customers'\n\
                 model = 'churn@1'\nreasons = 2\nout = 'scores.csv'\nselection = 'tenure < 6'\n";
    add(folder, "score", score)?;
    let experiment = "[work]\nkind = 'experiment'\ntable = 'customers'\n\
                      grid = '''\n[[grid]]\nmodel = \"logistic\"\nc = [0.1, 1.0]\n'''\n";
    add(folder, "grid", experiment)?;
    add(
        folder,
        "backup",
        "[work]\nkind = 'backup'\nfolder = 'safe'\n",
    )?;
    add(
        folder,
        "rules",
        "[work]\nkind = 'retrain'\nmodel = 'churn'\n",
    )?;
    let rules = "model = \"churn\"\nwindow = { predictions = 1000, labels = 200 }\n\
                 rule = [{ measure = \"age\", limit = 300 }]\n";
    folder.write("rules.toml", rules)?;
    fs::create_dir(folder.path().join("safe"))?;
    Ok(())
}

#[test]
fn every_kind_runs_and_one_follows_another() -> Result<(), Failure> {
    let folder = Folder::new("jobs-kinds")?;
    chain(&folder)?;
    let listed = job(&folder, &["list"])?;
    assert_eq!(listed.lines().count(), 8, "{listed}");
    assert!(
        listed.contains("train\ttrain\tidle\t\t\t\tAfter ingest\t\n"),
        "{listed}"
    );
    let server = Server::start(&folder, &SERVE)?;
    job(&folder, &["run", "ingest"])?;
    for name in ["ingest", "train", "evaluate", "score"] {
        becomes(&folder, name, &["succeeded"])?;
    }
    // The rules are on what answers.
    for arguments in [
        &["model", "promote", "churn@challenger"][..],
        &["retrain", "rules", "rules.toml"],
    ] {
        folder.run(&[arguments, &PLACE].concat())?.succeeded()?;
    }
    for name in ["grid", "backup", "rules"] {
        job(&folder, &["run", name])?;
        becomes(&folder, name, &["succeeded"])?;
    }
    let result = |name: &str| -> Result<String, Failure> {
        let shown = shown(&folder, name)?;
        let last = &shown["job"]["last"]["attempts"][0];
        assert_eq!(last["exit_code"], 0);
        Ok(last["result"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(
        result("ingest")?,
        "ingested 7,043 rows, 21 columns: customers@1"
    );
    assert!(result("train")?.contains("churn"), "{}", result("train")?);
    let evaluated = result("evaluate")?;
    assert!(
        evaluated.starts_with("1,758 customers held out of training; accuracy 0.7"),
        "{evaluated}"
    );
    assert!(
        result("rules")?.ends_with("holds; well"),
        "{}",
        result("rules")?
    );
    let scores = folder.read("scores.csv")?;
    assert!(scores.starts_with("id,probability,decision,reason_1,weight_1,reason_2"));
    assert!(scores.lines().count() > 1000);
    let log = job(&folder, &["log", "evaluate"])?;
    assert!(log.contains("ROC AUC"), "{log}");
    let experiments = folder.run(&[&["run", "list", "--json"][..], &PLACE].concat())?;
    let experiments: Value = serde_json::from_str(&experiments.succeeded()?.out())?;
    let names = experiments["runs"].as_array().ok_or("no runs")?.iter();
    let names: Vec<&str> = names.filter_map(|run| run["experiment"].as_str()).collect();
    let number = shown(&folder, "grid")?["runs"][0]["run"].to_string();
    assert_eq!(names, vec![format!("grid-{number}"); 2]);
    let saved = fs::read_dir(folder.path().join("safe"))?.count();
    assert_eq!(saved, 2, "the file, and the rows of tables");
    // Nothing is left in the way of the next.
    drop(server);
    Ok(())
}

#[test]
fn times_failures_and_limits_are_kept() -> Result<(), Failure> {
    let folder = Folder::new("jobs-real")?;
    let every = "schedule.cron = { expression = '* * * * * *', zone = 'Asia/Tokyo' }\n";
    let lost = "[work]\nkind = 'ingest'\ntable = 't'\nsources = ['lost.csv']\n";
    add(
        &folder,
        "lost",
        &format!("retries = 1\nbackoff_s = 1\n{lost}"),
    )?;
    let told = add(
        &folder,
        "often",
        &format!("missed = 'skip'\n{every}{BACKUP}"),
    )?;
    assert!(told.starts_with("often: Every second"), "{told}");
    assert!(told.contains("JST"), "{told}");
    fs::create_dir(folder.path().join("safe"))?;
    let mut server = Server::start(&folder, &SERVE)?;
    job(&folder, &["run", "lost"])?;
    becomes(&folder, "lost", &["failed"])?;
    let lost = shown(&folder, "lost")?;
    let tries = lost["runs"][0]["attempts"].as_array().ok_or("no tries")?;
    assert_eq!(tries.len(), 2);
    for attempt in tries {
        assert_eq!(attempt["exit_code"], 2);
        let result = attempt["result"].as_str().unwrap_or_default();
        assert!(
            result.starts_with("error: ") && result.contains("lost.csv"),
            "{result}"
        );
    }
    eventually(|| {
        let done = states(&folder, "often")?;
        Ok(done.iter().filter(|state| *state == "succeeded").count() > 2)
    })?;
    job(&folder, &["pause", "often"])?;
    becomes_idle(&folder, "often")?;
    let shown_often = shown(&folder, "often")?;
    assert_eq!(shown_often["job"]["state"], "paused");
    assert_eq!(shown_often["job"]["next"], json!([]));
    let before = states(&folder, "often")?.len();
    sleep(Duration::from_millis(2500));
    assert_eq!(states(&folder, "often")?.len(), before);

    // What waits for a pipe that nobody fills ends by its limit, or by hand.
    let pipe = folder.path().join("pipe.csv");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status()?;
    assert!(made.success());
    let slow = "[work]\nkind = 'ingest'\ntable = 't'\nsources = ['pipe.csv']\n";
    add(&folder, "slow", &format!("limit_s = 1\n{slow}"))?;
    add(&folder, "stuck", slow)?;
    for name in ["slow", "stuck"] {
        job(&folder, &["run", name])?;
        becomes(
            &folder,
            name,
            &[if name == "slow" { "failed" } else { "running" }],
        )?;
    }
    assert_eq!(
        shown(&folder, "slow")?["runs"][0]["attempts"][0]["state"],
        "timed_out"
    );
    assert_eq!(
        refused(&folder, &["remove", "stuck"])?,
        "error: job: 'stuck' runs; cancel that first"
    );
    job(&folder, &["cancel", "stuck"])?;
    becomes(&folder, "stuck", &["cancelled"])?;
    job(&folder, &["remove", "stuck"])?;
    assert_eq!(
        refused(&folder, &["show", "stuck"])?,
        "error: job: no job 'stuck'"
    );

    // A server that ends ends what it runs, and the next one makes it again.
    job(&folder, &["run", "slow"])?;
    becomes(&folder, "slow", &["running", "failed"])?;
    server.terminate()?;
    assert!(server.wait()?.success());
    let slow = shown(&folder, "slow")?;
    let states = [
        &slow["runs"][0]["state"],
        &slow["runs"][0]["attempts"][0]["state"],
    ];
    assert!(
        states == ["waiting", "broken_off"] || states == ["failed", "timed_out"],
        "{states:?}"
    );
    Ok(())
}

fn becomes_idle(folder: &Folder, name: &str) -> Result<(), Failure> {
    eventually(|| Ok(shown(folder, name)?["job"]["open"] == json!([])))
}
