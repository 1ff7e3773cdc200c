//! `churn deploy`: a model is put where the server answers from.

use std::path::{Path, PathBuf};

use churn_core::{Error, ErrorCode, ModelArtefact, Predictor, Result};
use clap::Args;
use uuid::Uuid;

use super::data::DataArgs;
use crate::fleet::crn;
use crate::input;
use crate::store::{Connection, deployments};
use crate::terminal::say;

/// Longest name of a model.
const LONGEST: usize = 64;

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
    let deployed = deployments::deploy(connection, &name, &document, anew);
    let (deployment, _) =
        deployed.map_err(|error| Error::new(ErrorCode::Io, format!("cannot deploy: {error}")))?;
    Ok((name, deployment))
}

/// The name of the model of a file, and its document.
pub(super) fn model_of(path: &Path, name: Option<&str>) -> Result<(String, String)> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let name = name.or(stem).unwrap_or_default();
    check_name(name)?;
    let document = input::text(path)?;
    // Loaded once here, so that what cannot answer is not deployed.
    let predictor = ModelArtefact::from_json(&document).and_then(Predictor::new);
    let has_target = predictor.and_then(|predictor| input::target(&predictor).map(drop));
    has_target.map_err(input::in_file(path))?;
    Ok((name.to_owned(), document))
}

/// Names are parts of addresses.
fn check_name(name: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if (1..=LONGEST).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(());
    }
    let expected = format!("1 to {LONGEST} letters, digits, '-', '_' and '.'");
    let error = Error::mismatch(ErrorCode::Parameter, expected, format!("'{name}'"));
    Err(error.in_field("--name"))
}
