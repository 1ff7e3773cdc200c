//! The document of a support vector machine: JSON, versioned, strict.
//!
//! That of a linear one holds weights, and no customer. That of one with a radial
//! kernel holds its support vectors: feature values of customers of the training,
//! without their ids.

use serde::{Deserialize, Serialize};

use super::{Machine, SvmModel, SvmParams};
use crate::artefact::TableRecord;
use crate::background::Background;
use crate::design::Design;
use crate::error::{Error, ErrorCode, Result};
use crate::imputation::{Imputation, Imputer};
use crate::json;
use crate::metrics::Metrics;
use crate::scaling::Scaling;
use crate::schema::{Schema, is_number};

/// What the document calls itself.
pub const FORMAT: &str = "churn-svm";

/// Version of the document that this code writes and reads.
pub const VERSION: u32 = 1;

/// A fitted support vector machine with all that scoring and explaining need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SvmArtefact {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// Features, id and target.
    pub schema: Schema,
    /// Mean and deviation of the design columns over the training rows.
    pub scaling: Scaling,
    /// The machine.
    pub model: SvmModel,
    /// Probability from which a customer is taken to leave: that on the boundary.
    pub threshold: f64,
    /// One rule per feature for missing values.
    pub imputation: Vec<Imputation>,
    /// LIME's population.
    pub background: Background,
    /// How it was trained, and how well it does.
    pub training: SvmRecord,
}

/// How a support vector machine was trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SvmRecord {
    /// SHA-256 of the source data, in hexadecimal.
    pub data_hash: String,
    /// The table the data came from, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<TableRecord>,
    /// Positions in the source of the rows held out, ascending, from 0.
    pub held_out: Vec<u32>,
    /// What was asked for.
    pub params: SvmParams,
    /// Customers that the boundary rests on.
    pub support_vectors: u64,
    /// Scores on the training rows.
    pub train: Metrics,
    /// Scores on the rows held out, where there are any.
    pub test: Option<Metrics>,
}

impl SvmArtefact {
    /// Whether a text is such a document, sound or not.
    // Inlined for the size of the page, see `json::parse`.
    #[inline]
    pub fn is_one(text: &str) -> bool {
        #[derive(Deserialize)]
        struct Head {
            format: String,
        }
        serde_json::from_str::<Head>(text).is_ok_and(|head| head.format == FORMAT)
    }

    /// Reads and checks a document.
    ///
    /// # Errors
    /// [`ErrorCode::Model`], naming the field.
    // Inlined for the size of the page, see `json::parse`.
    #[inline]
    pub fn from_json(text: &str) -> Result<Self> {
        let what = "the document of a support vector machine";
        let artefact: Self = json::parse(text, ErrorCode::Model, what)?;
        artefact.check()?;
        Ok(artefact)
    }

    /// The document. The same artefact gives the same bytes.
    ///
    /// # Errors
    /// [`ErrorCode::Model`] when it would not load again.
    pub fn to_json(&self) -> Result<String> {
        self.check()?;
        serde_json::to_string(self).map_err(|error| Error::new(ErrorCode::Model, error.to_string()))
    }

    fn check(&self) -> Result<()> {
        if self.format != FORMAT || self.version != VERSION {
            let got = format!("{} {}", self.format, self.version);
            return fail("format", &format!("{FORMAT} {VERSION}"), got);
        }
        self.schema.check()?;
        let width = Design::new(&self.schema).width();
        for (field, list) in [
            ("scaling.mean", &self.scaling.mean),
            ("scaling.sd", &self.scaling.sd),
        ] {
            numbers(field, list, width)?;
        }
        if let Some(sd) = self.scaling.sd.iter().find(|sd| **sd <= 0.0) {
            return fail("scaling.sd", "numbers above 0", sd.to_string());
        }
        let platt = self.model.platt;
        numbers("model.platt", &[platt.slope, platt.intercept], 2)?;
        match &self.model.machine {
            Machine::Linear(weights) => {
                numbers("model.machine.linear", &weights.coefficients, width)?;
                numbers("model.machine.linear", &[weights.intercept], 1)?;
            }
            Machine::Rbf(rbf) => {
                let count = rbf.coefficients.len();
                numbers("model.machine.rbf", &[rbf.gamma, rbf.intercept], 2)?;
                numbers("model.machine.rbf.coefficients", &rbf.coefficients, count)?;
                if rbf.vectors.len() != self.schema.features.len() {
                    let got = rbf.vectors.len().to_string();
                    return fail("model.machine.rbf.vectors", "one list per feature", got);
                }
                for (feature, vectors) in self.schema.features.iter().zip(&rbf.vectors) {
                    let field = format!("model.machine.rbf.vectors {}", feature.name);
                    numbers(&field, vectors, count)?;
                    let levels = feature.levels().len() as f64;
                    let is_code = |x: &f64| *x >= 0.0 && *x < levels && x.fract() == 0.0;
                    if !feature.is_numeric() && !vectors.iter().all(is_code) {
                        return fail(&field, "codes of levels", "another number".into());
                    }
                }
            }
        }
        if !(0.0..=1.0).contains(&self.threshold) {
            return fail("threshold", "a number in 0..=1", self.threshold.to_string());
        }
        Imputer::new(&self.imputation, &self.schema)?;
        match self.background.check(&self.schema) {
            Ok(()) => Ok(()),
            Err((feature, expected)) => fail(
                &format!("background {feature}"),
                expected,
                "something else".into(),
            ),
        }
    }
}

fn numbers(field: &str, list: &[f64], length: usize) -> Result<()> {
    if list.len() != length {
        return fail(field, &format!("{length} numbers"), list.len().to_string());
    }
    match list.iter().find(|x| !is_number(**x)) {
        Some(x) => fail(field, "finite numbers up to 1e15", x.to_string()),
        None => Ok(()),
    }
}

fn fail(field: &str, expected: &str, got: String) -> Result<()> {
    Err(Error::mismatch(ErrorCode::Model, expected, got).in_field(field))
}
