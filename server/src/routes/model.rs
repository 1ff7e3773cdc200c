//! `POST /model`: a prediction with its explanation, as the workshop asks for it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use churn_core::Method;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{Api, Recording};
use crate::body::JsonBody;
use crate::described::Customer;
use crate::error::{ApiResult, Problems};
use crate::explain::ExplainOptions;
use crate::told::{Input, Weights};
use churn_core::whole::whole_or_null;

/// A call of a model.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelCall<'a> {
    /// Name of the model to ask; needed where several are deployed.
    #[serde(rename = "accessKey")]
    access_key: Option<String>,
    /// The customer: features and values. What is absent is filled in with the
    /// first level or the median, and named in the answer.
    #[serde(borrow)]
    #[schema(value_type = Customer)]
    request: &'a RawValue,
    /// How to explain; exact if nothing is said.
    method: Option<Method>,
    /// Features to report, the largest weights first; 10 if nothing is said.
    #[schema(minimum = 1, maximum = 10000)]
    #[serde(default, deserialize_with = "whole_or_null")]
    top: Option<usize>,
    /// Artificial customers, for the method sampled; 5,000 if nothing is said.
    #[schema(minimum = 10, maximum = 50000)]
    #[serde(default, deserialize_with = "whole_or_null")]
    samples: Option<usize>,
    /// Seed of the draw, for the method sampled; 0 if nothing is said.
    #[schema(maximum = 9007199254740991u64)]
    #[serde(default, deserialize_with = "whole_or_null")]
    seed: Option<u64>,
}

/// The answer to a call.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelAnswer<'a> {
    /// Always true: what fails is told by the status and an error.
    success: bool,
    response: ModelResponse<'a>,
}

/// The prediction with its names.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelResponse<'a> {
    /// The deployment that answered.
    #[schema(value_type = String)]
    model_deployment_crn: &'a str,
    prediction: ModelPrediction<'a>,
    /// The prediction's name, by which ground truth can be told later.
    uuid: Uuid,
}

/// The prediction.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelPrediction<'a> {
    /// The customer as it was scored.
    #[schema(value_type = Object)]
    data: Input<'a>,
    /// Probability of leaving.
    probability: f64,
    /// Weights by feature, the largest first.
    #[schema(value_type = Object)]
    explanation: Weights<'a>,
    /// Features that were filled in, where any were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>, required = false)]
    filled: Vec<&'a str>,
}

/// Asks a model.
///
/// The answer is recorded, and on disk, before it is sent.
#[utoipa::path(post, path = "/model", operation_id = "call_model", tag = "workshop", request_body = ModelCall,
    responses((status = 200, description = "Done", body = ModelAnswer), Problems))]
pub async fn call(State(api): State<Arc<Api>>, body: JsonBody) -> ApiResult<Response> {
    let call: ModelCall<'_> = body.parse()?;
    let explain = ExplainOptions {
        method: call.method,
        top: call.top,
        samples: call.samples,
        seed: call.seed,
    };
    let explain = explain.check()?;
    let live = api.fleet.live(call.access_key.as_deref(), "accessKey")?;
    let schema = &live.build.predictor.artefact().schema;
    let row = live.build.reader.read(call.request.get(), schema)?;
    let customer = live.build.complete_as_workshop(row);
    let answers = api
        .answer(&live, vec![customer], Some(explain), Recording::Full)
        .await?;
    let features = &schema.features;
    let told = answers.iter().find_map(|answer| {
        let (row, filled) = &answer.customer;
        Some(Json(ModelAnswer {
            success: true,
            response: ModelResponse {
                model_deployment_crn: &live.crn,
                prediction: ModelPrediction {
                    data: Input { features, row },
                    probability: answer.probability,
                    explanation: Weights {
                        features,
                        explanation: answer.explanation.as_ref()?,
                        top: explain.top,
                    },
                    filled: filled
                        .iter()
                        .map(|&at| features[at].name.as_str())
                        .collect(),
                },
                uuid: answer.uuid,
            },
        }))
    });
    told.map(|told| told.into_response())
        .ok_or_else(|| crate::error::ApiError::internal("one customer gave no answer"))
}
