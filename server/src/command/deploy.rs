//! `churn deploy`: a model is put where the server answers from.

use std::path::{Path, PathBuf};

use churn_core::{Error, ErrorCode, Result};
use clap::Args;
use uuid::Uuid;

use super::data::DataArgs;
use crate::build::{check_document, check_name};
use crate::fleet::crn;
use crate::input;
use crate::store::{Connection, deployments};
use crate::terminal::say;
use crate::user::user;

/// Deploys a model: makes an immutable build of it, which answers from then on.
///
/// A running server takes it up within a second; requests under way are
/// answered by the model before.
#[derive(Debug, Args)]
pub struct DeployArgs {
    /// Model document, from `churn train`
    #[arg(value_name = "MODEL.json")]
    model: PathBuf,

    /// Name that clients call it by, as access key [the file's name]
    #[arg(long)]
    name: Option<String>,

    #[command(flatten)]
    data: DataArgs,
}

pub(super) fn run(args: &DeployArgs) -> Result<()> {
    let mut connection = args.data.made()?.open()?;
    let (name, deployment) = deploy(&mut connection, &args.model, args.name.as_deref(), true)?;
    say(format_args!("deployed {name}: {}", crn(deployment)));
    Ok(())
}

/// Deploys the model of a file; the name and the deployment. One that is
/// deployed already stays unless it is to be deployed `anew`.
pub(super) fn deploy(
    connection: &mut Connection,
    path: &Path,
    name: Option<&str>,
    anew: bool,
) -> Result<(String, Uuid)> {
    let (name, document) = model_of(path, name)?;
    let deployed = deployments::deploy(connection, &name, &document, user().as_deref(), anew);
    let (deployment, _) =
        deployed.map_err(|error| Error::new(ErrorCode::Io, format!("cannot deploy: {error}")))?;
    Ok((name, deployment))
}

/// The name of the model of a file, and its document.
pub(super) fn model_of(path: &Path, name: Option<&str>) -> Result<(String, String)> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let name = name.or(stem).unwrap_or_default();
    check_name(name).map_err(|error| error.in_field("--name"))?;
    let document = input::text(path)?;
    check_document(&document).map_err(input::in_file(path))?;
    Ok((name.to_owned(), document))
}
