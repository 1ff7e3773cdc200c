//! The model that a command uses, as options say it.

use std::path::PathBuf;

use churn_core::{Error, ErrorCode, ModelArtefact, Predictor, Result, Target};
use clap::Args;

use super::build_name::BuildName;
use super::customers::CustomersArgs;
use crate::input;
use crate::store::registry::{self, Registered};
use crate::store::{Connection, deployments};

/// Which model.
#[derive(Debug, Args)]
pub struct ModelChoiceArgs {
    /// Model document, from `churn train`
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "build",
        conflicts_with = "build"
    )]
    model: Option<PathBuf>,

    /// A build of the registry instead, such as churn-model@champion
    #[arg(long, value_name = "NAME@BUILD")]
    build: Option<BuildName>,
}

/// The document of a model.
#[derive(Debug)]
pub struct Document {
    /// What to call it towards the user.
    pub name: String,
    /// As it is written.
    pub text: String,
}

/// A model, ready to score.
#[derive(Debug)]
pub struct ChosenModel {
    /// Its document.
    pub document: Document,
    /// The model.
    pub predictor: Predictor,
}

impl ModelChoiceArgs {
    /// The document; a build is looked up where the data of the server are.
    ///
    /// # Errors
    /// [`ErrorCode::Io`] for a file; [`ErrorCode::Parameter`] when there is no such
    /// build.
    pub fn read(&self, customers: &CustomersArgs) -> Result<Document> {
        let (name, text) = match (&self.model, &self.build) {
            (_, Some(BuildName { model, which })) => {
                let mut connection = customers.existing_place()?.open()?;
                let registered = registry::find(&mut connection, model, which)?
                    .map_err(|refused| Error::new(ErrorCode::Parameter, refused.message()))?;
                let name = format!("{model}@{}", registered.version);
                (name, document(&mut connection, &registered)?)
            }
            (file, None) => {
                let file = file.clone().unwrap_or_default();
                (file.display().to_string(), input::text(&file)?)
            }
        };
        Ok(Document { name, text })
    }

    /// The model.
    ///
    /// # Errors
    /// As [`ModelChoiceArgs::read`]; [`ErrorCode::Model`].
    pub fn open(&self, customers: &CustomersArgs) -> Result<ChosenModel> {
        let document = self.read(customers)?;
        let predictor = ModelArtefact::from_json(&document.text).and_then(Predictor::new);
        Ok(ChosenModel {
            predictor: predictor.map_err(document.named())?,
            document,
        })
    }
}

impl Document {
    /// Puts the name into an error about the content.
    pub fn named(&self) -> impl Fn(Error) -> Error + '_ {
        |error| input::named(&self.name, error)
    }
}

impl ChosenModel {
    /// The target, with the names of its two classes.
    ///
    /// # Errors
    /// [`ErrorCode::Model`] for a model without one.
    pub fn target(&self) -> Result<&Target> {
        input::target(&self.predictor).map_err(self.document.named())
    }
}

fn document(connection: &mut Connection, registered: &Registered) -> Result<String> {
    if registered.length == 0 {
        let got = "one whose document was deleted";
        let error = Error::mismatch(ErrorCode::Parameter, "a build that is kept", got);
        return Err(error.in_field("--build"));
    }
    Ok(deployments::document(connection, registered.build.id)?)
}
