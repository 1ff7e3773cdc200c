//! The model artefact: one versioned JSON document that holds a trained model
//! and all that is needed to score and explain without the training data.
//!
//! It holds frequencies, bins and quantiles, and no customer. Numbers are
//! written so that they read back to the same bits.

mod record;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::background::Background;
use crate::design::Design;
use crate::error::{Error, ErrorCode, Result};
use crate::imputation::{Imputation, Imputer};
use crate::json;
use crate::logistic::LogisticModel;
use crate::marginals::{Marginal, Marginals};
use crate::scaling::Scaling;
use crate::schema::{Schema, is_number};
use crate::svm;

pub use record::{TableRecord, TrainingRecord};

/// What the document calls itself.
pub const FORMAT: &str = "churn-model";

/// Version of the document that this code writes and reads.
pub const VERSION: u32 = 1;

/// A trained model with everything it needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelArtefact {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// Features, id and target.
    pub schema: Schema,
    /// Mean and deviation of the design columns over the training rows.
    pub scaling: Scaling,
    /// The model itself.
    pub model: Model,
    /// Probability from which a customer is taken to leave.
    pub threshold: f64,
    /// One rule per feature for missing values.
    pub imputation: Vec<Imputation>,
    /// LIME's population: frequencies and bins of the complete rows.
    pub background: Background,
    /// Distributions of the complete rows, for drift.
    pub marginals: Marginals,
    /// How it was trained, and how well it does.
    pub training: TrainingRecord,
}

/// Families of models.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Logistic regression.
    Logistic(LogisticModel),
}

impl ModelArtefact {
    /// Reads and checks a document.
    ///
    /// # Errors
    /// [`ErrorCode::Model`], naming the field, for another format or version, a
    /// missing or unknown field, a wrong length, a number that is not finite.
    // Inlined for the size of the page, see `json::parse`.
    #[inline]
    pub fn from_json(text: &str) -> Result<Self> {
        Self::check_version(text)?;
        let artefact: Self = parse(text)?;
        artefact.check()?;
        Ok(artefact)
    }

    /// The document. The same artefact gives the same bytes.
    ///
    /// # Errors
    /// [`ErrorCode::Model`] when it would not load again.
    #[inline]
    pub fn to_json(&self) -> Result<String> {
        self.check()?;
        serde_json::to_string(self).map_err(|error| Error::new(ErrorCode::Model, error.to_string()))
    }

    /// A version is looked at before anything else: a newer document may differ
    /// in every other field.
    #[inline]
    fn check_version(text: &str) -> Result<()> {
        #[derive(Deserialize)]
        struct Head {
            format: Option<String>,
            version: Option<u32>,
        }
        let head: Head = parse(text)?;
        let expect = |field: &str, expected: String, got: String| {
            Err(Error::mismatch(ErrorCode::Model, expected, got).in_field(field))
        };
        match (head.format.as_deref(), head.version) {
            (Some(FORMAT), Some(VERSION)) => Ok(()),
            (Some(FORMAT), version) => {
                let got = version.map_or("none".into(), |v| v.to_string());
                expect("version", VERSION.to_string(), got)
            }
            (Some(svm::document::FORMAT), _) => {
                let message = "it is a support vector machine, which only sampled LIME explains: \
                               a logistic regression is needed here";
                Err(Error::new(ErrorCode::Model, message).in_field("format"))
            }
            (format, _) => expect("format", format!("'{FORMAT}'"), format!("{format:?}")),
        }
    }

    /// Checks every length and number.
    fn check(&self) -> Result<()> {
        self.schema.check()?;
        let Model::Logistic(model) = &self.model;
        let width = Design::new(&self.schema).width();
        let lists = [
            ("model.coefficients", &model.coefficients),
            ("scaling.mean", &self.scaling.mean),
            ("scaling.sd", &self.scaling.sd),
        ];
        for (field, list) in lists {
            if list.len() != width {
                return fail(field, &format!("{width} numbers"), list.len().to_string());
            }
            if let Some(x) = list.iter().find(|x| !is_number(**x)) {
                return fail(field, "finite numbers up to 1e15", x.to_string());
            }
        }
        if let Some(sd) = self.scaling.sd.iter().find(|sd| **sd <= 0.0) {
            return fail("scaling.sd", "numbers above 0", sd.to_string());
        }
        if !is_number(model.intercept) {
            return fail(
                "model.intercept",
                "a finite number",
                model.intercept.to_string(),
            );
        }
        if !(0.0..=1.0).contains(&self.threshold) {
            return fail("threshold", "a number in 0..=1", self.threshold.to_string());
        }
        Imputer::new(&self.imputation, &self.schema)?;
        if let Err((feature, expected)) = self.background.check(&self.schema) {
            return fail(
                &format!("background {feature}"),
                expected,
                "something else".into(),
            );
        }
        self.check_marginals()
    }

    fn check_marginals(&self) -> Result<()> {
        let features = &self.schema.features;
        if self.marginals.features.len() != features.len() {
            let got = self.marginals.features.len().to_string();
            return fail("marginals.features", "one entry per feature", got);
        }
        for (marginal, feature) in self.marginals.features.iter().zip(features) {
            let sound = match marginal {
                Marginal::Categorical { counts } => {
                    !feature.is_numeric() && counts.len() == feature.levels().len()
                }
                Marginal::Numeric(numeric) => feature.is_numeric() && numeric.is_sound(),
            };
            if !sound {
                let field = format!("marginals {}", feature.name);
                return fail(
                    &field,
                    "a distribution that fits the feature",
                    "another".into(),
                );
            }
        }
        if !self.marginals.score.is_sound() {
            return fail(
                "marginals.score",
                "101 ascending quantiles",
                "something else".into(),
            );
        }
        // They are looked up by halving.
        if !self.training.held_out.is_sorted_by(|a, b| a < b) {
            return fail(
                "training.held_out",
                "ascending positions",
                "another order".into(),
            );
        }
        Ok(())
    }
}

fn fail(field: &str, expected: &str, got: String) -> Result<()> {
    Err(Error::mismatch(ErrorCode::Model, expected, got).in_field(field))
}

#[inline]
fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    json::parse(text, ErrorCode::Model, "a model document")
}

/// SHA-256 of bytes, in hexadecimal: the name of a data file or model.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal, two digits each.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
