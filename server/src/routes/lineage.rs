//! What came from what.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use churn_core::lineage::{Direction, Lineage};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::api::{Api, off_the_loop};
use crate::error::{ApiError, ApiResult, Problems};
use crate::lineage::{Records, graph};
use crate::query::{Checked, SelectionQuery, limit};
use crate::routes::predictions::{PredictionPage, page};

/// Which part of what came from what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LineageQuery {
    /// What this node came from and what came from it, by its id, or by its name
    /// if no other node has it; all nodes if nothing is said.
    #[param(nullable = false, max_length = 1000)]
    node: Option<String>,
    /// Which of both; both if nothing is said.
    #[serde(default)]
    #[param(inline)]
    direction: Direction,
    /// How many nodes of each kind at most, those first from which something came
    /// last: 1 to 1,000; 1,000 if nothing is said.
    #[param(nullable = false, minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// Whose predictions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ComingFromQuery {
    /// A node, by its id, or by its name if no other node has it.
    #[param(max_length = 1000)]
    node: String,
    /// First moment, in milliseconds since 1970.
    #[param(nullable = false, minimum = 0, maximum = 253402300799999i64)]
    from_ms: Option<i64>,
    /// Last moment, in milliseconds since 1970.
    #[param(nullable = false, minimum = 0, maximum = 253402300799999i64)]
    to_ms: Option<i64>,
    /// `next` of the page before.
    #[param(nullable = false, pattern = "^[0-9]{1,18}-[0-9]{1,18}$")]
    after: Option<String>,
    /// Most items of a page: 1 to 1,000; 100 if nothing is said.
    #[param(nullable = false, minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// Tells what came from what: sources, versions of tables, runs, builds,
/// deployments, predictions.
#[utoipa::path(get, path = "/api/v1/lineage", operation_id = "lineage", tag = "lineage",
    params(LineageQuery),
    responses((status = 200, description = "Done", body = Lineage), Problems))]
pub async fn tell(
    State(api): State<Arc<Api>>,
    Checked(Query(asked)): Checked<Query<LineageQuery>>,
) -> ApiResult<Json<Lineage>> {
    let limit = limit(asked.limit.or(Some(1000)))?;
    off_the_loop(move || {
        let all = read(&api)?;
        let part = match &asked.node {
            None => all,
            Some(node) => {
                let from = find(&all, node)?;
                let reached = all.reached(from, asked.direction);
                all.part(&reached)
            }
        };
        Ok(Json(part.newest(limit)))
    })
    .await?
}

/// Lists, by time, the predictions of all that came from a node.
#[utoipa::path(get, path = "/api/v1/lineage/predictions", operation_id = "predictions_from", tag = "lineage",
    params(ComingFromQuery),
    responses((status = 200, description = "Done", body = PredictionPage), Problems))]
pub async fn predictions(
    State(api): State<Arc<Api>>,
    Checked(Query(asked)): Checked<Query<ComingFromQuery>>,
) -> ApiResult<Json<PredictionPage>> {
    let limit = limit(asked.limit)?;
    let selection = SelectionQuery {
        model: None,
        from_ms: asked.from_ms,
        to_ms: asked.to_ms,
        after: asked.after,
        limit: None,
    };
    let mut selection = selection.check(&api.fleet)?;
    off_the_loop(move || {
        let all = read(&api)?;
        let reached = all.reached(find(&all, &asked.node)?, Direction::Downstream);
        let reached = all
            .nodes
            .iter()
            .zip(reached)
            .filter(|(_, reached)| *reached);
        let deployment = |id: &str| {
            let uuid = id.strip_prefix("deployment:");
            uuid.or_else(|| id.strip_prefix("predictions:"))?
                .parse()
                .ok()
        };
        let wanted: HashSet<Uuid> = reached
            .filter_map(|(node, _)| deployment(&node.id))
            .collect();
        let numbers = api.fleet.numbers(|record| wanted.contains(&record.uuid));
        if numbers.is_empty() {
            return Ok(Json(PredictionPage::default()));
        }
        selection.deployments = Some(numbers);
        page(&api, &selection, limit).map(Json)
    })
    .await?
}

fn read(api: &Api) -> ApiResult<Lineage> {
    Ok(graph(&api.store.lineage(Records::read)?))
}

fn find(all: &Lineage, node: &str) -> ApiResult<usize> {
    let found = all.find(node);
    found.map_err(|error| ApiError::unknown("node.unknown", "node", error.to_string()))
}
