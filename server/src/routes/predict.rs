//! Predictions and explanations of one customer or many.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use churn_core::{Explanation, Method};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::{Api, Customer, Recording};
use crate::body::{JsonBody, Object};
use crate::build::Build;
use crate::described;
use crate::error::{ApiError, ApiResult, Problems};
use crate::explain::{Explain, ExplainOptions};
use crate::fleet::Live;
use crate::query::Checked;
use crate::told::decision;

/// Most customers of a request.
const MOST: usize = 1000;

/// Most artificial customers that a request draws, all its customers together.
const MOST_SAMPLES: usize = 2_000_000;

/// Customers to score.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PredictCall<'a> {
    /// Name of the model; needed where several are deployed.
    model: Option<String>,
    /// Features and values of each; what is absent is filled in by the model's
    /// rules, and named in the answer.
    #[serde(borrow)]
    #[schema(value_type = Vec<described::Customer>, min_items = 1, max_items = 1000)]
    customers: Vec<&'a RawValue>,
}

/// Customers to explain.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainCall<'a> {
    /// Name of the model; needed where several are deployed.
    model: Option<String>,
    /// Features and values of each; what is absent is filled in by the model's
    /// rules, and named in the answer.
    #[serde(borrow)]
    #[schema(value_type = Vec<described::Customer>, min_items = 1, max_items = 1000)]
    customers: Vec<&'a RawValue>,
    /// How.
    #[serde(default)]
    #[schema(value_type = ExplainOptions, required = false)]
    explain: Object<ExplainOptions>,
}

/// Whether to record, and how surely.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RecordQuery {
    /// `false`: the answers are not recorded, and get no uuid.
    #[param(nullable = false)]
    record: Option<bool>,
    /// `relaxed`: the answers are sent before they are on disk, and say so; a
    /// crash at that moment loses them. `full` if nothing is said.
    #[param(nullable = false, inline)]
    durability: Option<Durability>,
}

/// When answers that are recorded are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Durability {
    /// When they are on disk.
    Full,
    /// Before that.
    Relaxed,
}

impl RecordQuery {
    fn check(&self) -> ApiResult<Recording> {
        match (self.record, self.durability) {
            (None | Some(true), None | Some(Durability::Full)) => Ok(Recording::Full),
            (None | Some(true), Some(Durability::Relaxed)) => Ok(Recording::Relaxed),
            (Some(false), None) => Ok(Recording::None),
            (Some(false), Some(_)) => Err(ApiError::contradiction(
                StatusCode::UNPROCESSABLE_ENTITY,
                "durability",
                "what is not recorded is not durable",
            )),
        }
    }
}

/// Scores.
#[derive(Debug, Serialize, ToSchema)]
pub struct Predictions {
    /// Name of the model that answered.
    model: String,
    /// Its build.
    build: Uuid,
    /// Its deployment.
    deployment: Uuid,
    /// `relaxed` where that was asked: a crash may still lose these answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    durability: Option<Durability>,
    /// One per customer, in order.
    predictions: Vec<Prediction>,
}

/// A score.
#[derive(Debug, Serialize, ToSchema)]
pub struct Prediction {
    /// The prediction's name, where it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    uuid: Option<Uuid>,
    /// Probability of leaving.
    probability: f64,
    /// The class decided for.
    decision: String,
    /// Features that were filled in.
    filled: Vec<String>,
    /// Why, where that was asked; weights are in the order of the schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    explanation: Option<Explanation>,
}

/// Scores customers.
#[utoipa::path(post, path = "/api/v1/predict", operation_id = "predict", tag = "predictions", params(RecordQuery),
    request_body = PredictCall, responses((status = 200, description = "Done", body = Predictions), Problems))]
pub async fn predict(
    State(api): State<Arc<Api>>,
    Checked(Query(query)): Checked<Query<RecordQuery>>,
    body: JsonBody,
) -> ApiResult<Json<Predictions>> {
    let call: PredictCall<'_> = body.parse()?;
    let live = api.fleet.live(call.model.as_deref(), "model")?;
    answer(&api, &live, &call.customers, None, &query).await
}

/// Scores customers and says why.
#[utoipa::path(post, path = "/api/v1/explain", operation_id = "explain", tag = "predictions", params(RecordQuery),
    request_body = ExplainCall, responses((status = 200, description = "Done", body = Predictions), Problems))]
pub async fn explain(
    State(api): State<Arc<Api>>,
    Checked(Query(query)): Checked<Query<RecordQuery>>,
    body: JsonBody,
) -> ApiResult<Json<Predictions>> {
    let call: ExplainCall<'_> = body.parse()?;
    let explain = call.explain.0.check()?;
    let live = api.fleet.live(call.model.as_deref(), "model")?;
    answer(&api, &live, &call.customers, Some(explain), &query).await
}

async fn answer(
    api: &Api,
    live: &Arc<Live>,
    customers: &[&RawValue],
    explain: Option<Explain>,
    query: &RecordQuery,
) -> ApiResult<Json<Predictions>> {
    if !(1..=MOST).contains(&customers.len()) {
        let got = customers.len().to_string();
        return Err(ApiError::field("customers", "1 to 1,000 customers", got));
    }
    let samples = explain
        .filter(|how| how.method == Method::Sampled)
        .map(|how| how.samples);
    if samples.unwrap_or(0) * customers.len() > MOST_SAMPLES {
        let expected = "at most 2,000,000 for all customers together";
        let got = format!("{} for each", samples.unwrap_or(0));
        return Err(ApiError::field("explain.samples", expected, got));
    }
    let build = &live.build;
    let customers = read(build, customers)?;
    let recording = query.check()?;
    let answers = api.answer(live, customers, explain, recording).await?;
    let features = &build.predictor.artefact().schema.features;
    let told = answers.into_iter().map(|answer| Prediction {
        uuid: (recording != Recording::None).then_some(answer.uuid),
        probability: answer.probability,
        decision: decision(build, answer.probability)
            .unwrap_or_default()
            .into(),
        filled: answer
            .customer
            .1
            .iter()
            .map(|&at| features[at].name.clone())
            .collect(),
        explanation: answer.explanation,
    });
    Ok(Json(Predictions {
        model: live.record.build.model.clone(),
        build: live.record.build.uuid,
        deployment: live.record.uuid,
        durability: (recording == Recording::Relaxed).then_some(Durability::Relaxed),
        predictions: told.collect(),
    }))
}

/// The customers of a request, completed by the model's rules.
fn read(build: &Build, customers: &[&RawValue]) -> ApiResult<Vec<Customer>> {
    let schema = &build.predictor.artefact().schema;
    let customer = |(at, json): (usize, &&RawValue)| {
        let row = build.reader.read(json.get(), schema);
        row.map(|row| build.predictor.complete(&row))
            .map_err(|error| error.within(&format!("customers[{at}]")))
    };
    customers.iter().enumerate().map(customer).collect()
}
