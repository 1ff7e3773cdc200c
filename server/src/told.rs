//! Predictions as they are told: read from the store, explained again.

use churn_core::{Explanation, Feature, Row, Value};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::api::{Api, Customer};
use crate::build::Build;
use crate::error::{ApiError, ApiResult};
use crate::explain::Explain;
use crate::record;
use crate::store::deployments::DeploymentRecord;
use crate::store::predictions::PredictionRecord;

use std::sync::Arc;

/// The name under which the workshop tracks who left.
pub const LABEL: &str = "final_label";

/// A prediction with what follows from its record.
#[derive(Debug)]
pub struct Told {
    /// As the store has it.
    pub record: PredictionRecord,
    /// The deployment that answered.
    pub deployment: DeploymentRecord,
    /// Its model.
    pub build: Arc<Build>,
    /// The customer, and which features were filled in.
    pub customer: Option<Customer>,
    /// Why, with the number of features to report.
    pub explanation: Option<(usize, Explanation)>,
}

impl Told {
    /// Reads a record by the build that made it.
    ///
    /// # Errors
    /// When the record does not fit the build.
    pub fn new(api: &Api, record: PredictionRecord) -> ApiResult<Self> {
        let (deployment, build) = api.fleet.of(&api.store, record.deployment)?;
        let unfit = || ApiError::internal(format!("the record of {} is broken", record.uuid));
        let schema = &build.predictor.artefact().schema;
        let customer = match &record.input {
            Some(bytes) => Some(record::decode(bytes, schema).ok_or_else(unfit)?),
            None => None,
        };
        let explanation = match (&record.explained, &customer) {
            (Some(text), Some((row, _))) => {
                let how = Explain::from_text(text).ok_or_else(unfit)?;
                let explanation = build.explain(row, &how);
                let explanation =
                    explanation.map_err(|error| ApiError::internal(error.to_string()));
                Some((how.top, explanation?))
            }
            _ => None,
        };
        Ok(Self {
            record,
            deployment,
            build,
            customer,
            explanation,
        })
    }

    /// The last label under a name, as JSON.
    pub fn label(&self, key: &str) -> Option<&str> {
        let of_key = |label: &&crate::store::labels::LabelRecord| label.key == key;
        let last = self.record.labels.iter().rev().find(of_key)?;
        Some(&last.value)
    }

    /// The name of the class decided for.
    pub fn decision(&self) -> Option<&str> {
        decision(&self.build, self.record.probability?)
    }
}

/// The name of the class that a probability decides for.
pub fn decision(build: &Build, probability: f64) -> Option<&str> {
    let target = build.target()?;
    Some(match build.leaves(probability) {
        true => &target.positive,
        false => &target.negative,
    })
}

/// A customer as a JSON object, in the order of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Names and levels.
    pub features: &'a [Feature],
    /// Values.
    pub row: &'a Row,
}

impl Serialize for Input<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.features.len()))?;
        for (feature, value) in self.features.iter().zip(&self.row.0) {
            match value {
                Value::Number(x) => map.serialize_entry(&feature.name, x)?,
                Value::Level(code) => {
                    map.serialize_entry(&feature.name, &feature.levels().get(usize::from(*code)))?;
                }
                Value::Missing => map.serialize_entry(&feature.name, &())?,
            }
        }
        map.end()
    }
}

/// Weights as a JSON object, the largest first.
#[derive(Clone, Copy, Debug)]
pub struct Weights<'a> {
    /// Names.
    pub features: &'a [Feature],
    /// Weights.
    pub explanation: &'a Explanation,
    /// How many to tell.
    pub top: usize,
}

impl Serialize for Weights<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ranked = self.explanation.ranked().into_iter().take(self.top);
        serializer.collect_map(ranked.map(|(at, weight)| (&self.features[at].name, weight)))
    }
}
