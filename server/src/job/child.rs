//! A try of a run, as the server sees it: a process of this very program, begun
//! without a shell, with a time limit.

use std::io;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use churn_core::jobs::AttemptState;

use super::said::Ear;
use crate::command::VARIABLE;
use crate::store::job_runs::Ended;

/// How long a try may take to end that was asked to, before it is killed.
const ENDING: Duration = Duration::from_secs(10);

/// How often it is looked whether a try has ended.
const LOOK: Duration = Duration::from_millis(20);

/// How tries are begun: where the data are. An address of a database holds a
/// password, and goes by the environment, where other users do not see it.
#[derive(Clone)]
pub struct Launcher {
    /// This program.
    pub program: PathBuf,
    /// Folder of the data.
    pub data_dir: Option<PathBuf>,
    /// Address of their database instead.
    pub database_url: Option<String>,
    /// Folder of the files of tables, where it was said.
    pub tables: Option<PathBuf>,
}

impl std::fmt::Debug for Launcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.program.fmt(f)
    }
}

/// Why a try is to end before it is done.
#[derive(Debug, Default)]
pub struct Order(AtomicU8);

impl Order {
    /// Somebody asked for it.
    pub fn cancel(&self) {
        self.0.store(1, Relaxed);
    }

    /// The server ends.
    pub fn break_off(&self) {
        self.0.store(2, Relaxed);
    }

    fn state(&self) -> Option<AttemptState> {
        match self.0.load(Relaxed) {
            1 => Some(AttemptState::Cancelled),
            2 => Some(AttemptState::BrokenOff),
            _ => None,
        }
    }
}

/// Makes a try and waits for its end.
pub fn conduct(
    launcher: &Launcher,
    attempt: i64,
    limit: Duration,
    order: &Order,
    ear: &Ear,
) -> Ended {
    let mut child = match launcher.begin(attempt) {
        Ok(child) => child,
        Err(error) => {
            return ended(
                AttemptState::Failed,
                None,
                format!("cannot start: {error}"),
                "",
            );
        }
    };
    let listening: Vec<JoinHandle<()>> = [
        child.stdout.take().map(|from| ear.listen(from, false)),
        child.stderr.take().map(|from| ear.listen(from, true)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let held = child.stdin.take();
    let (status, reason) = wait(&mut child, held, limit, order);
    for ear in listening {
        // A thread that listens does not panic.
        let _ = ear.join();
    }
    let said = ear.said();
    let code = status.and_then(|status| status.code()).map(i64::from);
    let is_well = status.is_some_and(|status| status.success());
    let (state, result) = match reason {
        _ if is_well => (AttemptState::Succeeded, said.result()),
        Some(AttemptState::TimedOut) => (
            AttemptState::TimedOut,
            format!("took longer than {} s", limit.as_secs()),
        ),
        Some(AttemptState::Cancelled) => (AttemptState::Cancelled, "stopped".into()),
        Some(state) => (state, "the server ended".into()),
        None if code.is_none() => (AttemptState::Failed, "killed by the system".into()),
        None => (AttemptState::Failed, said.result()),
    };
    ended(state, code, result, &said.text())
}

fn ended(state: AttemptState, exit_code: Option<i64>, result: String, log: &str) -> Ended {
    Ended {
        state,
        exit_code,
        result,
        log: log.to_owned(),
    }
}

/// Waits for the end of a process, and sees to it where it is due.
fn wait(
    child: &mut Child,
    mut held: Option<ChildStdin>,
    limit: Duration,
    order: &Order,
) -> (Option<ExitStatus>, Option<AttemptState>) {
    let start = Instant::now();
    let mut asked: Option<(Instant, AttemptState)> = None;
    loop {
        match child.try_wait() {
            Ok(None) => {}
            Ok(status) => return (status, asked.map(|(_, state)| state)),
            Err(_) => return (None, asked.map(|(_, state)| state)),
        }
        let reason = order.state();
        let reason = reason.or((start.elapsed() >= limit).then_some(AttemptState::TimedOut));
        match (asked, reason) {
            (None, Some(state)) => {
                asked = Some((Instant::now(), state));
                // It ends when nobody holds this open.
                drop(held.take());
            }
            // One that has ended meanwhile is as good.
            (Some((since, _)), _) if since.elapsed() > ENDING => drop(child.kill()),
            _ => {}
        }
        sleep(LOOK);
    }
}

impl Launcher {
    fn begin(&self, attempt: i64) -> io::Result<Child> {
        let mut command = Command::new(&self.program);
        command.args(["job", "attempt", &attempt.to_string()]);
        if let Some(folder) = &self.data_dir {
            command.arg("--data-dir").arg(folder);
        }
        if let Some(folder) = &self.tables {
            command.arg("--tables").arg(folder);
        }
        match &self.database_url {
            Some(url) => command.env(VARIABLE, url),
            None => command.env_remove(VARIABLE),
        };
        // Ctrl-C on the server's terminal is the server's affair.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn()
    }
}
