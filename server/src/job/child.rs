//! A try of a run, as the server sees it: a process of this very program, begun
//! without a shell, with a time limit, whose words are kept.

use std::io::{self, BufRead as _, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use churn_core::jobs::AttemptState;

use crate::command::VARIABLE;
use crate::store::job_runs::Ended;

/// How long a try may take to end that was asked to, before it is killed.
const ENDING: Duration = Duration::from_secs(10);

/// How often it is looked whether a try has ended.
const LOOK: Duration = Duration::from_millis(20);

/// Bytes that are kept of the beginning of what a try says, and of its end.
const HEAD: usize = 16_384;
const TAIL: usize = 49_152;

/// Longest line that is kept as one, in bytes.
const LINE: u64 = 4096;

/// Lines of standard output that tell the result where nothing else is said.
const LINES: usize = 3;

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

/// What a try says, cut where it is long.
#[derive(Debug, Default)]
pub struct Said {
    head: String,
    tail: String,
    left_out: usize,
    /// The last line of standard error.
    last: String,
    /// The first lines of standard output.
    first: Vec<String>,
}

impl Said {
    fn add(&mut self, line: &str, is_error: bool) {
        // PostgreSQL keeps no NUL.
        let line = line.replace('\0', "\u{fffd}");
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if !words.is_empty() {
            match is_error {
                true => self.last = words,
                false if self.first.len() < LINES => self.first.push(words),
                false => {}
            }
        }
        if self.tail.is_empty() && self.head.len() + line.len() <= HEAD {
            return self.head.push_str(&line);
        }
        self.tail.push_str(&line);
        if self.tail.len() > TAIL {
            let mut cut = self.tail.len() - TAIL;
            while !self.tail.is_char_boundary(cut) {
                cut += 1;
            }
            self.left_out += cut;
            self.tail.drain(..cut);
        }
    }

    /// All that is kept of it.
    pub fn text(&self) -> String {
        match self.left_out {
            0 => format!("{}{}", self.head, self.tail),
            bytes => format!(
                "{}[... {bytes} bytes left out ...]\n{}",
                self.head, self.tail
            ),
        }
    }

    /// What it comes to, in a line.
    fn result(&self) -> String {
        match self.last.is_empty() {
            true => self.first.join("; "),
            false => self.last.clone(),
        }
    }
}

/// What a try says, shared with who reads it.
#[derive(Clone, Debug, Default)]
pub struct Ear(Arc<Mutex<Said>>);

impl Ear {
    /// What was said by now.
    pub fn said(&self) -> MutexGuard<'_, Said> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens until nothing more can come.
    fn listen(&self, from: impl Read + Send + 'static, is_error: bool) -> JoinHandle<()> {
        let ear = self.clone();
        thread::spawn(move || {
            let mut from = BufReader::new(from);
            let mut line = Vec::new();
            while let Ok(1..) = from.by_ref().take(LINE).read_until(b'\n', &mut line) {
                ear.said().add(&String::from_utf8_lossy(&line), is_error);
                line.clear();
            }
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_bounded() {
        let mut said = Said::default();
        for line in 0..20_000 {
            said.add(&format!("line {line} \u{e9}\n"), true);
        }
        said.add("end\0\n", true);
        let text = said.text();
        assert!(text.len() < HEAD + TAIL + 100, "{}", text.len());
        assert!(text.starts_with("line 0 \u{e9}\nline 1 ") && text.ends_with("end\u{fffd}\n"));
        assert!(text.contains("bytes left out"));
        assert_eq!(said.result(), "end\u{fffd}");
    }

    #[test]
    fn the_result_is_what_was_said_last_or_printed_first() {
        let mut said = Said::default();
        for line in [
            "10 customers\n",
            "\n",
            "accuracy    0.9\n",
            "AUC 0.8\n",
            "more\n",
        ] {
            said.add(line, false);
        }
        assert_eq!(said.result(), "10 customers; accuracy 0.9; AUC 0.8");
        said.add("error: a\n", true);
        assert_eq!(said.result(), "error: a");
    }
}
