//! The answer type of every explanation method.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode};
use crate::math::by_size;

/// How an explanation was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// LIME's limit, in closed form.
    Exact,
    /// LIME as published: random samples and a weighted ridge regression.
    Sampled,
    /// Log-odds contributions, equal to SHAP with an independent background.
    Contributions,
}

impl FromStr for Method {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "exact" => Ok(Self::Exact),
            "sampled" => Ok(Self::Sampled),
            "contributions" => Ok(Self::Contributions),
            other => Err(Error::mismatch(
                ErrorCode::Parameter,
                "exact, sampled or contributions",
                format!("'{other}'"),
            )),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exact => "exact",
            Self::Sampled => "sampled",
            Self::Contributions => "contributions",
        })
    }
}

/// Why the model says what it says of one customer.
///
/// For LIME, intercept, weights and local prediction are probabilities; for
/// contributions they are log-odds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// How it was made.
    pub method: Method,
    /// The model's probability that the customer leaves.
    pub probability: f64,
    /// LIME: the local model's value where no feature matches the customer's.
    /// Contributions: log-odds of the average training row.
    pub intercept: f64,
    /// Intercept plus the sum of the weights.
    pub local_prediction: f64,
    /// LIME: share of the model's variance, over the artificial customers, that
    /// the local model explains.
    pub r2: Option<f64>,
    /// One per feature in schema order; 0 for a feature that was not selected.
    pub weights: Vec<f64>,
}

impl Explanation {
    /// Features and weights by |weight|, largest first; ties in schema order.
    pub fn ranked(&self) -> Vec<(usize, f64)> {
        let places = by_size(&self.weights).into_iter();
        places.map(|place| (place, self.weights[place])).collect()
    }
}
