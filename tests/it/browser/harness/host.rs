//! Who serves the site: `churn serve`, alone or with its API, or a plain static
//! host that knows nothing of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use axum::Router;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;

use super::process::Process;

/// A host that is ended when this is dropped.
#[derive(Debug)]
pub struct Host {
    /// Address of the page, with a slash at its end.
    pub address: String,
    keeper: Keeper,
}

#[derive(Debug)]
enum Keeper {
    Program {
        _running: Process,
    },
    /// A server with its API, which can be ended and started again.
    Api {
        running: Option<Process>,
        program: PathBuf,
        folder: PathBuf,
        data: TempDir,
        is_open: bool,
    },
    Task(JoinHandle<()>),
}

impl Host {
    /// `churn serve` on a free port.
    pub fn churn(program: &Path, folder: &Path) -> Self {
        let mut command = Command::new(program);
        command
            .args(["serve", "--addr", "127.0.0.1:0", "--static"])
            .arg(folder)
            .stderr(Stdio::piped());
        let (process, address) = Process::start(&mut command, "listening on ");
        Self {
            address,
            keeper: Keeper::Program { _running: process },
        }
    }

    /// `churn serve` with its API, for the model of the site: open to everybody, or
    /// to who has a key.
    pub fn api(program: &Path, folder: &Path, is_open: bool) -> Self {
        let mut host = Self {
            address: "http://127.0.0.1:0/".into(),
            keeper: Keeper::Api {
                running: None,
                program: program.into(),
                folder: folder.into(),
                data: tempfile::tempdir().expect("a folder for the data"),
                is_open,
            },
        };
        host.start();
        host
    }

    /// Starts an API that was ended, on the same port and data.
    pub fn start(&mut self) {
        let Keeper::Api {
            running,
            program,
            folder,
            data,
            is_open,
        } = &mut self.keeper
        else {
            panic!("only a server with its API is started again")
        };
        let address = self.address.trim_start_matches("http://");
        let mut command = Command::new(program);
        command
            .args(["serve", "--addr", address.trim_end_matches('/')])
            .args(is_open.then_some("--open"))
            .arg("--data-dir")
            .arg(data.path())
            .arg("--model")
            .arg(folder.join("model.json"))
            .arg("--static")
            .arg(folder)
            .stderr(Stdio::piped());
        let (process, address) = Process::start(&mut command, "listening on ");
        *running = Some(process);
        self.address = address;
    }

    /// Ends an API.
    pub fn stop(&mut self) {
        if let Keeper::Api { running, .. } = &mut self.keeper {
            *running = None;
        }
    }

    /// The folder of an API's data.
    pub fn data(&self) -> &Path {
        match &self.keeper {
            Keeper::Api { data, .. } => data.path(),
            _ => panic!("only an API has data"),
        }
    }

    /// A static host that has the site below a path.
    pub async fn below(path: &str, folder: &Path) -> Self {
        let router = Router::new().nest_service(path, ServeDir::new(folder));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("a static host");
        });
        Self {
            address: format!("http://{address}{path}/"),
            keeper: Keeper::Task(task),
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Keeper::Task(task) = &self.keeper {
            task.abort();
        }
    }
}
