//! Whether the server lives, and whether it can be relied on.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::Api;
use crate::error::{ApiError, ApiResult};

/// Says that the process answers.
#[utoipa::path(get, path = "/health/live", operation_id = "live", tag = "operation", security(()),
    responses((status = 200, description = "Done", body = String)))]
pub async fn live() -> &'static str {
    "ok\n"
}

/// Says that predictions can be made and recorded.
#[utoipa::path(get, path = "/health/ready", operation_id = "ready", tag = "operation", security(()),
    responses((status = 200, description = "Done", body = String), (status = 503, description = "Not now", body = crate::error::ErrorBody)))]
pub async fn ready(State(api): State<Arc<Api>>) -> ApiResult<&'static str> {
    if let Some(trouble) = api.store.trouble() {
        return Err(trouble.into());
    }
    match api.is_ready() {
        true => Ok("ready\n"),
        false => Err(ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "model.none",
            "no model is deployed yet: `churn deploy` does it",
        )),
    }
}
