//! The document of another model.

use churn_core::svm::{SvmArtefact, SvmPredictor};
use churn_core::{Dataset, ModelArtefact, Predictor, Result, Schema};

/// A document of either family, ready to score.
pub enum Document {
    /// A logistic regression.
    Logistic(Box<Predictor>),
    /// A support vector machine.
    Machine(Box<SvmPredictor>),
}

impl Document {
    /// Reads and checks it.
    ///
    /// # Errors
    /// As [`ModelArtefact::from_json`] and [`SvmArtefact::from_json`].
    pub fn read(text: &str) -> Result<Self> {
        if SvmArtefact::is_one(text) {
            let predictor = SvmPredictor::new(SvmArtefact::from_json(text)?)?;
            return Ok(Self::Machine(Box::new(predictor)));
        }
        let predictor = Predictor::new(ModelArtefact::from_json(text)?)?;
        Ok(Self::Logistic(Box::new(predictor)))
    }

    /// Its columns and its target.
    pub fn schema(&self) -> &Schema {
        match self {
            Self::Logistic(predictor) => &predictor.artefact().schema,
            Self::Machine(predictor) => &predictor.artefact().schema,
        }
    }

    /// Its cut.
    pub fn threshold(&self) -> f64 {
        match self {
            Self::Logistic(predictor) => predictor.artefact().threshold,
            Self::Machine(predictor) => predictor.artefact().threshold,
        }
    }

    /// Hash of its data, and positions of the rows that were held out.
    pub fn trained_on(&self) -> (&str, &[u32]) {
        match self {
            Self::Logistic(predictor) => {
                let training = &predictor.artefact().training;
                (&training.data_hash, &training.held_out)
            }
            Self::Machine(predictor) => {
                let training = &predictor.artefact().training;
                (&training.data_hash, &training.held_out)
            }
        }
    }

    /// Probability of leaving of every row, missing values filled in.
    pub fn probabilities(&self, data: &Dataset) -> Vec<f64> {
        match self {
            Self::Logistic(predictor) => predictor.probabilities(&predictor.complete_all(data).0),
            Self::Machine(predictor) => {
                let complete = |row: usize| predictor.complete(&data.row(row)).0;
                let rows = 0..data.rows();
                rows.map(|row| predictor.probability(&complete(row)))
                    .collect()
            }
        }
    }
}
