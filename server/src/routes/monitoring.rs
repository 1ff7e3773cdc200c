//! How deployments do: what the monitoring page shows.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use churn_core::monitoring::{Deployment, Monitoring, Reason, Recent, RecentPrediction, Reported};
use churn_core::profile::Profile;
use churn_core::{Feature, Value};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::api::{Api, off_the_loop};
use crate::build::Build;
use crate::error::{ApiError, ApiResult, Problems};
use crate::monitor::outcome;
use crate::query::{Checked, limit, times};
use crate::store::deployments::DeploymentRecord;
use crate::store::predictions::Selection;
use crate::timeline::grouped;
use crate::told::{LABEL, Told};

/// Fewest predictions of a point: of fewer, an accuracy says next to nothing.
const LEAST: u64 = 100;

/// Most accuracies from outside that are told.
const MOST_REPORTED: usize = 1000;

/// Reasons told of a prediction.
const REASONS: usize = 5;

/// Which predictions are looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MonitoringQuery {
    /// Name of the deployment; the newest if nothing is said.
    #[param(nullable = false)]
    deployment: Option<Uuid>,
    /// First moment, in milliseconds since 1970.
    #[param(nullable = false, minimum = 0, maximum = 253402300799999i64)]
    from_ms: Option<i64>,
    /// Last moment, in milliseconds since 1970.
    #[param(nullable = false, minimum = 0, maximum = 253402300799999i64)]
    to_ms: Option<i64>,
    /// Most points, or predictions, that are told: 1 to 1,000; 100 if nothing is
    /// said. A point has at least a hundred predictions.
    #[param(nullable = false, minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// A query, checked.
struct Asked {
    record: DeploymentRecord,
    build: Arc<Build>,
    from_ms: i64,
    to_ms: i64,
    limit: usize,
}

impl MonitoringQuery {
    fn check(&self, api: &Api) -> ApiResult<Asked> {
        let (from_ms, to_ms) = times(("from_ms", self.from_ms), ("to_ms", self.to_ms))?;
        let known = api
            .fleet
            .numbers(|record| self.deployment.is_none_or(|uuid| uuid == record.uuid));
        let newest = known.last().ok_or_else(|| {
            let message = "no deployment of this name is known";
            ApiError::unknown("deployment.unknown", "deployment", message)
        })?;
        let (record, build) = api.fleet.of(&api.store, *newest)?;
        Ok(Asked {
            record,
            build,
            from_ms,
            to_ms,
            limit: limit(self.limit)?,
        })
    }
}

/// Tells how a deployment does in a range of time.
///
/// The range is told to about a hundredth of its age. An answer that has not
/// changed since `ETag` was told is not sent again.
#[utoipa::path(get, path = "/api/v1/monitoring", operation_id = "monitoring", tag = "monitoring", params(MonitoringQuery),
    responses((status = 200, description = "Done", body = Monitoring),
        (status = 304, description = "As before"), Problems))]
pub async fn tell(
    State(api): State<Arc<Api>>,
    Checked(Query(query)): Checked<Query<MonitoringQuery>>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let body = off_the_loop(move || {
        let told = monitoring(&api, &query.check(&api)?)?;
        serde_json::to_vec(&told).map_err(|error| ApiError::internal(error.to_string()))
    })
    .await??;
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    let seen = headers.get(IF_NONE_MATCH);
    if seen.is_some_and(|seen| seen.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let headers = [(CONTENT_TYPE, "application/json".into()), (ETAG, tag)];
    Ok((headers, body).into_response())
}

fn monitoring(api: &Api, asked: &Asked) -> ApiResult<Monitoring> {
    let basis = &asked.build.basis;
    let known = api.monitor.refresh(api)?;
    let mut all = Profile::default();
    let (mut points, mut span) = (Vec::new(), (0, 0));
    if let Some(timeline) = known.of(asked.record.id) {
        let segments = timeline.range(asked.from_ms, asked.to_ms);
        for segment in segments {
            all.merge(&segment.sums);
        }
        if let (Some(first), Some(last)) = (segments.first(), segments.last()) {
            span = (first.first_ms, last.last_ms);
        }
        let least = all.answers().div_ceil(asked.limit as u64).max(LEAST);
        let groups = grouped(segments, least, Profile::answers);
        let point = groups
            .iter()
            .map(|group| group.sums.point(basis, group.first_ms, group.last_ms));
        points.extend(point);
    }
    let behind = known.behind();
    drop(known);
    let target = asked.build.target();
    let class = |negative: bool| {
        let name = target.map(|target| match negative {
            true => target.negative.clone(),
            false => target.positive.clone(),
        });
        name.unwrap_or_default()
    };
    Ok(Monitoring {
        deployments: deployments(api)?,
        deployment: asked.record.uuid.hyphenated().to_string(),
        behind,
        negative: class(true),
        positive: class(false),
        points,
        total: all.point(basis, span.0, span.1),
        gap: all.gap(basis),
        calibration: all.calibration(),
        drift: all.drift(basis),
        reported: reported(api, asked)?,
        traffic: api.monitor.traffic(asked.from_ms, asked.to_ms, asked.limit),
    })
}

/// Every deployment, the newest first.
fn deployments(api: &Api) -> ApiResult<Vec<Deployment>> {
    let live: Vec<i64> = api
        .fleet
        .all_live()
        .iter()
        .map(|live| live.record.id)
        .collect();
    let mut all = Vec::new();
    for id in api.fleet.numbers(|_| true).into_iter().rev() {
        let record = api.fleet.record(id)?;
        all.push(Deployment {
            uuid: record.uuid.hyphenated().to_string(),
            model: record.build.model,
            created_ms: record.created_ms,
            live: live.contains(&id),
        });
    }
    Ok(all)
}

/// Accuracies among the aggregates of a deployment.
fn reported(api: &Api, asked: &Asked) -> ApiResult<Vec<Reported>> {
    let selection = Selection {
        from_ms: asked.from_ms,
        to_ms: asked.to_ms,
        deployments: Some(vec![asked.record.id]),
        after: None,
    };
    let records = api.store.aggregates(&selection, MOST_REPORTED)?;
    let accuracies = records.iter().filter_map(|record| {
        let metrics: serde_json::Value = serde_json::from_str(&record.aggregate.metrics).ok()?;
        Some(Reported {
            start_ms: record.aggregate.start_ms,
            end_ms: record.aggregate.end_ms,
            accuracy: metrics.get("accuracy")?.as_f64()?,
        })
    });
    Ok(accuracies.collect())
}

/// Tells the newest predictions of a deployment with their reasons.
#[utoipa::path(get, path = "/api/v1/monitoring/predictions", operation_id = "recent_predictions", tag = "monitoring",
    params(MonitoringQuery), responses((status = 200, description = "Done", body = Recent), Problems))]
pub async fn recent(
    State(api): State<Arc<Api>>,
    Checked(Query(query)): Checked<Query<MonitoringQuery>>,
) -> ApiResult<Json<Recent>> {
    off_the_loop(move || {
        let asked = query.check(&api)?;
        let (from, to) = (asked.from_ms, asked.to_ms);
        let records = api.store.newest(asked.record.id, from, to, asked.limit)?;
        let tell = |record| recent_prediction(&asked.build, &Told::new(&api, record)?);
        let predictions = records.into_iter().map(tell).collect::<ApiResult<_>>()?;
        Ok(Json(Recent { predictions }))
    })
    .await?
}

fn recent_prediction(build: &Build, told: &Told) -> ApiResult<RecentPrediction> {
    let record = &told.record;
    let probability = record.probability.unwrap_or_default();
    let features = &build.predictor.artefact().schema.features;
    let reasons = told.customer.iter().flat_map(|(row, _)| {
        let ranked = build.predictor.explain_exact(row).ranked();
        ranked.into_iter().take(REASONS).map(|(at, weight)| Reason {
            feature: features[at].name.clone(),
            value: text(&features[at], row.0[at]),
            weight,
        })
    });
    Ok(RecentPrediction {
        uuid: record.uuid.hyphenated().to_string(),
        start_ms: record.start_ms,
        duration_us: record.duration_us,
        probability,
        leaves: build.leaves(probability),
        left: told.label(LABEL).and_then(|label| outcome(build, label)),
        reasons: reasons.collect(),
    })
}

/// A value as people read it.
fn text(feature: &Feature, value: Value) -> String {
    match value {
        Value::Number(x) => x.to_string(),
        Value::Level(code) => {
            let level = feature.levels().get(usize::from(code));
            level.cloned().unwrap_or_default()
        }
        Value::Missing => String::new(),
    }
}
