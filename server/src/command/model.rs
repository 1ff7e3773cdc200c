//! `churn model`: builds of a model, and which of them answers.

use std::path::{Path, PathBuf};

use churn_core::registry::CHAMPION;
use churn_core::{Error, ErrorCode, Result};
use clap::{Args, Subcommand};

use super::build_name::BuildName;
use super::data::DataArgs;
use super::deploy::model_of;
use super::mlflow::TellArgs;
use crate::clock::rfc3339;
use crate::fleet::crn;
use crate::output::print;
use crate::store::Connection;
use crate::store::registry::{self, Outcome, Refused, Which};
use crate::terminal::say;
use crate::user::user;

/// Keeps builds of a model, names them, and says which of them answers.
///
/// A build is told by its version or an alias: `churn-model@3`,
/// `churn-model@challenger`. A running server follows within a second; requests
/// under way are answered by the build before.
#[derive(Debug, Args)]
pub struct ModelArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add a build without letting it answer
    Add {
        /// Model document, from `churn train`
        #[arg(value_name = "MODEL.json")]
        model: PathBuf,

        /// Name of the model [the file's name]
        #[arg(long)]
        name: Option<String>,

        /// Give it an alias at once, such as challenger
        #[arg(long)]
        alias: Option<String>,

        #[command(flatten)]
        tell: TellArgs,

        #[command(flatten)]
        data: DataArgs,
    },
    /// List the builds of a model
    List {
        /// Name of the model
        name: String,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Tell which builds answered when
    History {
        /// Name of the model
        name: String,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Give a build an alias, which no other build has from then on
    Alias {
        /// The build
        #[arg(value_name = "NAME@BUILD")]
        build: BuildName,

        /// The alias
        alias: String,

        #[command(flatten)]
        tell: TellArgs,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Take an alias away
    Unalias {
        /// The build, by that alias
        #[arg(value_name = "NAME@ALIAS")]
        build: BuildName,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Let a build answer
    Promote {
        /// The build
        #[arg(value_name = "NAME@BUILD")]
        build: BuildName,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Let the build answer again that did before; once more goes further back
    Rollback {
        /// Name of the model
        name: String,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Delete the document of a build that nothing needs; its place in history stays
    Delete {
        /// The build, by its version
        #[arg(value_name = "NAME@VERSION")]
        build: BuildName,

        #[command(flatten)]
        data: DataArgs,
    },
}

pub(super) fn run(args: &ModelArgs) -> Result<()> {
    match &args.action {
        Action::Add {
            model,
            name,
            alias,
            tell,
            data,
        } => add(model, name.as_deref(), alias.as_deref(), tell, data),
        Action::List { name, data } => list(name, data),
        Action::History { name, data } => history(name, data),
        Action::Alias {
            build,
            alias,
            tell,
            data,
        } => {
            let alias = checked(alias)?;
            tell.check()?;
            let BuildName { model, which } = build;
            change(data, |connection| {
                let build = match registry::find(connection, model, which)? {
                    Ok(build) => build,
                    Err(refused) => return Ok(Err(refused)),
                };
                match registry::name(connection, model, which, &alias)? {
                    Ok(()) => tell.add(connection, &build, Some(&alias)),
                    refused => Ok(refused),
                }
            })?;
            say(format_args!("{model}: {which} is its {alias}"));
            tell.send(&data.made()?)
        }
        Action::Unalias { build, data } => {
            let Which::Alias(alias) = &build.which else {
                return Err(wrong("NAME@ALIAS", "an alias", build.which.to_string()));
            };
            change(data, |connection| {
                registry::unname(connection, &build.model, alias)
            })?;
            say(format_args!("{}: no {alias} any more", build.model));
            Ok(())
        }
        Action::Promote { build, data } => {
            let BuildName { model, which } = build;
            let deployment = change(data, |connection| {
                registry::promote(connection, model, which, user().as_deref())
            })?;
            say(format_args!(
                "deployed {model}, {which}: {}",
                crn(deployment)
            ));
            Ok(())
        }
        Action::Rollback { name, data } => {
            let champion = Which::Alias(CHAMPION.into());
            let (deployment, build) = change(data, |connection| {
                let done = match registry::roll_back(connection, name, user().as_deref())? {
                    Ok(deployment) => {
                        let build = registry::find(connection, name, &champion)?;
                        build.map(|build| (deployment, build))
                    }
                    Err(refused) => Err(refused),
                };
                Ok(done)
            })?;
            say(format_args!(
                "deployed {name}, version {} again: {}",
                build.version,
                crn(deployment)
            ));
            Ok(())
        }
        Action::Delete { build, data } => {
            let Which::Version(version) = build.which else {
                return Err(wrong("NAME@VERSION", "a version", build.which.to_string()));
            };
            let freed = change(data, |connection| {
                registry::delete(connection, &build.model, version)
            })?;
            say(format_args!(
                "deleted the document of {} version {version}: {} kB",
                build.model,
                freed / 1000
            ));
            Ok(())
        }
    }
}

fn add(
    path: &Path,
    name: Option<&str>,
    alias: Option<&str>,
    tell: &TellArgs,
    data: &DataArgs,
) -> Result<()> {
    let (name, document) = model_of(path, name)?;
    let alias = alias.map(checked).transpose()?;
    tell.check()?;
    let version = change(data, |connection| {
        let build = registry::add(connection, &name, &document, user().as_deref())?;
        let which = Which::Version(build.version);
        if let Some(alias) = &alias
            && let Err(refused) = registry::name(connection, &name, &which, alias)?
        {
            return Ok(Err(refused));
        }
        let told = tell.add(connection, &build, alias.as_deref())?;
        Ok(told.map(|()| build.version))
    })?;
    let alias = alias
        .map(|alias| format!(", its {alias}"))
        .unwrap_or_default();
    say(format_args!("{name}: version {version}{alias}"));
    tell.send(&data.made()?)
}

fn list(name: &str, data: &DataArgs) -> Result<()> {
    let builds = registry::builds(&mut data.made()?.open()?, name)?;
    if builds.is_empty() {
        return Err(told(Refused::Unknown(format!("no model '{name}'"))));
    }
    let mut table = String::from("version\taliases\tbuilt\tsha256\n");
    for registered in builds {
        let mut notes = registered.aliases.join(", ");
        if registered.length == 0 {
            notes += "deleted";
        }
        table.push_str(&format!(
            "{}\t{notes}\t{}\t{}\n",
            registered.version,
            rfc3339(registered.build.created_ms),
            registered.build.sha256
        ));
    }
    print(&table)
}

fn history(name: &str, data: &DataArgs) -> Result<()> {
    let served = registry::history(&mut data.made()?.open()?, name)?;
    if served.is_empty() {
        let message = format!("no model '{name}' is deployed");
        return Err(told(Refused::Unknown(message)));
    }
    let mut table = String::from("version\tfrom\tuntil\tdeployment\n");
    for served in served {
        let until = served.until_ms.map_or_else(String::new, rfc3339);
        table.push_str(&format!(
            "{}\t{}\t{until}\t{}\n",
            served.version,
            rfc3339(served.from_ms),
            served.deployment
        ));
    }
    print(&table)
}

/// Changes the registry: all of it or nothing.
fn change<T>(data: &DataArgs, change: impl FnOnce(&mut Connection) -> Outcome<T>) -> Result<T> {
    let mut connection = data.made()?.open()?;
    connection.transaction::<_, Error>(|connection| change(connection)?.map_err(told))
}

fn told(refused: Refused) -> Error {
    Error::new(ErrorCode::Parameter, refused.message())
}

fn checked(alias: &str) -> Result<String> {
    registry::alias(alias).map_err(|expected| wrong("alias", expected, format!("'{alias}'")))
}

fn wrong(field: &str, expected: impl Into<String>, got: String) -> Error {
    Error::mismatch(ErrorCode::Parameter, expected, got).in_field(field)
}
