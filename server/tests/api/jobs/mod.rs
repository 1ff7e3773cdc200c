//! Jobs: added, begun when they are due, tried again, stopped, and never run twice at
//! once, whoever is killed.

mod killed;
mod over_the_api;
mod running;
mod times;

use serde_json::Value;

use crate::Failure;
use crate::program::Folder;
use crate::server::eventually;

const PLACE: [&str; 2] = ["--data-dir", "data"];
const SERVE: [&str; 3] = ["--open", "--tables", "tables"];

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
