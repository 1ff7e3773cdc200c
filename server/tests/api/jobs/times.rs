//! When runs begin, at moments that are said: no clock is waited for.

use churn_core::jobs::{AttemptState, JobDefinition, JobRun, RunState};
use churn_server::store::job_history::history;
use churn_server::store::job_runs::{Claimed, Ended, claim, finish, outlook, plan};
use churn_server::store::{Connection, SqlError, jobs};

use super::{BACKUP, add};
use crate::Failure;
use crate::program::Folder;
use crate::server::{data, database, eventually};

/// 2027-01-01T00:00:00Z.
const NEW_YEAR: i64 = 1_798_761_600_000;
const MINUTE: i64 = 60_000;

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
