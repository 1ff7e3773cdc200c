//! `churn key`: who may use the API.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use churn_core::{Error, ErrorCode, Result};
use clap::{Args, Subcommand};

use crate::auth::{self, Role};
use crate::clock::{now_ms, rfc3339};
use crate::output::{Output, STANDARD_OUTPUT, failed};
use crate::store::keys::{self, KeyRecord};
use crate::store::{Folder, database};
use crate::terminal::say;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// Makes, lists and revokes API keys. A running server follows within a second.
#[derive(Debug, Args)]
pub struct KeyArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a key and print it, this once: only its hash is kept
    Create {
        /// Whose it is
        #[arg(long)]
        name: String,

        /// What it allows: predict, record, read, admin; can be given more than once
        #[arg(long, required = true, value_name = "ROLE")]
        role: Vec<Role>,

        /// After how many days it is no longer good; never, if nothing is said
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=36_500))]
        expires: Option<i64>,

        #[command(flatten)]
        data: Data,
    },
    /// List all keys, without the keys themselves
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Revoke a key for good
    Revoke {
        /// Its number, from the list
        id: i64,

        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, Args)]
struct Data {
    /// Folder of the server's data, made if it is missing
    #[arg(long, value_name = "FOLDER")]
    data_dir: PathBuf,
}

impl Data {
    fn open(&self) -> Result<rusqlite::Connection> {
        database::open(&Folder::open(&self.data_dir)?)
    }
}

pub(super) fn run(args: &KeyArgs) -> Result<()> {
    match &args.action {
        Action::Create {
            name,
            role,
            expires,
            data,
        } => create(name, role, *expires, data),
        Action::List { data } => list(data),
        Action::Revoke { id, data } => revoke(*id, data),
    }
}

fn create(name: &str, roles: &[Role], days: Option<i64>, data: &Data) -> Result<()> {
    let wanted = Role::ALL.iter().filter(|role| roles.contains(role));
    let roles: Vec<String> = wanted.map(Role::to_string).collect();
    let key = auth::new_key();
    let expires = days.map(|days| now_ms() + days * DAY);
    let added = keys::add(
        &data.open()?,
        name,
        &roles.join(","),
        &auth::hash(&key),
        expires,
    );
    let id = added.map_err(refused)?;
    print(&format!("{key}\n"))?;
    say(format_args!(
        "key {id} of {name}: {}; shown this once",
        roles.join(", ")
    ));
    Ok(())
}

fn list(data: &Data) -> Result<()> {
    let mut table = String::from("id\tname\troles\tcreated\tstate\n");
    for key in keys::all(&data.open()?).map_err(refused)? {
        let KeyRecord {
            id, name, roles, ..
        } = &key;
        let created = rfc3339(key.created_ms);
        table.push_str(&format!(
            "{id}\t{name}\t{roles}\t{created}\t{}\n",
            state(&key)
        ));
    }
    print(&table)
}

fn state(key: &KeyRecord) -> String {
    match (key.revoked_ms, key.expires_ms) {
        (Some(ms), _) => format!("revoked {}", rfc3339(ms)),
        (None, Some(ms)) if ms <= now_ms() => format!("expired {}", rfc3339(ms)),
        (None, Some(ms)) => format!("good until {}", rfc3339(ms)),
        (None, None) => "good".into(),
    }
}

fn revoke(id: i64, data: &Data) -> Result<()> {
    if keys::revoke(&data.open()?, id).map_err(refused)? {
        say(format_args!("revoked key {id}"));
        return Ok(());
    }
    let expected = "the number of a key that is not revoked";
    Err(Error::mismatch(ErrorCode::Parameter, expected, id.to_string()).in_field("id"))
}

fn print(text: &str) -> Result<()> {
    let path = Path::new(STANDARD_OUTPUT);
    let mut output = Output::create(path)?;
    let written = output.write_all(text.as_bytes());
    written.map_err(|error| failed(path, &error))?;
    output.finish().map(drop)
}

fn refused(error: rusqlite::Error) -> Error {
    Error::new(ErrorCode::Io, format!("the database: {error}"))
}
