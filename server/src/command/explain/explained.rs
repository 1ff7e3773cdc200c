//! A model of any family, as far as sampled LIME needs it: LIME asks for nothing
//! but probabilities.

use churn_core::sampled_lime::Pool;
use churn_core::svm::{SvmArtefact, SvmPredictor};
use churn_core::{
    Error, ErrorCode, Explanation, Method, ModelArtefact, Predictor, Result, Row, Schema,
};

use super::super::chosen_model::Document;

/// A model of any family.
pub enum Explained {
    Logistic(Box<Predictor>),
    Svm(Box<SvmPredictor>),
}

impl Explained {
    /// The model of a document.
    ///
    /// # Errors
    /// [`ErrorCode::Model`].
    pub fn new(document: &Document) -> Result<Self> {
        let text = &document.text;
        let model = match SvmArtefact::is_one(text) {
            true => SvmArtefact::from_json(text)
                .and_then(SvmPredictor::new)
                .map(|model| Self::Svm(Box::new(model))),
            false => ModelArtefact::from_json(text)
                .and_then(Predictor::new)
                .map(|model| Self::Logistic(Box::new(model))),
        };
        model.map_err(document.named())
    }

    /// Its features.
    pub fn schema(&self) -> &Schema {
        match self {
            Self::Logistic(model) => &model.artefact().schema,
            Self::Svm(model) => &model.artefact().schema,
        }
    }

    /// The logistic regression that a method is for.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] where it is another model.
    pub fn logistic(&self, method: Method) -> Result<&Predictor> {
        match self {
            Self::Logistic(model) => Ok(model),
            Self::Svm(_) => {
                let expected = "sampled, which alone is for every model: this one is a support \
                                vector machine";
                let got = match method {
                    Method::Exact => "exact",
                    Method::Sampled => "sampled",
                    Method::Contributions => "contributions",
                };
                Err(Error::mismatch(ErrorCode::Parameter, expected, got).in_field("--method"))
            }
        }
    }

    /// The row with missing values filled in, and which features were.
    pub fn complete(&self, row: &Row) -> (Row, Vec<usize>) {
        match self {
            Self::Logistic(model) => model.complete(row),
            Self::Svm(model) => model.complete(row),
        }
    }

    /// Artificial customers, scored by the model.
    ///
    /// # Errors
    /// As [`Pool::draw`].
    pub fn pool(&self, samples: usize, seed: u64) -> Result<Pool> {
        match self {
            Self::Logistic(model) => model.pool(samples, seed),
            Self::Svm(model) => model.pool(samples, seed),
        }
    }

    /// Sampled LIME of a complete row.
    pub fn explain_sampled(&self, row: &Row, pool: &Pool, top: usize) -> Explanation {
        match self {
            Self::Logistic(model) => model.explain_sampled(row, pool, top),
            Self::Svm(model) => model.explain_sampled(row, pool, top),
        }
    }
}
