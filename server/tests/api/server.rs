//! A server in a folder of its own.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use churn_server::store::postgresql::Server as PostgresqlServer;
use churn_server::store::{self, Connection, Place};

use crate::Failure;
use crate::client::Client;
use crate::program::{Folder, SMALL, SMALL_OPTIONS};

/// A running server; ended with the test.
pub struct Server {
    process: Child,
    pub address: String,
    /// The admin key of a first start.
    pub key: Option<String>,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// Starts it on a free port with `--data-dir data`.
    pub fn start(folder: &Folder, options: &[&str]) -> Result<Self, Failure> {
        let common = ["serve", "--addr", "127.0.0.1:0", "--data-dir", "data"];
        Self::spawn(&mut folder.command(&[&common, options].concat()))
    }

    /// Starts it open, with `model.json` deployed.
    pub fn open(folder: &Folder) -> Result<Self, Failure> {
        Self::start(folder, &["--open", "--model", "model.json"])
    }

    pub fn spawn(command: &mut Command) -> Result<Self, Failure> {
        let mut process = command.stderr(Stdio::piped()).spawn()?;
        let mut told = BufReader::new(process.stderr.take().ok_or("no standard error")?);
        let mut server = Self {
            process,
            address: String::new(),
            key: None,
            log: Arc::default(),
        };
        let mut early = String::new();
        while server.address.is_empty() {
            let mut line = String::new();
            if told.read_line(&mut line)? == 0 {
                return Err(format!("the server ended: {early}").into());
            }
            if let Some(key) = line.strip_prefix("admin key, shown this once: ") {
                server.key = Some(key.trim_end().to_owned());
            }
            if let Some(address) = line.strip_prefix("listening on http://") {
                server.address = address.trim_end().trim_end_matches('/').to_owned();
            }
            early += &line;
        }
        let log = Arc::clone(&server.log);
        thread::spawn(move || {
            for line in told.lines().map_while(Result::ok) {
                *log.lock().unwrap_or_else(PoisonError::into_inner) += &(line + "\n");
            }
        });
        Ok(server)
    }

    /// A client with the first start's key, if there is one.
    pub fn client(&self) -> Result<Client, Failure> {
        Client::new(&self.address, self.key.as_deref())
    }

    /// What it logged since it listens.
    pub fn log(&self) -> String {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Ends it as a power cut would, as far as a process can tell.
    pub fn kill(&mut self) -> Result<(), Failure> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Asks it to end.
    pub fn terminate(&self) -> Result<(), Failure> {
        let id = self.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        Ok(())
    }

    #[allow(dead_code, reason = "not every set of tests lets a disk fail")]
    pub fn has_ended(&mut self) -> Result<bool, Failure> {
        Ok(self.process.try_wait()?.is_some())
    }

    pub fn wait(&mut self) -> Result<ExitStatus, Failure> {
        Ok(self.process.wait()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A folder with `model.json`, trained on a small table.
pub fn small(name: &str) -> Result<Folder, Failure> {
    let folder = Folder::new(&format!("api-{name}"))?;
    folder.write("small.csv", SMALL)?;
    let arguments = [
        &["train", "small.csv", "--out", "model.json"],
        &SMALL_OPTIONS[..],
    ]
    .concat();
    folder.run(&arguments)?.succeeded()?;
    Ok(folder)
}

/// Makes a key named test.
pub fn key(folder: &Folder, options: &[&str]) -> Result<String, Failure> {
    let common = ["key", "create", "--data-dir", "data", "--name", "test"];
    let run = folder.run(&[&common, options].concat())?.succeeded()?;
    Ok(run.out().trim_end().to_owned())
}

/// Where the folder's data are.
#[allow(
    dead_code,
    reason = "not every set of tests takes what only one may have"
)]
pub fn data(folder: &Folder) -> Result<Place, Failure> {
    Ok(match folder.database_url() {
        Some(url) => Place::Server(Box::new(PostgresqlServer::new(url)?)),
        None => Place::Folder(store::Folder::existing(&folder.path().join("data"))?),
    })
}

/// The folder's database, as the program itself opens it.
pub fn database(folder: &Folder) -> Result<Connection, Failure> {
    Ok(data(folder)?.open()?)
}

/// Whether bytes are anywhere in the files of the data, or, where there are
/// none, in a backup.
pub fn has_bytes(folder: &Folder, bytes: &[u8]) -> Result<bool, Failure> {
    let mut files = vec![folder.path().join("bytes.db")];
    if folder.database_url().is_some() {
        let backup = ["backup", "bytes.db", "--data-dir", "data"];
        folder.run(&backup)?.succeeded()?;
    } else {
        let entries = fs::read_dir(folder.path().join("data"))?;
        files = entries
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<_>>()?;
    }
    let has = |file: &PathBuf| -> io::Result<bool> {
        let content = fs::read(file)?;
        Ok(content.windows(bytes.len()).any(|window| window == bytes))
    };
    let found = files.iter().map(has).collect::<io::Result<Vec<bool>>>()?;
    if folder.database_url().is_some() {
        fs::remove_file(&files[0])?;
    }
    Ok(found.contains(&true))
}

/// Tries until it is so, for some seconds.
pub fn eventually(mut is_so: impl FnMut() -> Result<bool, Failure>) -> Result<(), Failure> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        if is_so()? {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    Err("it did not come about".into())
}
