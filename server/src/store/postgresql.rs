//! A PostgreSQL server: how it is reached, and that only one server has a
//! database.
//!
//! Who has a database holds a lock of the session that also writes, so that who
//! has lost the lock has lost the way to write, too.

use std::fmt;
use std::thread::sleep;
use std::time::{Duration, Instant};

use churn_core::{Error, ErrorCode, Result};
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::{SqlError, SqlResult};
use super::session::Session;

/// How long a server is waited for that does not answer to a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long who serves waits for an answer to a write, be it a commit of many. A
/// server that hangs is known by its silence only: its system keeps connections.
pub(super) const WRITING: Duration = Duration::from_secs(10);

/// How long who serves waits for the next row of what is read.
const READING: Duration = Duration::from_secs(30);

/// After how long a server itself gives up what is read. One that is only slow
/// says so, and hangs not.
const SLOW: &str = "SET statement_timeout = '25s'";

/// How long a session of a server that has just ended may still have the lock.
const LINGERING: Duration = Duration::from_secs(3);

/// The lock of the server that has the database: "chrn", then a number.
const SERVER_LOCK: i64 = 0x6368_726e << 32 | 1;

/// The lock of the experiment that is running.
const EXPERIMENT_LOCK: i64 = 0x6368_726e << 32 | 3;

/// The lock of who sends what is in the outbox for MLflow servers.
pub(super) const OUTBOX_LOCK: i64 = 0x6368_726e << 32 | 4;

/// The locks of jobs: "jobs", then the number of one.
const JOB_LOCKS: i64 = 0x6a6f_6273 << 32;
/// The lock of who sends what is there for servers of OpenLineage.
pub(super) const OPENLINEAGE_LOCK: i64 = 0x6368_726e << 32 | 6;

/// Where a PostgreSQL database is.
#[derive(Clone)]
pub struct Server {
    config: Config,
    /// None where nothing is known by which a certificate could be checked.
    tls: Option<MakeRustlsConnect>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What people know it by; never the password.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => host.clone(),
            #[cfg(unix)]
            Some(Host::Unix(folder)) => folder.display().to_string(),
            None => String::new(),
        };
        let name = self.config.get_dbname().or(self.config.get_user());
        write!(f, "PostgreSQL {host}/{}", name.unwrap_or_default())
    }
}

impl Server {
    /// The server and database of an address.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] when it is none, or asks for TLS that cannot be
    /// had. It is not told, since it holds a password.
    pub fn new(url: &str) -> Result<Self> {
        let wrong = |got: String| {
            let expected = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, \
                            at its end ?sslmode=disable, prefer or require";
            Error::mismatch(ErrorCode::Parameter, expected, got).in_field("--database-url")
        };
        let mut config: Config = url
            .parse()
            .map_err(|error: tokio_postgres::Error| wrong(SqlError::from(error).to_string()))?;
        if config.get_hosts().is_empty() {
            return Err(wrong("no host".into()));
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(2 * PATIENCE);
        }
        if config.get_application_name().is_none() {
            config.application_name("churn");
        }
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        let tls = match config.get_ssl_mode() {
            SslMode::Disable => None,
            _ => MakeRustlsConnect::with_native_certs()
                .ok()
                .map(|(tls, _)| tls),
        };
        if config.get_ssl_mode() == SslMode::Require && tls.is_none() {
            let got = "sslmode=require, and no authority's certificate on this system";
            return Err(wrong(format!(
                "{got}; SSL_CERT_FILE can name a file of them"
            )));
        }
        Ok(Self { config, tls })
    }

    /// A session, whose commits are on disk when they return. Its answers are
    /// waited for as long as they take.
    ///
    /// # Errors
    /// When the server does not answer, or does not keep what it is given.
    pub(super) fn connect(&self) -> Result<Session> {
        let mut session = self.let_in()?;
        session.set_patience(Duration::MAX);
        Ok(session)
    }

    /// A session for reading whose answers are not waited for for ever.
    ///
    /// # Errors
    /// As [`Server::connect`].
    pub(super) fn connect_to_read(&self) -> Result<Session> {
        let mut session = self.let_in()?;
        let slow = session.script(SLOW);
        slow.map_err(|error| Error::new(ErrorCode::Io, format!("{self}: {error}")))?;
        session.set_patience(READING);
        Ok(session)
    }

    /// A session for queries of a user on any database, be it one that only
    /// reads. Its answers are waited for as long as they take.
    ///
    /// # Errors
    /// When the server does not answer.
    pub(crate) fn connect_to_query(&self) -> SqlResult<Session> {
        let mut server = self.clone();
        server.config.target_session_attrs(TargetSessionAttrs::Any);
        let mut session = server.session()?;
        session.set_patience(Duration::MAX);
        Ok(session)
    }

    fn let_in(&self) -> Result<Session> {
        let told = |reason: String| Error::new(ErrorCode::Io, format!("{self}: {reason}"));
        let mut session = self.session().map_err(|error| told(error.to_string()))?;
        let settings = "SET search_path = churn; SET lock_timeout = '5s'; \
             SET client_min_messages = warning; SET synchronous_commit = on";
        let mut setting = String::new();
        let checked = session.script(settings).and_then(|()| {
            session.each("SELECT current_setting('fsync')", &[], |row| {
                setting = row.try_get(0)?;
                Ok(())
            })
        });
        checked.map_err(|error| told(error.to_string()))?;
        if setting != "on" {
            let reason = "it runs with fsync = off and would lose what it has \
                          acknowledged; turn that on";
            return Err(told(reason.into()));
        }
        Ok(session)
    }

    /// With TLS where both sides can: `require` insists, and a certificate is
    /// always checked.
    fn session(&self) -> SqlResult<Session> {
        // Each of several hosts has its time, and who lets in has some, too.
        let hosts = u32::try_from(self.config.get_hosts().len()).unwrap_or(u32::MAX);
        let patience = self.config.get_connect_timeout().copied();
        let patience = patience
            .unwrap_or(PATIENCE)
            .saturating_mul(hosts.saturating_add(1));
        let plain = |config: &Config| {
            let mut config = config.clone();
            config.ssl_mode(SslMode::Disable);
            Session::connect(&config, NoTls, patience)
        };
        let Some(tls) = &self.tls else {
            return plain(&self.config);
        };
        match Session::connect(&self.config, tls.clone(), patience) {
            Err(SqlError::Postgresql(error))
                if self.config.get_ssl_mode() == SslMode::Prefer && error.code().is_none() =>
            {
                plain(&self.config)
            }
            connected => connected,
        }
    }

    /// A session with the lock that keeps other servers out.
    ///
    /// # Errors
    /// When another server has the database, and those of connecting.
    pub(super) fn take(&self, patience: Duration) -> Result<Session> {
        let mended = "another server is running on this database; \
                      stop it, or choose another with --database-url";
        self.taken(SERVER_LOCK, patience, (ErrorCode::Io, mended))
    }

    /// A session with the lock that keeps other experiments out.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] when another experiment is running, and those of
    /// connecting.
    pub(super) fn take_experiments(&self) -> Result<Session> {
        let mended = "another experiment is running on this database; \
                      let it end, or choose another with --database-url";
        self.taken(EXPERIMENT_LOCK, WRITING, (ErrorCode::Parameter, mended))
    }

    /// A session with the lock of a job; none when another one has it.
    ///
    /// # Errors
    /// Those of connecting.
    pub(super) fn take_job(&self, job: i64) -> Result<Option<Session>> {
        let mut session = self.let_in()?;
        session.set_patience(WRITING);
        let lock = JOB_LOCKS | job;
        let taken = self.try_lock(&mut session, lock)?;
        Ok(taken.then_some(session))
    }

    fn try_lock(&self, session: &mut Session, lock: i64) -> Result<bool> {
        let mut taken = false;
        let asked = session.each("SELECT pg_try_advisory_lock(?1)", &[&lock], |row| {
            taken = row.try_get(0)?;
            Ok(())
        });
        asked.map_err(|error| Error::new(ErrorCode::Io, format!("{self}: {error}")))?;
        Ok(taken)
    }

    fn taken(
        &self,
        lock: i64,
        patience: Duration,
        (code, mended): (ErrorCode, &str),
    ) -> Result<Session> {
        let mut session = self.let_in()?;
        session.set_patience(patience);
        let start = Instant::now();
        loop {
            if self.try_lock(&mut session, lock)? {
                return Ok(session);
            }
            if start.elapsed() > LINGERING {
                return Err(Error::new(code, format!("{self}: {mended}")));
            }
            sleep(Duration::from_millis(50));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_told() -> Result<()> {
        let server = Server::new("postgresql://ann:secret@db.example:5433/churn?sslmode=disable")?;
        assert_eq!(
            format!("{server} {server:?}"),
            "PostgreSQL db.example/churn PostgreSQL db.example/churn"
        );
        for wrong in [
            "secret",
            "postgresql://ann:secret@db.example:secret/churn",
            "postgresql://ann:secret@db/x?ssl=secret",
        ] {
            let told = Server::new(wrong)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default();
            assert!(
                told.starts_with("--database-url: expected postgresql://"),
                "{told}"
            );
            assert!(!told.contains("secret"), "{told}");
        }
        Ok(())
    }

    #[test]
    fn the_lock_of_a_transaction_is_another_one() {
        assert!(Session::BEGIN.ends_with(&format!("({})", SERVER_LOCK + 1)));
    }
}
