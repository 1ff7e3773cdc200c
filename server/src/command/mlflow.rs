//! `churn mlflow`: what MLflow servers are told.

use churn_core::{Error, ErrorCode, Result};
use clap::{Args, Subcommand};

use super::data::DataArgs;
use crate::clock::rfc3339;
use crate::mlflow::message::Message;
use crate::mlflow::{self, Server};
use crate::output::print;
use crate::store::outbox::{self, Counts, Entry, Peer};
use crate::store::registry::{Outcome, Refused, Registered};
use crate::store::{Connection, Place, SqlError, runs};
use crate::telling::{self, Which};
use crate::terminal::say;

/// Sends runs and registered versions to an MLflow server, and tells which wait.
///
/// `churn experiment --mlflow-uri` sends its runs itself; what it could not send
/// waits in the data. MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and
/// MLFLOW_TRACKING_PASSWORD, say who asks where the server wants to know.
#[derive(Debug, Args)]
pub struct MlflowArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Send what waits, now
    Send {
        /// Send all of it to this server, such as http://127.0.0.1:5000 [else each to
        /// the one that it was meant for]
        #[arg(long, value_name = "URI")]
        mlflow_uri: Option<String>,

        /// Try again, too, what was refused
        #[arg(long)]
        refused: bool,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Tell what waits or was refused, and why
    Status {
        #[command(flatten)]
        data: DataArgs,
    },
}

pub(super) fn run(args: &MlflowArgs) -> Result<()> {
    match &args.action {
        Action::Send {
            mlflow_uri,
            refused,
            data,
        } => send(mlflow_uri.as_deref(), *refused, data),
        Action::Status { data } => status(data),
    }
}

fn send(uri: Option<&str>, refused: bool, data: &DataArgs) -> Result<()> {
    let place = data.existing()?;
    let mut connection = place.open()?;
    if let Some(uri) = uri {
        Server::new(uri)?;
    }
    connection.transaction::<_, SqlError>(|connection| {
        if refused {
            outbox::try_again(connection, Peer::Mlflow)?;
        }
        uri.map_or(Ok(()), |uri| {
            outbox::redirect(connection, Peer::Mlflow, uri)
        })
    })?;
    let trouble = telling::send(&place, Peer::Mlflow, Which::All)?;
    let counts = told(&mut connection)?;
    match trouble {
        Some(trouble) if counts.waiting + counts.refused > 0 => {
            Err(Error::new(ErrorCode::Io, format!("not sent: {trouble}")))
        }
        _ => Ok(()),
    }
}

/// Where models of runs are registered, too.
#[derive(Debug, Args)]
pub(super) struct TellArgs {
    /// Register it with an MLflow server, too, which has to be the model of a run of
    /// an experiment; one that cannot be reached holds nothing up
    #[arg(long, value_name = "URI")]
    mlflow_uri: Option<String>,
}

impl TellArgs {
    /// Puts the build of a model in the outbox, with its alias.
    pub(super) fn add(
        &self,
        connection: &mut Connection,
        build: &Registered,
        alias: Option<&str>,
    ) -> Outcome<()> {
        let Some(uri) = &self.mlflow_uri else {
            return Ok(Ok(()));
        };
        let sha256 = &build.build.sha256;
        let Some(record) = runs::of_document(connection, sha256)? else {
            let message = format!(
                "version {} of '{}' is the model of no run, which MLflow would ask for",
                build.version, build.build.model
            );
            return Ok(Err(Refused::Conflict(message)));
        };
        let document = runs::document(connection, record.id)?;
        let registered = mlflow::Registered {
            name: &build.build.model,
            version: build.version,
            alias,
        };
        let document = document.as_deref();
        mlflow::add(connection, uri, &record.run, document, Some(&registered))?;
        Ok(Ok(()))
    }

    /// Checks the address, before anything is done.
    pub(super) fn check(&self) -> Result<()> {
        let server = self.mlflow_uri.as_deref().map(Server::new);
        server.transpose().map(drop)
    }

    /// Sends what was put in the outbox; says so where that cannot be done now.
    pub(super) fn send(&self, place: &Place) -> Result<()> {
        if self.mlflow_uri.is_some()
            && let Some(trouble) = telling::send(place, Peer::Mlflow, Which::All)?
        {
            say_unsent(&trouble);
        }
        Ok(())
    }
}

/// Says that something waits.
pub(super) fn say_unsent(trouble: &str) {
    say(format_args!(
        "MLflow does not have all of it yet: {trouble}; `churn mlflow send` tries again"
    ));
}

fn status(data: &DataArgs) -> Result<()> {
    let mut connection = data.existing()?.open()?;
    let mut table = String::from("experiment\trun\tmodel\tstate\ttried\tnext\twhy\tserver\n");
    for entry in outbox::unsent(&mut connection, Peer::Mlflow)? {
        table += &line(&entry)?;
    }
    print(&table)?;
    told(&mut connection).map(drop)
}

fn line(entry: &Entry) -> Result<String> {
    let what = "what is told, as it is kept";
    let message: Message = churn_core::json::parse(&entry.message, ErrorCode::Io, what)?;
    let model = message
        .model
        .map(|model| format!("{}@{}", model.name, model.version));
    let (state, next) = match (entry.is_refused, entry.due_ms) {
        (true, _) => ("refused", String::new()),
        (false, 0) => ("waiting", String::new()),
        (false, due_ms) => ("waiting", rfc3339(due_ms)),
    };
    Ok(format!(
        "{}\t{}\t{}\t{state}\t{}\t{next}\t{}\t{}\n",
        message.experiment,
        message.run,
        model.unwrap_or_default(),
        entry.attempts,
        entry.trouble.replace(['\t', '\n'], " "),
        entry.uri,
    ))
}

/// Says how many there are.
fn told(connection: &mut Connection) -> Result<Counts> {
    let counts = outbox::counts(connection, Peer::Mlflow)?;
    say(format_args!(
        "MLflow: {} sent, {} waiting, {} refused",
        counts.sent, counts.waiting, counts.refused
    ));
    Ok(counts)
}
