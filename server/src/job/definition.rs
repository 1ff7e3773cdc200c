//! What a job may be: checked before it is kept.

use std::path::{Path, absolute};

use churn_core::jobs::{
    JobDefinition, JobWork, LONGEST_BACKOFF_S, LONGEST_LIMIT_S, MOST_RETRIES, Schedule,
};
use churn_core::{Error, ErrorCode, Result};
use clap::Parser as _;
use tokio_postgres::Config;

use super::schedule::Times;
use super::steps::{Context, steps};
use crate::cli::{Cli, in_one_line};
use crate::experiment::grid::Grid;
use crate::table::version::{VersionName, check_name};

/// Checks a job: all that can be known of it before it runs.
///
/// # Errors
/// [`ErrorCode::Parameter`] with the field that is wrong.
pub fn check(definition: &JobDefinition, now_ms: i64) -> Result<()> {
    let named = |name: &str, field: &str| {
        let checked = check_name(name).map(drop);
        checked.map_err(|error| error.in_field(field))
    };
    named(&definition.name, "name")?;
    for (field, number, least, most) in [
        ("retries", definition.retries, 0, MOST_RETRIES),
        ("backoff_s", definition.backoff_s, 1, LONGEST_BACKOFF_S),
        ("limit_s", definition.limit_s, 1, LONGEST_LIMIT_S),
    ] {
        if !(least..=most).contains(&number) {
            let expected = format!("a number from {least} to {most}");
            return Err(wrong(field, &expected, number.to_string()));
        }
    }
    match &definition.schedule {
        Schedule::Manual => {}
        Schedule::After(other) => {
            named(other, "schedule.after")?;
            if *other == definition.name {
                let expected = "another job";
                return Err(wrong("schedule.after", expected, format!("'{other}'")));
            }
        }
        Schedule::Cron(cron) => {
            let comes = Times::new(cron)?.next(now_ms);
            comes.ok_or_else(|| {
                let got = format!("'{}'", cron.expression);
                wrong("schedule.cron.expression", "a time that comes", got)
            })?;
        }
    }
    check_work(&definition.work)?;
    // Whatever the commands themselves refuse.
    let context = Context::new(Path::new("scratch"), &definition.name, (1, 1));
    for step in steps(&definition.work, &context) {
        let parsed = Cli::try_parse_from(["churn".to_owned()].into_iter().chain(step));
        if let Err(usage) = parsed {
            let told = in_one_line(&usage.to_string());
            let told = told.trim_start_matches("error: ");
            return Err(Error::new(ErrorCode::Parameter, told).in_field("work"));
        }
    }
    Ok(())
}

fn check_work(work: &JobWork) -> Result<()> {
    let of_table = |table: &str| {
        let parsed = table.parse::<VersionName>().map(drop);
        parsed.map_err(|error| error.in_field("work.table"))
    };
    match work {
        JobWork::Ingest { from, .. } => {
            let config = from.as_ref().and_then(|from| from.parse::<Config>().ok());
            if config.is_some_and(|config| config.get_password().is_some()) {
                let expected = "an address without a password: put it into a variable of the \
                                server's environment, and name that as from_env";
                return Err(wrong("work.from", expected, "one with it"));
            }
        }
        JobWork::Train { table, .. } => of_table(table)?,
        JobWork::Experiment { table, grid, .. } => {
            of_table(table)?;
            let in_grid =
                |error: Error| Error::new(error.code, error.to_string()).in_field("work.grid");
            let grid = Grid::parse(grid).map_err(in_grid)?;
            if let Some(name) = &grid.name {
                let expected = "no name: each run has its own";
                return Err(wrong("work.grid", expected, format!("'{name}'")));
            }
            grid.choices().map_err(in_grid)?;
            grid.hold_out().map_err(in_grid)?;
        }
        JobWork::Score { table, .. } | JobWork::Evaluate { table, .. } => of_table(table)?,
        JobWork::Retrain { .. } | JobWork::Backup { .. } => {}
    }
    Ok(())
}

/// Makes paths those of this folder: a server works in another one.
///
/// # Errors
/// [`ErrorCode::Io`] when this folder is not known.
pub fn settle(work: &mut JobWork) -> Result<()> {
    let mut paths: Vec<&mut String> = match work {
        JobWork::Ingest {
            sources,
            from,
            schema,
            ..
        } => {
            let is_file = |from: &&mut String| !from.contains("://");
            let from = from.as_mut().filter(is_file);
            sources.iter_mut().chain(schema).chain(from).collect()
        }
        JobWork::Score { out, .. } => out.iter_mut().collect(),
        JobWork::Backup { folder } => vec![folder],
        _ => Vec::new(),
    };
    for path in &mut paths {
        let whole = absolute(path.as_str());
        let whole = whole.map_err(|error| Error::new(ErrorCode::Io, error.to_string()))?;
        **path = whole.to_string_lossy().into_owned();
    }
    Ok(())
}

fn wrong(field: &str, expected: &str, got: impl Into<String>) -> Error {
    Error::mismatch(ErrorCode::Parameter, expected, got).in_field(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(toml: &str) -> String {
        let definition = toml::from_str::<JobDefinition>(toml);
        match definition {
            Err(error) => error.message().to_owned(),
            Ok(definition) => {
                check(&definition, 0).map_or_else(|error| error.to_string(), |()| String::new())
            }
        }
    }

    #[test]
    fn every_kind_is_a_command() {
        for work in [
            "kind = 'ingest'\ntable = 't'\nsources = ['a.csv', '-b.csv']",
            "kind = 'ingest'\ntable = 't'\nquery = 'SELECT 1'\nfrom_env = 'SHOP'",
            "kind = 'ingest'\ntable = 't'\nquery = 'SELECT 1'\nfrom = 'postgresql://ann@db/x'",
            "kind = 'train'\ntable = 't@3'\nmodel = 'm'\nalias = 'challenger'\nc = 0.5",
            "kind = 'train'\ntable = 't'\nmodel = 'm'\ncv = 5\nselection = 'a < -1'",
            "kind = 'experiment'\ntable = 't'\ngrid = '''[[grid]]\nmodel = \"logistic\"'''",
            "kind = 'score'\ntable = 't'\nmodel = 'm@champion'\nout = '--x'\nreasons = 3",
            "kind = 'evaluate'\ntable = 't'\nmodel = 'm@2'",
            "kind = 'score'\ntable = 't'\nmodel = 'm'\ninto = 'scores'\nreplace = true",
            "kind = 'retrain'\nmodel = '-m'",
            "kind = 'backup'\nfolder = 'safe'",
        ] {
            assert_eq!(told(&format!("name = 'x'\n[work]\n{work}")), "", "{work}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let backup = "[work]\nkind = 'backup'\nfolder = 'safe'";
        for (toml, expected) in [
            (format!("name = 'a b'\n{backup}"), "name: expected a name"),
            (
                format!("name = 'x'\nretries = 21\n{backup}"),
                "retries: expected a number from 0 to 20, got 21",
            ),
            (
                format!("name = 'x'\nlimit_s = 0\n{backup}"),
                "limit_s: expected",
            ),
            (
                format!("name = 'x'\nschedule.after = 'x'\n{backup}"),
                "schedule.after: expected another job",
            ),
            (
                format!("name = 'x'\ncolour = 1\n{backup}"),
                "unknown field `colour`",
            ),
            (
                format!(
                    "name = 'x'\nschedule.cron = {{ expression = '0 0 30 2 *', zone = 'UTC' }}\n{backup}"
                ),
                "schedule.cron.expression: expected a time that comes",
            ),
            (
                "name = 'x'\n[work]\nkind = 'ingest'\ntable = 't'".into(),
                "work: the following required arguments",
            ),
            (
                "name = 'x'\n[work]\nkind = 'backup'\nfolder = 'a'\nout = 'b'".into(),
                "unknown field `out`",
            ),
            (
                "name = 'x'\n[work]\nkind = 'ingest'\ntable = 't'\nquery = 'SELECT 1'\n\
                 from = 'postgresql://ann:secret@db/x'"
                    .into(),
                "work.from: expected an address without a password",
            ),
            (
                "name = 'x'\n[work]\nkind = 'experiment'\ntable = 't'\n\
                 grid = '''name = \"y\"\n[[grid]]\nmodel = \"logistic\"'''"
                    .into(),
                "work.grid: expected no name",
            ),
            (
                "name = 'x'\n[work]\nkind = 'evaluate'\ntable = 't'\nmodel = 'm@v2'".into(),
                "work: invalid value 'm@v2' for '--build <NAME@BUILD>'",
            ),
        ] {
            let told = told(&toml);
            assert!(told.starts_with(expected), "{toml}: {told}");
            assert!(!told.contains("secret"), "{told}");
        }
    }
}
