//! `churn key`: who may use the API.

use churn_core::{Error, ErrorCode, Result};
use clap::{Args, Subcommand};

use super::data::DataArgs;
use crate::auth::{self, Role};
use crate::clock::{DAY_MS, now_ms, rfc3339};
use crate::output::print;
use crate::store::keys::{self, KeyRecord};
use crate::terminal::say;

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
        data: DataArgs,
    },
    /// List all keys, without the keys themselves
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Revoke a key for good
    Revoke {
        /// Its number, from the list
        id: i64,

        #[command(flatten)]
        data: DataArgs,
    },
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

fn create(name: &str, roles: &[Role], days: Option<i64>, data: &DataArgs) -> Result<()> {
    let wanted = Role::ALL.iter().filter(|role| roles.contains(role));
    let roles: Vec<String> = wanted.map(Role::to_string).collect();
    let key = auth::new_key();
    let expires = days.map(|days| now_ms() + days * DAY_MS);
    let id = keys::add(
        &mut data.made()?.open()?,
        name,
        &roles.join(","),
        &auth::hash(&key),
        expires,
    )?;
    print(&format!("{key}\n"))?;
    say(format_args!(
        "key {id} of {name}: {}; shown this once",
        roles.join(", ")
    ));
    Ok(())
}

fn list(data: &DataArgs) -> Result<()> {
    let mut table = String::from("id\tname\troles\tcreated\tstate\n");
    for key in keys::all(&mut data.made()?.open()?)? {
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

fn revoke(id: i64, data: &DataArgs) -> Result<()> {
    if keys::revoke(&mut data.made()?.open()?, id)? {
        say(format_args!("revoked key {id}"));
        return Ok(());
    }
    let expected = "the number of a key that is not revoked";
    Err(Error::mismatch(ErrorCode::Parameter, expected, id.to_string()).in_field("id"))
}
