//! Runs of experiments: searched, looked into and compared.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use churn_core::ErrorCode;
use churn_core::runs::{Comparison, Run, Runs};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::{Api, off_the_loop};
use crate::error::{ApiError, ApiResult, Problems};
use crate::experiment::{comparison, query};
use crate::query::{Checked, limit};
use crate::routes::tables::failed;
use crate::store::runs;

/// Which runs, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RunsQuery {
    /// Those of this experiment; of all if nothing is said.
    #[param(nullable = false)]
    experiment: Option<String>,
    /// Those for which this holds, such as `metrics.test_score > 0.79 and
    /// params.kernel = 'linear'`.
    #[param(nullable = false, max_length = 4000)]
    query: Option<String>,
    /// In this order, such as `metrics.test_score desc`; those of the newest
    /// experiment first if nothing is said.
    #[param(nullable = false, max_length = 4000)]
    order: Option<String>,
    /// How many at most: 1 to 1,000; 100 if nothing is said.
    #[param(nullable = false, minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// Lists the runs of experiments.
#[utoipa::path(get, path = "/api/v1/runs", operation_id = "list_runs", tag = "experiments",
    params(RunsQuery),
    responses((status = 200, description = "Done", body = Runs), Problems))]
pub async fn list(
    State(api): State<Arc<Api>>,
    Checked(Query(asked)): Checked<Query<RunsQuery>>,
) -> ApiResult<Json<Runs>> {
    let limit = limit(asked.limit)?;
    let found = off_the_loop(move || {
        let experiment = asked.experiment.as_deref();
        let all = api
            .store
            .runs(|connection| runs::all(connection, experiment))?;
        let query = query::Query {
            condition: asked.query.as_deref(),
            order: asked.order.as_deref(),
            limit: Some(limit),
        };
        query.choose(all).map_err(not_understood)
    });
    Ok(Json(found.await??))
}

/// Runs that are compared.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ComparisonQuery {
    /// Names of 2 to 20 runs, with commas between them; the first is compared with
    /// each of the others.
    #[param(max_length = 4000)]
    runs: String,
}

/// Tells what differs between runs, and whether by more than chance.
#[utoipa::path(get, path = "/api/v1/runs/compare", operation_id = "compare_runs", tag = "experiments",
    params(ComparisonQuery),
    responses((status = 200, description = "Done", body = Comparison), Problems))]
pub async fn compare(
    State(api): State<Arc<Api>>,
    Checked(Query(asked)): Checked<Query<ComparisonQuery>>,
) -> ApiResult<Json<Comparison>> {
    let compared = off_the_loop(move || {
        let names: Vec<&str> = asked.runs.split(',').collect();
        if names.len() > comparison::MOST_RUNS {
            let expected = format!("2 to {} runs", comparison::MOST_RUNS);
            let got = names.len().to_string();
            let error = churn_core::Error::mismatch(ErrorCode::Parameter, expected, got);
            return Err(not_understood(error.in_field("runs")));
        }
        let mut compared = Vec::new();
        for name in names {
            let found = api.store.runs(|connection| {
                let Some(record) = runs::find(connection, name)? else {
                    return Ok(None);
                };
                let held_out = runs::held_out(connection, record.id)?;
                Ok(Some((record, held_out)))
            })?;
            compared.push(found.ok_or_else(|| unknown(name))?);
        }
        comparison::compare(compared).map_err(not_understood)
    });
    Ok(Json(compared.await??))
}

/// Tells all of a run.
#[utoipa::path(get, path = "/api/v1/runs/{run}", operation_id = "describe_run", tag = "experiments",
    params(("run" = String, Path, description = "Name of the run")),
    responses((status = 200, description = "Done", body = Run), Problems))]
pub async fn one(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
) -> ApiResult<Json<Run>> {
    let found = off_the_loop(move || {
        let found = api.store.runs(|connection| runs::find(connection, &name))?;
        found.ok_or_else(|| unknown(&name))
    });
    Ok(Json(found.await??.run))
}

/// The request is well formed; what its words ask for cannot be.
pub(super) fn not_understood(error: churn_core::Error) -> ApiError {
    match failed(error) {
        told if told.status == StatusCode::BAD_REQUEST => ApiError {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            ..told
        },
        told => told,
    }
}

fn unknown(name: &str) -> ApiError {
    ApiError::unknown("run.unknown", "run", format!("no run '{name}'"))
}
