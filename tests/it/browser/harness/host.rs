//! Who serves the site: `churn serve`, or a plain static host that knows
//! nothing of it.

use std::path::Path;
use std::process::{Command, Stdio};

use axum::Router;
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
    Program { _running: Process },
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
