//! An MLflow server, in a folder for temporary files, and ended with the tests.

use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::Failure;

/// A running server.
pub struct MlflowServer {
    python: PathBuf,
    pub address: String,
    /// File of the certificate that it is known by, where it speaks TLS.
    certificate: Option<PathBuf>,
    /// Ends the server and removes its folder when its input ends.
    _keeper: Child,
}

/// The server that tests share; none where there is no MLflow, which skips them.
///
/// `CHURN_MLFLOW` is a Python interpreter that has it; `cargo xtask test` sees to
/// that.
pub fn shared() -> Result<Option<&'static MlflowServer>, Failure> {
    static SHARED: OnceLock<Result<Option<MlflowServer>, String>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| match std::env::var_os("CHURN_MLFLOW") {
        Some(python) => {
            let started = MlflowServer::start(python.as_ref(), None);
            started.map(Some).map_err(|error| error.to_string())
        }
        None => {
            // Past the test harness, which keeps what a test prints to itself.
            let skipped = "\nskipped what an MLflow server is told: CHURN_MLFLOW names no Python";
            let _ = writeln!(std::io::stderr(), "{skipped}");
            Ok(None)
        }
    });
    let shared = shared.as_ref().map_err(|error| error.as_str())?;
    Ok(shared.as_ref())
}

impl MlflowServer {
    /// Another server, which speaks TLS with the certificate and the key of a folder.
    pub fn with_tls(&self, folder: &Path) -> Result<Self, Failure> {
        Self::start(&self.python, Some(folder))
    }

    fn start(python: &Path, tls: Option<&Path>) -> Result<Self, Failure> {
        let name = format!("churn-mlflow-{}-{}", std::process::id(), tls.is_some());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder)?;
        let address = free_address()?;
        let port = address.rsplit(':').next().unwrap_or_default();
        let tls_options = tls.map(|tls| {
            let tls = tls.display();
            format!(
                "--uvicorn-opts '--ssl-keyfile {tls}/server.key --ssl-certfile {tls}/server.crt'"
            )
        });
        // The shell leads a group of its own, which has all that MLflow starts.
        let script = format!(
            "'{}' -m mlflow server --host 127.0.0.1 --port {port} --workers 1 \
             --backend-store-uri 'sqlite:///{1}/mlflow.db' \
             --artifacts-destination '{1}/artifacts' {2} >'{1}/log' 2>&1 </dev/null & \
             read -r _; rm -rf '{1}'; kill -KILL -$$",
            python.display(),
            folder.display(),
            tls_options.unwrap_or_default()
        );
        let keeper = own_group(Command::new("sh").args(["-c", &script]))
            .env("MLFLOW_DISABLE_TELEMETRY", "true")
            .env("DO_NOT_TRACK", "true")
            .env("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false")
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .spawn()?;
        let server = Self {
            python: python.to_owned(),
            address,
            certificate: tls.map(|tls| tls.join("server.crt")),
            _keeper: keeper,
        };
        for _ in 0..1200 {
            if TcpStream::connect(&server.address).is_ok() {
                return Ok(server);
            }
            sleep(Duration::from_millis(100));
        }
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        Err(format!("MLflow does not start: {log}").into())
    }

    pub fn uri(&self) -> String {
        let scheme = self.certificate.as_ref().map_or("http", |_| "https");
        format!("{scheme}://{}", self.address)
    }

    /// What it knows of an experiment and, where they are said, of a model's alias.
    pub fn read_back(&self, experiment: &str, model: &[&str]) -> Result<Value, Failure> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mlflow/read_back.py");
        let read = Command::new(&self.python)
            .args([script, &self.uri(), experiment])
            .args(model)
            .env("MLFLOW_DISABLE_TELEMETRY", "true")
            .envs(
                self.certificate
                    .iter()
                    .map(|file| ("REQUESTS_CA_BUNDLE", file)),
            )
            .output()?;
        if !read.status.success() {
            return Err(String::from_utf8_lossy(&read.stderr).into());
        }
        Ok(serde_json::from_slice(&read.stdout)?)
    }
}

/// An address that nobody listens on.
pub fn free_address() -> Result<String, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

#[cfg(unix)]
fn own_group(command: &mut Command) -> &mut Command {
    std::os::unix::process::CommandExt::process_group(command, 0)
}

#[cfg(not(unix))]
fn own_group(command: &mut Command) -> &mut Command {
    command
}
