//! All routes, and the headers of every answer.

use std::path::Path;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;

use crate::site;

/// The server's routes. `folder` is that of the built page, if it is served.
pub fn router(folder: Option<&Path>) -> Router {
    let routes = Router::new().route("/health/live", get(live));
    let routes = match folder {
        Some(folder) => routes.fallback_service(site::service(folder)),
        None => routes.route("/", get(site::absent)),
    };
    routes.layer(map_response(secure))
}

/// Says that the process answers.
async fn live() -> &'static str {
    "ok\n"
}

/// Headers that keep a browser from guessing types, telling other sites where
/// it came from, and showing the page inside another one.
async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}
