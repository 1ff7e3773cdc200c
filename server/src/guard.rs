//! What every request and every answer passes: the request's id, the checks of
//! [`crate::origin`], the time taken, errors in their one shape, and the headers
//! that keep browsers safe.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, RETRY_AFTER,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use churn_core::artefact::hexadecimal;
use tower_http::cors::CorsLayer;

use crate::clock;
use crate::error::{ApiError, ErrorBody, ErrorDetail};
use crate::origin::Origins;
use crate::telemetry::{OTHER, Telemetry};

/// Names a request, in its answer and in the log.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Whom the server listens to, and what it counts.
#[derive(Debug)]
pub struct Guard {
    origins: Origins,
    telemetry: Arc<Telemetry>,
    /// What ids of requests begin with: another at every start.
    run: String,
    count: AtomicU64,
}

impl Guard {
    /// A guard of a server that knows these names and pages.
    pub fn new(origins: Origins, telemetry: Arc<Telemetry>) -> Self {
        Self {
            origins,
            telemetry,
            run: hexadecimal(&clock::random::<4>()),
            count: AtomicU64::new(0),
        }
    }

    /// Whom browsers are told that pages of other sites may ask, if any.
    pub fn cors(&self) -> Option<CorsLayer> {
        self.origins.cors()
    }

    /// The caller's id of the request, if it is fit for a log, or a new one.
    fn request_id(&self, headers: &HeaderMap) -> String {
        const LONGEST: usize = 64;
        let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
        let fits = |id: &&str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            (1..=LONGEST).contains(&id.len()) && id.bytes().all(plain)
        };
        match given.filter(fits) {
            Some(id) => id.to_owned(),
            None => format!("{}-{}", self.run, self.count.fetch_add(1, Relaxed)),
        }
    }
}

/// Guards a request and its answer.
pub async fn guard(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = guard.request_id(request.headers());
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let is_api = path.is_some() || request.uri().path().starts_with("/api/");
    let _active = Active::new(&guard.telemetry);
    let mut response = match guard.origins.check(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    let error = response.extensions_mut().remove::<ApiError>();
    if let Some(error) = error.or_else(|| is_api.then(|| plain(response.status()))?) {
        if let Some(reason) = &error.internal {
            tracing::error!(request_id = id, code = error.code, reason, "request failed");
        }
        let allowed = response.headers_mut().remove(ALLOW);
        response = written(&error, &id);
        response
            .headers_mut()
            .extend(allowed.map(|methods| (ALLOW, methods)));
    }
    set_headers(response.headers_mut(), &id, is_api);
    let route = path.as_ref().map_or(OTHER, MatchedPath::as_str);
    let (status, duration) = (response.status().as_u16(), start.elapsed());
    let method = known(&method);
    guard.telemetry.request(method, route, status, duration);
    log(&id, method, route, status, duration);
    response
}

/// The method's name, of which a client must not make up any number.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}

/// A line of the log. It names the route, not the path, and no header or body:
/// nothing of a customer, and no key.
fn log(id: &str, method: &str, route: &str, status: u16, duration: Duration) {
    let us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    tracing::debug!(request_id = id, method, route, status, us, "answered");
}

/// An error that came without words, from routing.
fn plain(status: StatusCode) -> Option<ApiError> {
    let (code, message) = match status {
        StatusCode::NOT_FOUND => ("route.unknown", "there is nothing here"),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("route.method", "this address does not take this method")
        }
        _ => return None,
    };
    Some(ApiError::new(status, code, message))
}

/// Where nothing is.
pub async fn nothing() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "route.unknown",
        "there is nothing here",
    )
}

fn written(error: &ApiError, id: &str) -> Response {
    let body = ErrorBody {
        error: ErrorDetail {
            code: error.code,
            message: &error.message,
            field: error.field.as_deref(),
            expected: error.expected.as_deref(),
            got: error.got.as_deref(),
            request_id: id,
        },
    };
    let mut response = (error.status, Json(body)).into_response();
    let headers = response.headers_mut();
    if let Some(seconds) = error.retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    if error.status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Headers that keep a browser from guessing types, telling other sites where
/// it came from, showing the page inside another one or handing it to one, and
/// keeping what the API answered. The page brings its own policy, which lets its own code run.
fn set_headers(headers: &mut HeaderMap, id: &str, is_api: bool) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    if is_api {
        let policy = "default-src 'none'; frame-ancestors 'none'";
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

/// Counts a request as under way, until it is answered or dropped.
struct Active<'a>(&'a Telemetry);

impl<'a> Active<'a> {
    fn new(telemetry: &'a Telemetry) -> Self {
        telemetry.active.fetch_add(1, Relaxed);
        Self(telemetry)
    }
}

impl Drop for Active<'_> {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, Relaxed);
    }
}
