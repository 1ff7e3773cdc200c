//! PostgreSQL, as a cluster of our own: in a folder for temporary files, on a
//! socket in it, and ended with the tests.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use postgres::{Client, NoTls};

use crate::Failure;

/// A running cluster; ended when it is dropped, or with the process.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    /// Ends the cluster and removes the folder when its input ends.
    keeper: Child,
}

/// The cluster that tests share.
///
/// Where PostgreSQL is not installed, all tests of this program are skipped;
/// with `CHURN_POSTGRES=required` they fail.
pub fn shared() -> Result<&'static Cluster, Failure> {
    static SHARED: OnceLock<Result<Cluster, String>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| Cluster::start("").map_err(|error| error.to_string()));
    shared.as_ref().map_err(|error| error.as_str().into())
}

impl Cluster {
    /// A new cluster, with options of `postgres` besides.
    pub fn start(options: &str) -> Result<Self, Failure> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let programs = programs()?;
        let name = format!(
            "churn-pg-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Relaxed)
        );
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder)?;
        let user = user();
        if let Some(user) = &user {
            succeed(Command::new("chown").arg(user).arg(&folder))?;
        }
        let end = format!(
            "read -r _; {} '{}' -D '{}' -m immediate stop >/dev/null 2>&1; rm -rf '{}'",
            user.map(|user| format!("runuser -u {user} --"))
                .unwrap_or_default(),
            programs.join("pg_ctl").display(),
            folder.join("data").display(),
            folder.display()
        );
        let keeper = Command::new("sh")
            .args(["-c", &end])
            .stdin(Stdio::piped())
            .spawn()?;
        let cluster = Self {
            programs,
            folder,
            keeper,
        };
        succeed(cluster.program("initdb").args([
            "-U",
            "churn",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]))?;
        cluster.start_again(options)?;
        Ok(cluster)
    }

    pub fn start_again(&self, options: &str) -> Result<(), Failure> {
        let folder = self.folder.display();
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{folder}' \
             -c max_connections=300 -c shared_buffers=16MB {options}"
        );
        let log = self.folder.join("log");
        succeed(
            self.program("pg_ctl")
                .args(["-w", "-o", &options, "start", "-l"])
                .arg(log),
        )
    }

    /// Ends it as a crash would: nothing more is written, and what was said to
    /// be on disk is found in the log.
    pub fn crash(&self) -> Result<(), Failure> {
        succeed(self.program("pg_ctl").args(["-m", "immediate", "stop"]))
    }

    /// Stops processes in their tracks, until what is given is dropped: those of
    /// sessions with a database that a condition holds for, and with all of them
    /// the one that lets others in.
    pub fn hang(&self, database: &str, condition: &str) -> Result<Hanging, Failure> {
        let sessions = format!(
            "SELECT pid FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition}"
        );
        let found = Client::connect(&self.url(database), NoTls)?.query(&sessions, &[])?;
        let mut ids: Vec<String> = found
            .iter()
            .map(|row| row.get::<_, i32>(0).to_string())
            .collect();
        if ids.is_empty() {
            return Err("no session to stop".into());
        }
        if condition == "true" {
            let known = fs::read_to_string(self.folder.join("data/postmaster.pid"))?;
            ids.extend(known.lines().next().map(str::to_owned));
        }
        let hanging = Hanging(ids);
        hanging.signal("-STOP")?;
        Ok(hanging)
    }

    /// A new database; its address.
    pub fn make(&self, name: &str) -> Result<String, Failure> {
        self.run("postgres", &format!("CREATE DATABASE \"{name}\""))?;
        Ok(self.url(name))
    }

    /// The address of a database.
    pub fn url(&self, name: &str) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgresql://churn@{folder}/{name}")
    }

    /// Runs a statement in a database.
    pub fn run(&self, database: &str, sql: &str) -> Result<(), Failure> {
        Ok(Client::connect(&self.url(database), NoTls)?.batch_execute(sql)?)
    }

    /// Writes a file that only the cluster may read.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<PathBuf, Failure> {
        let path = self.folder.join(name);
        fs::write(&path, content)?;
        succeed(Command::new("chmod").arg("600").arg(&path))?;
        if let Some(user) = user() {
            succeed(Command::new("chown").arg(user).arg(&path))?;
        }
        Ok(path)
    }

    /// One of PostgreSQL's programs, on the cluster's data. They refuse to run
    /// as root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = match user() {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command
            .arg("-D")
            .arg(self.folder.join("data"))
            .current_dir(&self.folder);
        command
    }
}

/// Processes that were stopped; they go on when this is dropped.
pub struct Hanging(Vec<String>);

impl Hanging {
    fn signal(&self, name: &str) -> Result<(), Failure> {
        succeed(Command::new("kill").arg(name).args(&self.0))
    }
}

impl Drop for Hanging {
    fn drop(&mut self) {
        let _ = self.signal("-CONT");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The user to run as, when we are root.
fn user() -> Option<&'static str> {
    static IS_ROOT: OnceLock<bool> = OnceLock::new();
    let is_root = IS_ROOT.get_or_init(|| {
        let id = Command::new("id").arg("-u").output();
        id.is_ok_and(|id| id.stdout == b"0\n")
    });
    is_root.then_some("nobody")
}

/// The folder of PostgreSQL's programs; without one, the tests are over.
fn programs() -> Result<PathBuf, Failure> {
    let debian = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut known: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    known.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    known.extend(std::env::split_paths(&path));
    if let Some(programs) = known
        .into_iter()
        .find(|folder| folder.join("initdb").is_file())
    {
        return Ok(programs);
    }
    let missing = "PostgreSQL is not installed (on Debian: apt-get install postgresql)";
    if std::env::var_os("CHURN_POSTGRES").is_some_and(|value| value == "required") {
        return Err(missing.into());
    }
    // Past the test harness, which keeps what a test prints to itself.
    writeln!(std::io::stderr(), "\nskipped, all of them: {missing}")?;
    std::process::exit(0)
}

fn succeed(command: &mut Command) -> Result<(), Failure> {
    // A server that stays would keep pipes open.
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{command:?}: {status}").into()),
    }
}
