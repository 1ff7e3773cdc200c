//! What a server tells of the predictions it recorded: the shapes of its
//! answers, which the page reads.

use serde::{Deserialize, Serialize};

use crate::drift::DriftFigure;
use crate::metrics::CalibrationBin;

/// Standard deviations between an estimate and the truth that chance explains.
pub const CHANCE: f64 = 3.0;

/// How a deployment does in a range of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Monitoring {
    /// Every deployment, the newest first.
    pub deployments: Vec<Deployment>,
    /// The one that this is about.
    pub deployment: String,
    /// Predictions and outcomes that are not summed up yet, as after a start.
    pub behind: u64,
    /// Its class of those who stay.
    pub negative: String,
    /// Its class of those who leave.
    pub positive: String,
    /// Stretches of about equally many predictions, by time.
    pub points: Vec<Point>,
    /// All of them.
    pub total: Point,
    /// Estimated and realized accuracy of the same predictions; null where no
    /// outcome is known.
    pub gap: Option<Gap>,
    /// Probabilities against outcomes, where these are known.
    pub calibration: Vec<CalibrationBin>,
    /// Every feature, then the score, against the training data.
    pub drift: Vec<FeatureDrift>,
    /// Accuracies that were reported from outside, by time.
    pub reported: Vec<Reported>,
    /// Requests to the whole server since its start, by time.
    pub traffic: Vec<Traffic>,
}

impl Monitoring {
    /// Name of the model that this is about; empty where nothing is deployed.
    pub fn model(&self) -> &str {
        let this = |deployment: &&Deployment| deployment.uuid == self.deployment;
        let deployment = self.deployments.iter().find(this);
        deployment.map_or("", |deployment| &deployment.model)
    }
}

/// Something that was put in place to answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Its name.
    pub uuid: String,
    /// Name of its model.
    pub model: String,
    /// When it was deployed, in milliseconds since 1970.
    pub created_ms: i64,
    /// Whether it is the one that answers.
    pub live: bool,
}

/// The predictions of a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// First moment, in milliseconds since 1970.
    pub start_ms: i64,
    /// Last moment.
    pub end_ms: i64,
    /// Answers.
    pub predictions: u64,
    /// Those of them that were made here: of others only the time is known.
    pub scored: u64,
    /// Mean probability.
    pub probability: f64,
    /// A tenth of the probabilities is at most so high.
    pub probability_low: f64,
    /// Nine tenths are at most so high.
    pub probability_high: f64,
    /// Median of the time an answer took, in microseconds, to 3.2%.
    pub p50_us: u64,
    /// 95% took at most so long.
    pub p95_us: u64,
    /// 99% took at most so long.
    pub p99_us: u64,
    /// Predictions whose outcome is known.
    pub labelled: u64,
    /// Those of them whose decision was right.
    pub right: u64,
    /// Accuracy as the probabilities alone let it expect.
    pub estimated: f64,
}

/// Estimated and realized accuracy of the same predictions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// Share of right decisions.
    pub realized: f64,
    /// The share that the probabilities let expect.
    pub estimated: f64,
    /// Standard deviation of the realized share, were the probabilities true.
    pub sd: f64,
    /// The model's own calibration error when it was trained.
    pub allowance: f64,
}

impl Gap {
    /// Whether the truth has moved away from what the model learned: the gap is
    /// wider than [`CHANCE`] standard deviations and the model's calibration
    /// error together.
    pub fn is_concept_drift(&self) -> bool {
        (self.realized - self.estimated).abs() > CHANCE * self.sd + self.allowance
    }
}

/// How far a feature has moved from the training data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FeatureDrift {
    /// Its name; null for the score.
    pub feature: Option<String>,
    /// By every method that fits it.
    pub figures: Vec<DriftFigure>,
}

/// An accuracy that was reported from outside.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reported {
    /// First moment, in milliseconds since 1970.
    pub start_ms: i64,
    /// Last moment.
    pub end_ms: i64,
    /// The accuracy.
    pub accuracy: f64,
}

/// Requests in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Traffic {
    /// First moment, in milliseconds since 1970.
    pub start_ms: i64,
    /// Last moment.
    pub end_ms: i64,
    /// All requests to the API.
    pub requests: u64,
    /// Those that were refused: status 400 to 499.
    pub refused: u64,
    /// Those that failed: status 500 and above.
    pub failed: u64,
}

/// The newest predictions of a deployment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Recent {
    /// The newest first.
    pub predictions: Vec<RecentPrediction>,
}

/// A prediction with its reasons and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecentPrediction {
    /// Its name.
    pub uuid: String,
    /// When the request came, in milliseconds since 1970.
    pub start_ms: i64,
    /// How long the answer took to make, in microseconds.
    pub duration_us: i64,
    /// Probability of leaving.
    pub probability: f64,
    /// Whether it was taken as leaving.
    pub leaves: bool,
    /// Whether the customer left, where it is known.
    pub left: Option<bool>,
    /// The largest weights of its exact explanation, the largest first.
    pub reasons: Vec<Reason>,
}

/// A feature's part in a prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Name of the feature.
    pub feature: String,
    /// The customer's value.
    pub value: String,
    /// LIME weight.
    pub weight: f64,
}
