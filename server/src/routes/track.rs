//! The workshop's ways to record metrics: with a prediction, after it, and of a
//! stretch of time.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::Api;
use crate::body::{JsonBody, Metrics};
use crate::error::{ApiError, ApiResult, Problems};
use crate::fleet;
use crate::routes::labels::{LabelReport, record_labels};
use crate::store::aggregates::NewAggregate;
use crate::store::labels::NewLabel;
use crate::store::predictions::Tracked;
use churn_core::whole::whole;

/// The latest moment that is taken: the year 9999.
const LATEST_MS: i64 = 253_402_300_799_999;

/// Metrics of a prediction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TrackMetrics {
    /// The deployment that answered.
    model_deployment_crn: String,
    /// When the request came.
    #[schema(minimum = 0, maximum = 253402300799999i64)]
    #[serde(deserialize_with = "whole")]
    start_timestamp_ms: i64,
    /// When the answer was made.
    #[schema(minimum = 0, maximum = 253402300799999i64)]
    #[serde(deserialize_with = "whole")]
    end_timestamp_ms: i64,
    /// The prediction's name.
    prediction_uuid: Uuid,
    /// Names and values.
    #[schema(schema_with = Metrics::description)]
    metrics: Metrics,
}

/// Metrics that came after a prediction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TrackDelayedMetrics {
    /// The deployment that answered.
    model_deployment_crn: Option<String>,
    /// The prediction's name.
    prediction_uuid: Uuid,
    /// Names and values.
    #[schema(schema_with = Metrics::description)]
    metrics: Metrics,
}

/// Metrics of a stretch of time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TrackAggregateMetrics {
    /// The deployment they are of; needed where several models are deployed.
    model_deployment_crn: Option<String>,
    /// First moment.
    #[schema(minimum = 0, maximum = 253402300799999i64)]
    #[serde(deserialize_with = "whole")]
    start_timestamp_ms: i64,
    /// Last moment.
    #[schema(minimum = 0, maximum = 253402300799999i64)]
    #[serde(deserialize_with = "whole")]
    end_timestamp_ms: i64,
    /// Names and values.
    #[schema(schema_with = Metrics::description)]
    metrics: Metrics,
}

/// Nothing more is to be said.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {}

/// Adds metrics to a prediction.
///
/// A name that was tracked before takes the new value. A prediction made
/// elsewhere is recorded with the times given.
#[utoipa::path(post, path = "/track-metrics", operation_id = "track_metrics", tag = "workshop", request_body = TrackMetrics,
    responses((status = 200, description = "Done", body = Done), Problems))]
pub async fn metrics(State(api): State<Arc<Api>>, body: JsonBody) -> ApiResult<Json<Done>> {
    let call: TrackMetrics = body.parse()?;
    let deployment = deployment(&api, Some(&call.model_deployment_crn))?;
    check_times(
        ("startTimestampMs", call.start_timestamp_ms),
        ("endTimestampMs", call.end_timestamp_ms),
    )?;
    let tracked = Tracked {
        uuid: call.prediction_uuid,
        deployment,
        start_ms: call.start_timestamp_ms,
        end_ms: call.end_timestamp_ms,
        metrics: call.metrics.0,
    };
    match api.store.track(tracked).await? {
        true => Ok(Json(Done {})),
        false => Err(ApiError::contradiction(
            StatusCode::CONFLICT,
            "modelDeploymentCrn",
            "the prediction is of another deployment",
        )),
    }
}

/// Adds metrics that came after a prediction: ground truth.
///
/// A value that is in force already changes nothing; another one is a
/// correction, and each is kept with its time. What comes before its prediction waits for it.
#[utoipa::path(post, path = "/track-delayed-metrics", operation_id = "track_delayed_metrics", tag = "workshop",
    request_body = TrackDelayedMetrics, responses((status = 200, description = "Done", body = LabelReport), Problems))]
pub async fn delayed(State(api): State<Arc<Api>>, body: JsonBody) -> ApiResult<Json<LabelReport>> {
    let call: TrackDelayedMetrics = body.parse()?;
    if call.model_deployment_crn.is_some() {
        deployment(&api, call.model_deployment_crn.as_deref())?;
    }
    let label = |(key, value): (String, serde_json::Value)| NewLabel {
        uuid: call.prediction_uuid,
        key,
        value: value.to_string(),
    };
    let mut report = LabelReport::default();
    let labels = call.metrics.0.into_iter().map(label).collect();
    record_labels(&api, labels, &mut report).await?;
    Ok(Json(report))
}

/// Records metrics of a stretch of time.
#[utoipa::path(post, path = "/track-aggregate-metrics", operation_id = "track_aggregate_metrics", tag = "workshop",
    request_body = TrackAggregateMetrics, responses((status = 200, description = "Done", body = Done), Problems))]
pub async fn aggregate(State(api): State<Arc<Api>>, body: JsonBody) -> ApiResult<Json<Done>> {
    let call: TrackAggregateMetrics = body.parse()?;
    let (start_ms, end_ms) = (call.start_timestamp_ms, call.end_timestamp_ms);
    check_times(("startTimestampMs", start_ms), ("endTimestampMs", end_ms))?;
    let new = NewAggregate {
        deployment: deployment(&api, call.model_deployment_crn.as_deref())?,
        start_ms,
        end_ms,
        metrics: serde_json::Value::Object(call.metrics.0).to_string(),
    };
    api.store.aggregate(new).await?;
    Ok(Json(Done {}))
}

/// The number of the deployment of this name; without one, of the only model's.
fn deployment(api: &Api, crn: Option<&str>) -> ApiResult<i64> {
    let field = "modelDeploymentCrn";
    let Some(crn) = crn else {
        return Ok(api.fleet.live(None, field)?.record.id);
    };
    let uuid = fleet::uuid_of(crn);
    let found = api.fleet.numbers(|record| Some(record.uuid) == uuid);
    found.first().copied().ok_or_else(|| {
        ApiError::unknown(
            "deployment.unknown",
            field,
            "no deployment of this name is known",
        )
    })
}

/// Checks two moments, each with its field's name.
///
/// # Errors
/// When one is out of range or the last is before the first.
pub fn check_times(first: (&str, i64), last: (&str, i64)) -> ApiResult<()> {
    for (field, ms) in [first, last] {
        if !(0..=LATEST_MS).contains(&ms) {
            let expected = "milliseconds since 1970, up to the year 9999";
            return Err(ApiError::field(field, expected, ms.to_string()));
        }
    }
    if last.1 < first.1 {
        let message = format!("{} is before {}", last.0, first.0);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(ApiError::contradiction(status, last.0, message));
    }
    Ok(())
}
