//! Who serves the site: `churn serve`, alone or with its API, or a plain static
//! host that knows nothing of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use axum::Router;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{self, Runtime};
use tower_http::services::ServeDir;

use super::process::Process;

/// A host that is ended when this is dropped.
#[derive(Debug)]
pub struct Host {
    /// Address of the page, with a slash at its end.
    pub address: String,
    folder: PathBuf,
    keeper: Keeper,
}

#[derive(Debug)]
enum Keeper {
    /// `churn serve`; with a folder for its data, with its API.
    Program {
        running: Option<Process>,
        program: PathBuf,
        data: Option<TempDir>,
        is_open: bool,
    },
    /// Connections and all.
    Runtime(Option<Runtime>),
}

impl Host {
    /// `churn serve` on a free port.
    pub fn churn(program: &Path, folder: &Path) -> Self {
        Self::program(program, folder, None, false)
    }

    /// `churn serve` with its API, for the model of the site: open to everybody, or
    /// to who has a key.
    pub fn api(program: &Path, folder: &Path, is_open: bool) -> Self {
        let data = tempfile::tempdir().expect("a folder for the data");
        Self::program(program, folder, Some(data), is_open)
    }

    fn program(program: &Path, folder: &Path, data: Option<TempDir>, is_open: bool) -> Self {
        let mut host = Self {
            address: "http://127.0.0.1:0/".into(),
            folder: folder.into(),
            keeper: Keeper::Program {
                running: None,
                program: program.into(),
                data,
                is_open,
            },
        };
        host.start();
        host
    }

    /// Starts `churn serve`; one that was ended, on the same port and data.
    pub fn start(&mut self) {
        let Keeper::Program {
            running,
            program,
            data,
            is_open,
        } = &mut self.keeper
        else {
            panic!("only a program is started again")
        };
        let address = self.address.trim_start_matches("http://");
        let mut command = Command::new(program);
        command
            .args(["serve", "--addr", address.trim_end_matches('/'), "--static"])
            .arg(&self.folder)
            .stderr(Stdio::piped());
        if let Some(data) = data {
            command
                .args(is_open.then_some("--open"))
                .arg("--data-dir")
                .arg(data.path())
                .arg("--model")
                .arg(self.folder.join("model.json"));
        }
        let (process, address) = Process::start(&mut command, "listening on ");
        *running = Some(process);
        self.address = address;
    }

    /// Ends the host: its address is as good as without a network.
    pub fn stop(&mut self) {
        match &mut self.keeper {
            Keeper::Program { running, .. } => *running = None,
            Keeper::Runtime(runtime) => end(runtime),
        }
    }

    /// The folder of an API's data.
    pub fn data(&self) -> &Path {
        match &self.keeper {
            Keeper::Program {
                data: Some(data), ..
            } => data.path(),
            _ => panic!("only an API has data"),
        }
    }

    /// A static host that has the site below a path.
    pub fn below(path: &str, folder: &Path) -> Self {
        let router = Router::new().nest_service(path, ServeDir::new(folder));
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("an address");
        runtime.spawn(async move {
            axum::serve(listener, router).await.expect("a static host");
        });
        Self {
            address: format!("http://{address}{path}/"),
            folder: folder.into(),
            keeper: Keeper::Runtime(Some(runtime)),
        }
    }
}

/// Ends a host with all of its connections, also from within a test's runtime.
fn end(host: &mut Option<Runtime>) {
    if let Some(runtime) = host.take() {
        runtime.shutdown_background();
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Keeper::Runtime(runtime) = &mut self.keeper {
            end(runtime);
        }
    }
}
