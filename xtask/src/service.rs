//! Servers that are measured or tested: real processes, ended with their owner.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::process::{command, executable};
use crate::workspace;

/// How long the reference may take to start: it trains its model first.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder of its own for a server, removed with it.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes it in the system's folder for temporary files: `TMPDIR=/dev/shm`
    /// measures without a disk. A model is trained in it, on the bundled data.
    pub fn with_model(churn: &Path, name: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("churn-{name}-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        let folder = Self(path);
        let train = command(churn)
            .arg("train")
            .arg(workspace::root().join(workspace::DATA))
            .arg("--out")
            .arg(folder.model())
            .stderr(Stdio::null())
            .status()?;
        ensure!(train.success(), "churn train failed");
        Ok(folder)
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The model document.
    pub fn model(&self) -> PathBuf {
        self.0.join("model.json")
    }

    /// Where the data are, unless they are in another database.
    pub fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    /// Bytes of the files of the data, where they are in files of ours.
    pub fn disk(&self) -> Result<u64> {
        let mut bytes = 0;
        for file in fs::read_dir(self.data()).into_iter().flatten() {
            bytes += file?.metadata()?.len();
        }
        Ok(bytes)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is the system's to remove.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running server.
#[derive(Debug)]
pub struct Service {
    process: Child,
    /// Host and port.
    pub address: String,
    /// The admin key of a first start that is not open.
    pub key: Option<String>,
}

impl Service {
    /// `churn serve` on a free port, with the folder's model and data.
    pub fn churn(churn: &Path, folder: &Folder, options: &[&str]) -> Result<Self> {
        Self::churn_with(churn, folder, Some(&folder.data()), options)
    }

    /// As [`Service::churn`]; without `data`, they are where the environment
    /// says.
    pub fn churn_with(
        churn: &Path,
        folder: &Folder,
        data: Option<&Path>,
        options: &[&str],
    ) -> Result<Self> {
        let mut command = command(churn);
        command
            .args(["serve", "--addr", "127.0.0.1:0", "--model"])
            .arg(folder.model())
            .args(options);
        if let Some(data) = data {
            command.arg("--data-dir").arg(data);
        }
        let mut process = command.stderr(Stdio::piped()).spawn()?;
        let told = BufReader::new(process.stderr.take().context("no standard error")?);
        let mut service = Self {
            process,
            address: String::new(),
            key: None,
        };
        let mut lines = told.lines();
        for line in lines.by_ref() {
            let line = line?;
            if let Some(key) = line.strip_prefix("admin key, shown this once: ") {
                service.key = Some(key.to_owned());
            }
            if let Some(address) = line.strip_prefix("listening on http://") {
                service.address = address.trim_end_matches('/').to_owned();
                // What it says from now on is passed on.
                thread::spawn(move || {
                    lines
                        .map_while(Result::ok)
                        .for_each(|line| eprintln!("{line}"))
                });
                return Ok(service);
            }
        }
        bail!("the server did not start")
    }

    /// The reference's server, Flask under gunicorn, with so many workers.
    pub fn reference(python: &Path, workers: usize) -> Result<Self> {
        let bin = python.parent().context("Python has no folder")?;
        let gunicorn = executable(bin, "gunicorn").context("gunicorn is not installed")?;
        let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut service = Self {
            process: single_threaded(&mut command(gunicorn))
                .args(["--chdir", "tests/benches", "--log-level", "error"])
                .args(["--workers", &workers.to_string()])
                .args(["--bind", &free.to_string(), "reference_server:app"])
                .current_dir(workspace::root())
                .env("CUSTOMERS", workspace::root().join(workspace::DATA))
                .spawn()?,
            address: free.to_string(),
            key: None,
        };
        let start = Instant::now();
        while TcpStream::connect(&service.address).is_err() {
            let ended = service.process.try_wait()?;
            ensure!(ended.is_none(), "the reference's server ended");
            ensure!(
                start.elapsed() < PATIENCE,
                "the reference's server does not start"
            );
            thread::sleep(Duration::from_millis(100));
        }
        Ok(service)
    }

    /// Resident memory in MiB, where the system tells.
    pub fn memory(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kib / 1024.0)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // gunicorn ends its workers when it is asked, and not when it is killed.
        #[cfg(unix)]
        if self.ask_to_end().is_ok() {
            return;
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(unix)]
impl Service {
    fn ask_to_end(&mut self) -> Result<()> {
        let id = self.process.id().to_string();
        let asked = command("kill").args(["-TERM", &id]).status()?;
        ensure!(asked.success(), "it has ended");
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) {
            if self.process.try_wait()?.is_some() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(20));
        }
        bail!("it does not end")
    }
}

/// Has the reference's libraries use one thread each.
pub fn single_threaded(command: &mut Command) -> &mut Command {
    command
        .envs([("OMP_NUM_THREADS", "1"), ("OPENBLAS_NUM_THREADS", "1")])
        // Set on some machines for old versions; they slow a current one.
        .env_remove("OPENBLAS_CORETYPE")
        .env_remove("OPENBLAS_L2_SIZE")
}
