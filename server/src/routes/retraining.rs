//! Rules on models, and what was decided by them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use churn_core::retraining::{Retraining, Rules};

use super::registry::unknown;
use super::runs::not_understood;
use crate::api::{Api, off_the_loop};
use crate::body::JsonBody;
use crate::clock::now_ms;
use crate::error::{ApiError, ApiResult, Problems};
use crate::query::Checked;
use crate::store::registry;

/// Looks that are told.
const TOLD: usize = 50;

/// Tells the rules of a model, what is broken, and what was done.
#[utoipa::path(get, path = "/api/v1/models/{name}/retraining", operation_id = "retraining", tag = "retraining",
    params(("name" = String, Path, description = "Name of the model")),
    responses((status = 200, description = "Done", body = Retraining), Problems))]
pub async fn tell(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
) -> ApiResult<Json<Retraining>> {
    let told = off_the_loop(move || {
        known(&api, &name)?;
        Ok::<_, ApiError>(api.store.retraining(&name, TOLD)?)
    });
    Ok(Json(told.await??))
}

/// Sets the rules of a model, in the place of those it has.
///
/// They are looked at by `churn retrain run`, or by a job.
#[utoipa::path(put, path = "/api/v1/models/{name}/retraining", operation_id = "set_rules", tag = "retraining",
    params(("name" = String, Path, description = "Name of the model")), request_body = Rules,
    responses((status = 204, description = "Done"), Problems))]
pub async fn set(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
    body: JsonBody,
) -> ApiResult<StatusCode> {
    let rules: Rules = body.parse()?;
    if rules.model != name {
        let message = format!(
            "expected '{name}', as in the address, got '{}'",
            rules.model
        );
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(ApiError::contradiction(status, "model", message));
    }
    rules.check().map_err(not_understood)?;
    let is_known = off_the_loop({
        let (api, name) = (Arc::clone(&api), name.clone());
        move || known(&api, &name)
    });
    is_known.await??;
    api.store.set_rules(name, Some(rules), now_ms()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the rules of a model away. What was done by them stays known.
#[utoipa::path(delete, path = "/api/v1/models/{name}/retraining", operation_id = "forget_rules", tag = "retraining",
    params(("name" = String, Path, description = "Name of the model")),
    responses((status = 204, description = "Done"), Problems))]
pub async fn forget(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
) -> ApiResult<StatusCode> {
    let is_known = off_the_loop({
        let (api, name) = (Arc::clone(&api), name.clone());
        move || known(&api, &name)
    });
    is_known.await??;
    api.store.set_rules(name, None, now_ms()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes sure that there is such a model.
fn known(api: &Api, name: &str) -> ApiResult<()> {
    let builds = api
        .store
        .registry(|connection| registry::builds(connection, name))?;
    match builds.is_empty() {
        true => Err(unknown(format!("no model '{name}'"))),
        false => Ok(()),
    }
}
