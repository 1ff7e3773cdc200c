//! `GET /metrics`: the server's own figures, for Prometheus.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::api::Api;
use crate::error::Problems;

/// Tells the server's own figures in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", operation_id = "metrics", tag = "operation",
    responses((status = 200, description = "Done", body = String), Problems))]
pub async fn metrics(State(api): State<Arc<Api>>) -> impl IntoResponse {
    let text = api.telemetry.text(api.is_ready());
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    )
}
