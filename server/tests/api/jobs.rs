//! Jobs: added, begun when they are due, tried again, stopped, and never run twice at
//! once, whoever is killed.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use churn_core::jobs::{AttemptState, JobDefinition, JobRun, RunState};
use churn_server::store::job_runs::{Claimed, Ended, claim, finish, history, outlook, plan};
use churn_server::store::{Connection, SqlError, jobs};
use serde_json::{Value, json};

use crate::Failure;
use crate::client::Client;
use crate::program::{CUSTOMERS, Folder};
use crate::server::{Server, data, database, eventually, key, small};

const PLACE: [&str; 2] = ["--data-dir", "data"];
const SERVE: [&str; 3] = ["--open", "--tables", "tables"];

/// 2027-01-01T00:00:00Z.
const NEW_YEAR: i64 = 1_798_761_600_000;
const MINUTE: i64 = 60_000;

const BACKUP: &str = "[work]\nkind = 'backup'\nfolder = 'safe'\n";

fn add(folder: &Folder, name: &str, rest: &str) -> Result<String, Failure> {
    folder.write("job.toml", format!("name = '{name}'\n{rest}"))?;
    let arguments = [&["job", "add", "job.toml"][..], &PLACE].concat();
    Ok(folder.run(&arguments)?.succeeded()?.err())
}

fn job(folder: &Folder, arguments: &[&str]) -> Result<String, Failure> {
    let arguments = [&["job"], arguments, &PLACE].concat();
    let run = folder.run(&arguments)?.succeeded()?;
    Ok(run.out() + &run.err())
}

fn refused(folder: &Folder, arguments: &[&str]) -> Result<String, Failure> {
    folder
        .run(&[&["job"], arguments, &PLACE].concat())?
        .refused()
}

fn shown(folder: &Folder, name: &str) -> Result<Value, Failure> {
    Ok(serde_json::from_str(&job(
        folder,
        &["show", name, "--json"],
    )?)?)
}

/// How the runs of a job stand, the newest first.
fn states(folder: &Folder, name: &str) -> Result<Vec<String>, Failure> {
    let shown = shown(folder, name)?;
    let runs = shown["runs"].as_array().ok_or("no runs")?;
    let state = |run: &Value| run["state"].as_str().unwrap_or_default().to_owned();
    Ok(runs.iter().map(state).collect())
}

fn becomes(folder: &Folder, name: &str, expected: &[&str]) -> Result<(), Failure> {
    let became = eventually(|| Ok(states(folder, name)? == expected));
    became.map_err(|_| {
        let shown = shown(folder, name).map(|shown| shown.to_string());
        let log = job(folder, &["log", name]);
        format!("{name} is not {expected:?}: {shown:?} {log:?}").into()
    })
}

/// An empty place for data that holds jobs.
fn place(name: &str, all: &[(&str, &str)]) -> Result<(Folder, Connection), Failure> {
    let folder = Folder::new(&format!("jobs-{name}"))?;
    for (name, rest) in all {
        add(&folder, name, rest)?;
    }
    let connection = database(&folder)?;
    Ok((folder, connection))
}

/// A look of a server at a moment: what it begins, of so many at most.
fn look(connection: &mut Connection, now_ms: i64, most: usize) -> Result<Vec<Claimed>, Failure> {
    Ok(connection.transaction::<_, SqlError>(|connection| {
        plan(connection, now_ms)?;
        claim(connection, now_ms, most)
    })?)
}

fn end(
    connection: &mut Connection,
    claimed: &Claimed,
    state: AttemptState,
    now_ms: i64,
) -> Result<(), Failure> {
    let ended = Ended {
        state,
        exit_code: None,
        result: String::new(),
        log: String::new(),
    };
    let done = connection.transaction::<_, SqlError>(|connection| {
        finish(connection, claimed.attempt, &ended, now_ms)
    })?;
    assert!(done);
    // It ends once.
    assert!(!finish(connection, claimed.attempt, &ended, now_ms)?);
    Ok(())
}

fn runs(connection: &mut Connection, name: &str) -> Result<Vec<JobRun>, Failure> {
    let record = jobs::find(connection, name)?.map_err(|refused| refused.message().to_owned())?;
    Ok(history(connection, record.id, 100)?)
}

/// Adds a job at a moment.
fn add_at(connection: &mut Connection, toml: &str, now_ms: i64) -> Result<(), Failure> {
    let definition: JobDefinition = toml::from_str(toml)?;
    let added = connection
        .transaction::<_, SqlError>(|connection| jobs::add(connection, &definition, now_ms))?;
    added
        .map(drop)
        .map_err(|refused| refused.message().to_owned().into())
}

fn hourly(name: &str, more: &str) -> String {
    format!(
        "name = '{name}'\nschedule.cron = {{ expression = '0 * * * *', zone = 'Europe/Berlin' }}\n{more}\n{BACKUP}"
    )
}

#[test]
fn a_job_runs_when_its_time_comes_and_once() -> Result<(), Failure> {
    let (_folder, mut connection) = place("times", &[("other", BACKUP)])?;
    add_at(&mut connection, &hourly("hourly", ""), NEW_YEAR + 1)?;
    let hour = NEW_YEAR + 60 * MINUTE;
    assert!(!outlook(&mut connection, hour - 1)?.is_due);
    assert_eq!(look(&mut connection, hour - 1, 9)?, []);
    assert!(outlook(&mut connection, hour)?.is_due);
    let begun = look(&mut connection, hour, 9)?;
    assert_eq!(begun.len(), 1);
    assert_eq!(begun[0].job.definition.name, "hourly");
    // Nobody begins it again, and it is not due again before the next hour.
    assert_eq!(look(&mut connection, hour, 9)?, []);
    let seen = outlook(&mut connection, hour)?;
    assert!(!seen.is_due);
    assert_eq!(seen.running.len(), 1);
    end(
        &mut connection,
        &begun[0],
        AttemptState::Succeeded,
        hour + 5,
    )?;
    let told = runs(&mut connection, "hourly")?;
    assert_eq!(
        (told.len(), told[0].due_ms, told[0].ended_ms),
        (1, hour, Some(hour + 5))
    );
    assert_eq!(look(&mut connection, hour + MINUTE, 9)?, []);
    assert_eq!(look(&mut connection, hour + 60 * MINUTE, 9)?.len(), 1);
    Ok(())
}

#[test]
fn missed_times_are_made_up_for_once_or_skipped() -> Result<(), Failure> {
    let (_folder, mut connection) = place("missed", &[("other", BACKUP)])?;
    add_at(
        &mut connection,
        &hourly("late", "missed = 'run_once'"),
        NEW_YEAR,
    )?;
    add_at(
        &mut connection,
        &hourly("never", "missed = 'skip'"),
        NEW_YEAR,
    )?;
    // No server for five hours.
    let now = NEW_YEAR + 305 * MINUTE;
    let begun = look(&mut connection, now, 9)?;
    assert_eq!(begun.len(), 1);
    assert_eq!(begun[0].job.definition.name, "late");
    let told = runs(&mut connection, "late")?;
    assert_eq!((told.len(), told[0].due_ms), (1, NEW_YEAR + 60 * MINUTE));
    let told = runs(&mut connection, "never")?;
    assert_eq!((told.len(), told[0].state), (1, RunState::Missed));
    // The hours that come while it runs: one more run, or none.
    for hour in [6, 7] {
        let begun = look(&mut connection, NEW_YEAR + hour * 60 * MINUTE, 9)?;
        assert!(
            begun
                .iter()
                .all(|begun| begun.job.definition.name == "never")
        );
        for begun in begun {
            end(&mut connection, &begun, AttemptState::Succeeded, now)?;
        }
    }
    let told: Vec<RunState> = runs(&mut connection, "late")?
        .iter()
        .map(|run| run.state)
        .collect();
    assert_eq!(told, [RunState::Waiting, RunState::Running]);
    end(&mut connection, &begun[0], AttemptState::Succeeded, now)?;
    let begun = look(&mut connection, NEW_YEAR + 421 * MINUTE, 9)?;
    assert_eq!(begun.len(), 1);
    // A minute late is in time.
    let begun = look(&mut connection, NEW_YEAR + 481 * MINUTE, 9)?;
    assert_eq!(begun.len(), 1);
    assert_eq!(begun[0].job.definition.name, "never");
    Ok(())
}

#[test]
fn a_paused_job_misses_nothing() -> Result<(), Failure> {
    let (_folder, mut connection) = place("paused", &[("other", BACKUP)])?;
    add_at(&mut connection, &hourly("hourly", ""), NEW_YEAR)?;
    jobs::pause(&mut connection, "hourly", NEW_YEAR)?.map_err(|_| "refused")?;
    let later = NEW_YEAR + 630 * MINUTE;
    assert_eq!(look(&mut connection, later, 9)?, []);
    jobs::resume(&mut connection, "hourly", later)?.map_err(|_| "refused")?;
    assert_eq!(look(&mut connection, later, 9)?, []);
    assert_eq!(look(&mut connection, NEW_YEAR + 660 * MINUTE, 9)?.len(), 1);
    Ok(())
}

#[test]
fn what_fails_is_tried_again_ever_later() -> Result<(), Failure> {
    let (_folder, mut connection) = place("retries", &[("other", BACKUP)])?;
    let more = "retries = 3\nbackoff_s = 1500";
    add_at(&mut connection, &hourly("hourly", more), NEW_YEAR)?;
    add_at(
        &mut connection,
        &format!("name = 'then'\nschedule.after = 'hourly'\n{BACKUP}"),
        NEW_YEAR,
    )?;
    let mut now = NEW_YEAR + 60 * MINUTE;
    // What the server breaks off is made again at once, and is no failure.
    let begun = look(&mut connection, now, 9)?;
    end(&mut connection, &begun[0], AttemptState::BrokenOff, now)?;
    let ends = [
        AttemptState::Failed,
        AttemptState::TimedOut,
        AttemptState::Failed,
    ];
    for (state, seconds) in ends.into_iter().zip([1500, 3000, 3600]) {
        let begun = look(&mut connection, now, 9)?;
        assert_eq!(begun.len(), 1);
        end(&mut connection, &begun[0], state, now)?;
        assert_eq!(look(&mut connection, now + seconds * 1000 - 1, 9)?, []);
        now += seconds * 1000;
    }
    let begun = look(&mut connection, now, 9)?;
    end(&mut connection, &begun[0], AttemptState::Failed, now)?;
    let told = runs(&mut connection, "hourly")?;
    // The hours that came while it waited for its next try are those of that run.
    assert_eq!((told.len(), told[0].state), (1, RunState::Failed));
    assert_eq!(told[0].attempts.len(), 5);
    assert_eq!(runs(&mut connection, "then")?, []);
    jobs::run_now(&mut connection, "hourly", now)?.map_err(|_| "refused")?;
    let begun = look(&mut connection, now, 9)?;
    end(&mut connection, &begun[0], AttemptState::Succeeded, now)?;
    let begun = look(&mut connection, now, 9)?;
    assert_eq!(begun[0].job.definition.name, "then");
    Ok(())
}

#[test]
fn what_ends_its_server_is_given_up() -> Result<(), Failure> {
    let (_folder, mut connection) = place("deadly", &[("deadly", BACKUP)])?;
    jobs::run_now(&mut connection, "deadly", NEW_YEAR)?.map_err(|_| "refused")?;
    let mut tries = 0;
    loop {
        let begun = look(&mut connection, NEW_YEAR, 9)?;
        let Some(begun) = begun.first() else { break };
        end(&mut connection, begun, AttemptState::BrokenOff, NEW_YEAR)?;
        tries += 1;
    }
    assert_eq!(tries, 11);
    assert_eq!(runs(&mut connection, "deadly")?[0].state, RunState::Failed);
    Ok(())
}

#[test]
fn only_so_many_run_at_a_time_and_history_is_bounded() -> Result<(), Failure> {
    let all = [("a", BACKUP), ("b", BACKUP), ("c", BACKUP)];
    let (_folder, mut connection) = place("many", &all)?;
    for (name, _) in all {
        jobs::run_now(&mut connection, name, NEW_YEAR)?.map_err(|_| "refused")?;
    }
    let begun = look(&mut connection, NEW_YEAR, 2)?;
    assert_eq!(begun.len(), 2);
    assert_eq!(look(&mut connection, NEW_YEAR, 2)?, []);
    end(
        &mut connection,
        &begun[1],
        AttemptState::Succeeded,
        NEW_YEAR,
    )?;
    let third = look(&mut connection, NEW_YEAR, 2)?;
    assert_eq!(third.len(), 1);
    assert_eq!(third[0].job.definition.name, "c");
    // The database itself refuses a second one of a job.
    let sql = "INSERT INTO job_runs (job, reason, due_ms, state, begin_ms) \
               VALUES (?1, 'manual', 0, 'running', 0)";
    assert!(connection.execute(sql, &[&begun[0].job.id]).is_err());
    end(
        &mut connection,
        &begun[0],
        AttemptState::Succeeded,
        NEW_YEAR,
    )?;
    for _ in 0..205 {
        jobs::run_now(&mut connection, "a", NEW_YEAR)?.map_err(|_| "refused")?;
        let begun = look(&mut connection, NEW_YEAR, 2)?;
        end(
            &mut connection,
            &begun[0],
            AttemptState::Succeeded,
            NEW_YEAR,
        )?;
    }
    let record = jobs::find(&mut connection, "a")?.map_err(|_| "no job")?;
    assert_eq!(history(&mut connection, record.id, 1000)?.len(), 200);
    Ok(())
}

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

/// Processes of tries on this folder's data that are there now.
fn tries(program: &Path, folder: &Path) -> Result<Vec<u32>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let entry = entry?.path();
        let id = entry
            .file_name()
            .and_then(|name| name.to_str()?.parse().ok());
        let (Some(id), Ok(line)) = (id, fs::read(entry.join("cmdline"))) else {
            continue;
        };
        let words: Vec<&[u8]> = line.split(|&byte| byte == 0).collect();
        let is_try = words.len() > 3 && words[1] == b"job" && words[2] == b"attempt";
        let is_here = fs::read_link(entry.join("cwd")).is_ok_and(|cwd| cwd == folder);
        if is_try && is_here && words[0] == program.as_os_str().as_encoded_bytes() {
            found.push(id);
        }
    }
    Ok(found)
}

#[test]
fn a_killed_server_neither_loses_a_run_nor_runs_it_twice() -> Result<(), Failure> {
    let folder = Folder::new("jobs-killed")?;
    let ingest = [
        "ingest",
        CUSTOMERS,
        "--table",
        "customers",
        "--tables",
        "tables",
    ];
    folder.run(&[&ingest[..], &PLACE].concat())?.succeeded()?;
    // Experiments keep each other out by themselves: a second one at the same time
    // would fail, and say so. Its runs take some hundred milliseconds each.
    let grid = "kind = 'experiment'\ntable = 'customers'\ngrid = '''\n[[grid]]\n\
                model = \"logistic\"\ncv = [8, 9, 10, 11, 12, 13, 14, 15]\nbalanced = [false, true]\n\
                scoring = [\"accuracy\", \"log_loss\", \"roc_auc\"]\n'''\n";
    add(&folder, "grid", &format!("[work]\n{grid}"))?;
    add(
        &folder,
        "then",
        "schedule.after = 'grid'\n[work]\nkind = 'evaluate'\ntable = 'customers'\nmodel = 'none'\n",
    )?;
    job(&folder, &["run", "grid"])?;
    let program = fs::canonicalize(env!("CARGO_BIN_EXE_churn"))?;
    let path = fs::canonicalize(folder.path())?;
    let mut seen = 0;
    for round in 0..6_u64 {
        let mut server = Server::start(&folder, &SERVE)?;
        // Long enough that a try begins, at ever other points of it.
        eventually(|| {
            Ok(!tries(&program, &path)?.is_empty() || states(&folder, "grid")? == ["succeeded"])
        })?;
        sleep(Duration::from_millis(130 * round));
        seen += tries(&program, &path)?.len();
        server.kill()?;
    }
    assert!(
        seen >= 3,
        "tries were under way when the server was killed: {seen}"
    );
    // Whoever was left ends by itself.
    eventually(|| Ok(tries(&program, &path)?.is_empty()))?;
    let _server = Server::start(&folder, &SERVE)?;
    becomes(&folder, "grid", &["succeeded"])?;
    becomes(&folder, "then", &["failed"])?;
    let told = shown(&folder, "grid")?;
    let attempts = told["runs"][0]["attempts"].as_array().ok_or("no tries")?;
    let states: Vec<&str> = attempts
        .iter()
        .filter_map(|one| one["state"].as_str())
        .collect();
    let (last, before) = states.split_last().ok_or("no try")?;
    assert_eq!(*last, "succeeded");
    assert!(
        before.len() >= 3 && before.iter().all(|state| *state == "broken_off"),
        "{told}"
    );
    let times: Vec<(i64, i64)> = attempts
        .iter()
        .filter_map(|one| Some((one["started_ms"].as_i64()?, one["ended_ms"].as_i64()?)))
        .collect();
    assert!(
        times.windows(2).all(|pair| pair[0].1 <= pair[1].0),
        "{times:?}"
    );
    // Each model was kept once, whichever try made it.
    let listed = folder.run(&[&["run", "list", "--json"][..], &PLACE].concat())?;
    let listed: Value = serde_json::from_str(&listed.succeeded()?.out())?;
    let runs = listed["runs"].as_array().ok_or("no runs")?;
    assert_eq!(runs.len(), 48);
    assert!(
        runs.iter().all(|run| run["status"] == "finished"),
        "{listed}"
    );
    Ok(())
}

/// Sends a signal to a process.
fn signal(name: &str, id: u32) -> Result<(), Failure> {
    let sent = std::process::Command::new("kill")
        .args([name, &id.to_string()])
        .status()?;
    assert!(sent.success());
    Ok(())
}

/// A process that cannot end by itself; it is ended with the test.
struct Frozen(u32);

impl Drop for Frozen {
    fn drop(&mut self) {
        // It may have ended, and be no affair of ours any more.
        let _ = std::process::Command::new("kill")
            .args(["-CONT", &self.0.to_string()])
            .output();
    }
}

#[test]
fn a_try_that_outlives_its_server_keeps_others_out() -> Result<(), Failure> {
    let folder = Folder::new("jobs-frozen")?;
    let pipe = folder.path().join("pipe.csv");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()?
            .success()
    );
    let stuck = "retries = 1\nbackoff_s = 1\n[work]\nkind = 'ingest'\ntable = 't'\n\
                 sources = ['pipe.csv']\n";
    add(&folder, "stuck", stuck)?;
    // It needs nothing that the other one holds, and fails at once.
    let other = "[work]\nkind = 'evaluate'\ntable = 'none'\nmodel = 'none'\n";
    add(&folder, "other", other)?;
    let program = fs::canonicalize(env!("CARGO_BIN_EXE_churn"))?;
    let path = fs::canonicalize(folder.path())?;
    let mut server = Server::start(&folder, &SERVE)?;
    job(&folder, &["run", "stuck"])?;
    // It has the lock, and waits for rows that do not come.
    let place = data(&folder)?;
    eventually(|| Ok(tries(&program, &path)?.len() == 1 && place.take_job(1)?.is_none()))?;
    let frozen = tries(&program, &path)?[0];
    // It has a moment to end when its server is killed, and cannot use it.
    server.kill()?;
    signal("-STOP", frozen)?;
    let _end = Frozen(frozen);
    let _server = Server::start(&folder, &SERVE)?;
    for _ in 0..3 {
        // The new server looks, and does what it may.
        job(&folder, &["run", "other"])?;
        eventually(|| Ok(shown(&folder, "other")?["job"]["open"] == json!([])))?;
    }
    assert_eq!(states(&folder, "other")?, ["failed"; 3]);
    assert_eq!(tries(&program, &path)?, [frozen]);
    let told = shown(&folder, "stuck")?;
    let attempts = told["runs"][0]["attempts"].as_array().map(Vec::len);
    assert_eq!(
        (attempts, states(&folder, "stuck")?),
        (Some(1), vec!["running".to_owned()])
    );
    // When it goes on it ends, and only then another one begins.
    signal("-CONT", frozen)?;
    eventually(|| {
        let now = tries(&program, &path)?;
        Ok(now.len() == 1 && now[0] != frozen)
    })
    .map_err(|_| {
        format!(
            "no other try: {:?} {:?}",
            tries(&program, &path),
            shown(&folder, "stuck")
        )
    })?;
    // One that is killed alone has failed, and is tried again.
    signal("-KILL", tries(&program, &path)?[0])?;
    eventually(|| {
        let told = shown(&folder, "stuck")?;
        Ok(told["runs"][0]["attempts"].as_array().map(Vec::len) == Some(3))
    })
    .map_err(|_| format!("no third try: {:?}", shown(&folder, "stuck")))?;
    job(&folder, &["cancel", "stuck"])?;
    becomes(&folder, "stuck", &["cancelled"])?;
    let told = shown(&folder, "stuck")?;
    let attempts = told["runs"][0]["attempts"].as_array().ok_or("no tries")?;
    let ends: Vec<&str> = attempts
        .iter()
        .filter_map(|one| one["state"].as_str())
        .collect();
    assert_eq!(ends, ["broken_off", "failed", "cancelled"]);
    assert_eq!(attempts[1]["result"], "killed by the system");
    Ok(())
}

#[test]
fn the_lock_of_a_job_is_held_once() -> Result<(), Failure> {
    let (folder, _) = place("lock", &[("other", BACKUP)])?;
    let place = data(&folder)?;
    let held = place.take_job(1)?;
    assert!(held.is_some());
    assert!(place.take_job(1)?.is_none());
    assert!(place.take_job(2)?.is_some());
    drop(held);
    eventually(|| Ok(place.take_job(1)?.is_some()))
}

#[test]
fn jobs_are_added_and_told_over_the_api() -> Result<(), Failure> {
    let folder = small("jobs-api")?;
    let server = Server::start(&folder, &["--tables", "tables"])?;
    let mut client = server.client()?;
    let evaluate = json!({"kind": "evaluate", "table": "t", "model": "m"});
    let cron = json!({"cron": {"expression": "30 4 * * 1", "zone": "America/New_York"}});
    let weekly = json!({"name": "weekly", "schedule": cron, "retries": 2.0, "work": evaluate});
    let told = client.post("/api/v1/jobs", &weekly)?.json(200)?;
    assert_eq!(told["definition"]["limit_s"], 3600);
    assert_eq!(told["state"], "idle");
    assert_eq!(told["next"].as_array().map(Vec::len), Some(3));
    assert!(
        told["schedule"]
            .as_str()
            .is_some_and(|words| words.ends_with("(America/New_York)"))
    );
    let after = json!({"name": "then", "schedule": {"after": "weekly"}, "work": evaluate});
    client.post("/api/v1/jobs", &after)?.json(200)?;

    // No path comes from the network.
    for (work, field) in [
        (
            json!({"kind": "ingest", "table": "t", "sources": ["/etc/passwd"]}),
            "work.sources",
        ),
        (
            json!({"kind": "ingest", "table": "t", "query": "SELECT 1", "from": "x.db"}),
            "work.sources",
        ),
        (
            json!({"kind": "score", "table": "t", "model": "m", "out": "/tmp/x"}),
            "work.out",
        ),
        (json!({"kind": "backup", "folder": "/tmp"}), "work.folder"),
    ] {
        let refused = client.post("/api/v1/jobs", &json!({"name": "x", "work": work}))?;
        assert_eq!(
            refused.error(422)?,
            ("job.place".to_owned(), field.to_owned())
        );
    }
    for (change, status, field) in [
        (json!({"name": "a b"}), 422, "name"),
        (json!({"retries": 21}), 422, "retries"),
        (json!({"schedule": {"after": "nobody"}}), 404, "name"),
        (
            json!({"schedule": {"cron": {"expression": "x", "zone": "UTC"}}}),
            422,
            "schedule.cron.expression",
        ),
        (
            json!({"work": {"kind": "evaluate", "table": "t", "model": "m", "out": "x"}}),
            400,
            "",
        ),
        (
            json!({"work": {"kind": "evaluate", "table": "--out", "model": "m"}}),
            422,
            "work.table",
        ),
        (json!({"name": "weekly"}), 409, "name"),
    ] {
        let mut asked = json!({"name": "x", "work": evaluate});
        let fields = change.as_object().into_iter().flatten();
        fields.for_each(|(name, value)| asked[name] = value.clone());
        let refused = client.post("/api/v1/jobs", &asked)?.error(status);
        let refused = refused.map_err(|error| format!("{asked}: {error}"))?;
        assert_eq!(refused.1, field, "{asked}");
    }
    let listed = client.get("/api/v1/jobs")?.json(200)?;
    assert_eq!(listed["jobs"].as_array().map(Vec::len), Some(2));

    // Who may look may not act.
    let reader = key(&folder, &["--role", "read"])?;
    let mut reader = Client::new(&server.address, Some(&reader))?;
    assert_eq!(reader.get("/api/v1/jobs")?.json(200)?, listed);
    for path in [
        "/api/v1/jobs/weekly/runs",
        "/api/v1/jobs/weekly/pause",
        "/api/v1/jobs",
    ] {
        reader.post(path, &weekly)?.error(403)?;
    }

    let run = client
        .post("/api/v1/jobs/weekly/runs", &json!({}))?
        .json(202)?;
    assert_eq!(run["reason"], "manual");
    eventually(|| {
        let told = client.get("/api/v1/jobs/weekly")?.json(200)?;
        Ok(told["open"][0]["attempts"][0]["state"] == "failed")
    })?;
    let told = client.get("/api/v1/jobs/weekly")?.json(200)?;
    assert_eq!(told["state"], "waiting");
    let result = told["open"][0]["attempts"][0]["result"].as_str();
    assert_eq!(result, Some("error: no model 'm'"));
    let log = client
        .get(&format!("/api/v1/jobs/weekly/runs/{}/log", run["run"]))?
        .json(200)?;
    assert_eq!(log["attempts"][0], "error: no model 'm'\n");
    client.get("/api/v1/jobs/weekly/runs/999/log")?.error(404)?;
    assert_eq!(
        client
            .post("/api/v1/jobs/weekly/cancel", &json!({}))?
            .status,
        204
    );
    assert_eq!(
        client
            .post("/api/v1/jobs/weekly/cancel", &json!({}))?
            .error(409)?
            .1,
        "name"
    );
    assert_eq!(
        client.post("/api/v1/jobs/weekly/pause", &json!({}))?.status,
        204
    );
    let told = client.get("/api/v1/jobs/weekly")?.json(200)?;
    assert_eq!(
        (&told["state"], &told["last"]["state"]),
        (&json!("paused"), &json!("cancelled"))
    );
    assert_eq!(
        client
            .post("/api/v1/jobs/weekly/resume", &json!({}))?
            .status,
        204
    );
    let runs = client.get("/api/v1/jobs/weekly/runs?limit=1")?.json(200)?;
    assert_eq!(runs["runs"][0]["run"], run["run"]);
    assert_eq!(
        client
            .send("DELETE /api/v1/jobs/weekly", "", b"")?
            .error(409)?
            .1,
        "name"
    );
    for name in ["then", "weekly"] {
        let delete = format!("DELETE /api/v1/jobs/{name}");
        assert_eq!(client.send(&delete, "", b"")?.status, 204);
    }
    assert_eq!(
        client.get("/api/v1/jobs/weekly")?.error(404)?.0,
        "job.unknown"
    );
    Ok(())
}
