//! Runs of `churn score` that are stopped, and where scores go.

use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Failure;
use crate::program::{CUSTOMERS, Folder};

/// The customers, so many times, under ids of their own.
fn many(folder: &Folder, name: &str, times: usize) -> Result<usize, Failure> {
    let text = fs::read_to_string(CUSTOMERS)?;
    let (header, rows) = text.split_once('\n').ok_or("no header")?;
    let mut long = format!("{header}\n");
    for time in 0..times {
        for row in rows.lines() {
            long.push_str(&format!("{time}-{row}\n"));
        }
    }
    folder.write(name, &long)?;
    Ok(times * rows.lines().count())
}

/// Starts the command and ends it by force once it has left something to go on with.
fn kill_half_way(folder: &Folder, score: &[&str], journal: &str) -> Result<(), Failure> {
    let journal = folder.path().join(journal);
    let mut run = folder.command(score).stderr(Stdio::null()).spawn()?;
    let start = Instant::now();
    while !journal.exists() {
        if let Some(status) = run.try_wait()? {
            return Err(format!("it ended before: {status}").into());
        }
        if start.elapsed() > Duration::from_secs(120) {
            return Err("nothing to go on with after two minutes".into());
        }
        sleep(Duration::from_millis(10));
    }
    run.kill()?;
    run.wait()?;
    Ok(())
}

#[test]
fn a_killed_run_goes_on_where_it_was() -> Result<(), Failure> {
    let folder = Folder::with_model("score-killed")?;
    let rows = many(&folder, "many.csv", 80)?;
    let score = |out| {
        [
            "score",
            "--model",
            "model.json",
            "many.csv",
            "--reasons",
            "2",
            "--out",
            out,
        ]
    };
    for (out, whole, journal) in [
        ("scores.csv", "whole.csv", ".scores.csv.part/journal.json"),
        (
            "scores.parquet",
            "whole.parquet",
            ".scores.parquet.part/journal.json",
        ),
    ] {
        folder.run(&score(whole))?.succeeded()?;
        kill_half_way(&folder, &score(out), journal)?;
        assert!(!folder.path().join(out).exists(), "it is not complete");
        let told = folder.run(&score(out))?.succeeded()?.err();
        let lines: Vec<&str> = told.lines().collect();
        assert!(lines[0].starts_with("going on behind the first "), "{told}");
        assert!(
            lines[1].starts_with("filled in missing values of 880 rows"),
            "{told}"
        );
        assert_eq!(lines[2], format!("scored 563,440 customers: {out}"));
        assert_eq!(rows, 563_440);
    }
    let read = |name: &str| fs::read(folder.path().join(name));
    assert!(read("scores.csv")? == read("whole.csv")?, "other scores");
    // Other groups of rows, the same rows.
    let ingest = |file| ["ingest", file, "--table", "scores", "--data-dir", "data"];
    for (file, told) in [
        ("whole.csv", "ingested 563,440 rows, 7 columns: scores@1\n"),
        (
            "whole.parquet",
            "nothing new: scores@1 holds these 563,440 rows\n",
        ),
        (
            "scores.parquet",
            "nothing new: scores@1 holds these 563,440 rows\n",
        ),
    ] {
        assert_eq!(folder.run(&ingest(file))?.succeeded()?.err(), told);
    }
    let parts: Vec<String> = folder.names()?;
    assert!(
        !parts.iter().any(|name| name.ends_with(".part")),
        "{parts:?}"
    );
    Ok(())
}

#[test]
fn what_another_run_has_left_is_not_gone_on_with() -> Result<(), Failure> {
    let folder = Folder::with_model("score-changed")?;
    many(&folder, "many.csv", 150)?;
    let journal = ".scores.csv.part/journal.json";
    let score = [
        "score",
        "--model",
        "model.json",
        "many.csv",
        "--out",
        "scores.csv",
    ];
    kill_half_way(&folder, &score, journal)?;
    // The customers are others now.
    many(&folder, "many.csv", 2)?;
    let told = folder.run(&score)?.succeeded()?.err();
    let expected = "filled in missing values of 22 rows: TotalCharges 22\n\
                    scored 14,086 customers: scores.csv\n";
    assert_eq!(told, expected);
    assert_eq!(folder.read("scores.csv")?.lines().count(), 14_087);
    assert_eq!(folder.names()?, ["many.csv", "model.json", "scores.csv"]);
    Ok(())
}

#[test]
fn one_run_at_a_time_writes_a_file() -> Result<(), Failure> {
    let folder = Folder::with_model("score-twice")?;
    many(&folder, "many.csv", 150)?;
    let score = [
        "score",
        "--model",
        "model.json",
        "many.csv",
        "--out",
        "scores.csv",
    ];
    let mut first = folder.command(&score).stderr(Stdio::null()).spawn()?;
    let lock = folder.path().join(".scores.csv.part/lock");
    let start = Instant::now();
    while !lock.exists() && start.elapsed() < Duration::from_secs(60) {
        sleep(Duration::from_millis(5));
    }
    // The lock is taken as soon as it is there.
    sleep(Duration::from_millis(100));
    let second = folder.run(&score)?;
    first.kill()?;
    first.wait()?;
    let told = "cannot write scores.csv: another run is writing it; let that end, or name \
                another file";
    assert!(second.err().contains(told), "{}", second.err());
    Ok(())
}

#[test]
fn a_build_of_the_registry_scores_a_table() -> Result<(), Failure> {
    let folder = Folder::with_model("score-build")?;
    let data = ["--data-dir", "data"];
    let run = |arguments: &[&str]| folder.run(&[arguments, &data].concat())?.succeeded();
    run(&["deploy", "model.json", "--name", "churn-model"])?;
    run(&["ingest", CUSTOMERS, "--table", "customers"])?;
    let champion = ["--build", "churn-model@champion", "--table", "customers"];
    let score = [&["score"], &champion[..], &["--out", "-"]].concat();
    let of_build = run(&score)?.out();
    let file = ["score", "--model", "model.json", CUSTOMERS, "--out", "-"];
    assert_eq!(of_build, folder.run(&file)?.succeeded()?.out());
    let evaluated = run(&[&["evaluate"], &champion[..]].concat())?.out();
    assert!(evaluated.contains("0.79"), "{evaluated}");
    let unknown = ["score", "--build", "churn-model@9", CUSTOMERS, "--out", "-"];
    let told = folder.run(&[&unknown[..], &data].concat())?.refused()?;
    assert!(
        told.ends_with("model 'churn-model' has no version 9"),
        "{told}"
    );
    Ok(())
}
