//! Metrics of stretches of time.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{Api, off_the_loop};
use crate::body::{JsonBody, Metrics};
use crate::error::{ApiResult, Problems};
use crate::query::{Checked, SelectionQuery, cursor, limit};
use crate::routes::track::check_times;
use crate::store::aggregates::NewAggregate;
use churn_core::whole::whole;

/// Metrics of a stretch of time, to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    /// Name of the model; needed where several are deployed.
    model: Option<String>,
    /// First moment, in milliseconds since 1970.
    #[schema(minimum = 0, maximum = 253402300799999i64)]
    #[serde(deserialize_with = "whole")]
    start_ms: i64,
    /// Last moment, in milliseconds since 1970.
    #[schema(minimum = 0, maximum = 253402300799999i64)]
    #[serde(deserialize_with = "whole")]
    end_ms: i64,
    /// Names and values.
    #[schema(schema_with = Metrics::description)]
    metrics: Metrics,
}

/// Where an aggregate was put.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recorded {
    /// Its number.
    id: i64,
}

/// A page of aggregates.
#[derive(Debug, Serialize, ToSchema)]
pub struct AggregatePage {
    /// By their first moment.
    aggregates: Vec<ToldAggregate>,
    /// To be given as `after` for the next page; null at the end.
    next: Option<String>,
}

/// Metrics of a stretch of time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldAggregate {
    /// Its number.
    id: i64,
    /// Name of the model.
    model: String,
    /// The deployment it is of.
    deployment: Uuid,
    /// First moment, in milliseconds since 1970.
    start_ms: i64,
    /// Last moment, in milliseconds since 1970.
    end_ms: i64,
    /// When it came, in milliseconds since 1970.
    recorded_ms: i64,
    /// Names and values.
    #[schema(value_type = Object)]
    metrics: Value,
}

/// Records metrics of a stretch of time.
#[utoipa::path(post, path = "/api/v1/aggregates", operation_id = "add_aggregate", tag = "aggregates", request_body = Aggregate,
    responses((status = 200, description = "Done", body = Recorded), Problems))]
pub async fn add(State(api): State<Arc<Api>>, body: JsonBody) -> ApiResult<Json<Recorded>> {
    let call: Aggregate = body.parse()?;
    check_times(("start_ms", call.start_ms), ("end_ms", call.end_ms))?;
    let new = NewAggregate {
        deployment: api.fleet.live(call.model.as_deref(), "model")?.record.id,
        start_ms: call.start_ms,
        end_ms: call.end_ms,
        metrics: Value::Object(call.metrics.0).to_string(),
    };
    let id = api.store.aggregate(new).await?;
    Ok(Json(Recorded { id }))
}

/// Lists aggregates by their first moment.
#[utoipa::path(get, path = "/api/v1/aggregates", operation_id = "list_aggregates", tag = "aggregates", params(SelectionQuery),
    responses((status = 200, description = "Done", body = AggregatePage), Problems))]
pub async fn list(
    State(api): State<Arc<Api>>,
    Checked(Query(query)): Checked<Query<SelectionQuery>>,
) -> ApiResult<Json<AggregatePage>> {
    let limit = limit(query.limit)?;
    let selection = query.check(&api.fleet)?;
    off_the_loop(move || {
        let records = api.store.aggregates(&selection, limit)?;
        let last = records.last().filter(|_| records.len() == limit);
        let next = last.map(|last| cursor(last.aggregate.start_ms, last.id));
        let mut aggregates = Vec::with_capacity(records.len());
        for record in records {
            let new = record.aggregate;
            let deployment = api.fleet.record(new.deployment)?;
            aggregates.push(ToldAggregate {
                id: record.id,
                model: deployment.build.model,
                deployment: deployment.uuid,
                start_ms: new.start_ms,
                end_ms: new.end_ms,
                recorded_ms: record.recorded_ms,
                metrics: serde_json::from_str(&new.metrics).unwrap_or_default(),
            });
        }
        Ok(Json(AggregatePage { aggregates, next }))
    })
    .await?
}
