//! One test's visit to the page.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::process::{Command, Stdio};

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::runtime;
use tokio::sync::Semaphore;

use super::complaint::Complaint;
use super::environment::Environment;
use super::host::Host;
use super::page::Page;
use super::process::Process;
use super::site::Site;

/// Browsers at a time: more would starve each other of memory.
static BROWSERS: Semaphore = Semaphore::const_new(4);

/// Flags that make the browser quiet: no network of its own, no sandbox (root
/// has none), no acceleration; and with a name for this machine that makes no
/// address secure.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1440,900",
    "--host-resolver-rules=MAP explorer.test 127.0.0.1",
];

/// A visit, and under which circumstances.
#[derive(Default)]
pub struct Visit {
    prepare: Option<fn(&Site)>,
    below: Option<&'static str>,
    /// Whether there is an API, and whether that is open.
    api: Option<bool>,
    expected: Vec<&'static str>,
}

impl Visit {
    /// A visit to a copy of the site that is changed before.
    pub fn prepared(mut self, prepare: fn(&Site)) -> Self {
        self.prepare = Some(prepare);
        self
    }

    /// A visit to a plain static host that has the site below a path.
    pub fn below(mut self, path: &'static str) -> Self {
        self.below = Some(path);
        self
    }

    /// A visit to a server with its API, open to everybody.
    pub fn with_api(mut self) -> Self {
        self.api = Some(true);
        self
    }

    /// A visit to a server whose API asks for a key.
    pub fn with_keys(mut self) -> Self {
        self.api = Some(false);
        self
    }

    /// Allows errors in the console that hold this text.
    pub fn expecting(mut self, complaint: &'static str) -> Self {
        self.expected.push(complaint);
        self
    }

    /// Runs a test with a fresh browser; fails also if the browser complains of
    /// anything that is not expected.
    pub fn run(self, test: impl AsyncFnOnce(&Page)) {
        let Some(environment) = Environment::read() else {
            return;
        };
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let _room = runtime.block_on(BROWSERS.acquire()).expect("room");
        let site = match self.prepare {
            None => Site::built(&environment),
            Some(prepare) => {
                let copy = Site::copied(&environment);
                prepare(&copy);
                copy
            }
        };
        let host = match (self.below, self.api) {
            (None, Some(is_open)) => Host::api(&environment.churn, site.folder(), is_open),
            (None, None) => Host::churn(&environment.churn, site.folder()),
            (Some(path), _) => Host::below(path, site.folder()),
        };
        // Browsers do not take all of their files away.
        let files = tempfile::tempdir().expect("a folder for the browser's files");
        let (_driver, client) = runtime.block_on(browser(&environment, files.path()));
        let page = Page::new(client.clone(), host, site);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                test(&page).await;
                self.check_console(&client).await;
            });
        }));
        if outcome.is_err() {
            runtime.block_on(page.print());
        }
        // Closed in any case: a driver that is killed leaves its browser behind.
        let closed = runtime.block_on(client.close());
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
        closed.expect("the browser ends");
    }

    async fn check_console(&self, client: &Client) {
        let mut complaints = Complaint::take(client).await;
        complaints.retain(|complaint| !self.expected.iter().any(|text| complaint.names(text)));
        let complaints: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        assert!(
            complaints.is_empty(),
            "the browser complains:\n{}",
            complaints.join("\n")
        );
    }
}

/// Starts a driver and through it a browser with a profile of its own, both with
/// their temporary files in a folder.
async fn browser(environment: &Environment, folder: &Path) -> (Process, Client) {
    let mut command = Command::new(&environment.driver);
    command
        .arg("--port=0")
        .env("TMPDIR", folder)
        .stdout(Stdio::piped());
    let (driver, port) = Process::start(&mut command, "started successfully on port ");
    let capabilities = json!({
        "goog:chromeOptions": {"binary": environment.chrome, "args": FLAGS},
        "goog:loggingPrefs": {"browser": "ALL"},
    });
    let capabilities: Capabilities =
        serde_json::from_value(capabilities).expect("capabilities are an object");
    let address = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&address)
        .await;
    (driver, client.expect("a browser session"))
}
