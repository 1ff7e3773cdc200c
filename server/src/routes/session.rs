//! Sessions of the page: a key is exchanged for a cookie.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Method;
use axum::http::header::{HeaderMap, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::Api;
use crate::auth::{Role, UNKNOWN, hash};
use crate::body::JsonBody;
use crate::caller::{Caller, wait_for_keys};
use crate::error::{ApiResult, Problems};
use crate::session::check_page;

/// Most bytes of a request that anybody may send.
const SIGN_IN: u64 = 1000;

/// A key, to be exchanged for a session. It is never written out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The key, from `churn key create`.
    #[schema(format = Password)]
    key: String,
}

/// What the page is to the server.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// No key is asked for.
    Open,
    /// There is a good key.
    SignedIn,
    /// There is none, or none any more.
    SignedOut,
}

/// What the page is to the server, and what it may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    state: Standing,
    /// Name of the key, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// What is allowed: `predict`, `record`, `read`, or `admin`, which is all of
    /// it; an open server allows that.
    roles: Vec<String>,
}

impl Session {
    fn of(caller: &Caller) -> Self {
        let (state, name, roles) = match caller {
            Caller::Anybody => (Standing::Open, None, vec![Role::Admin.to_string()]),
            Caller::Known(key) => {
                let roles = key.roles.split(',').map(str::to_owned).collect();
                (Standing::SignedIn, Some(key.name.clone()), roles)
            }
            Caller::Stranger(_) => (Standing::SignedOut, None, Vec::new()),
        };
        Self { state, name, roles }
    }

    fn with_cookie(self, cookie: Option<HeaderValue>) -> Response {
        let mut response = Json(self).into_response();
        let cookie = cookie.map(|cookie| (SET_COOKIE, cookie));
        response.headers_mut().extend(cookie);
        response
    }
}

/// Tells whether a key is needed and whether there is one.
#[utoipa::path(get, path = "/api/v1/session", operation_id = "session", tag = "session", security(()),
    responses((status = 200, description = "Done", body = Session), Problems))]
pub async fn tell(Extension(caller): Extension<Caller>) -> Json<Session> {
    Json(Session::of(&caller))
}

/// Exchanges a key for a session.
///
/// The answer sets a cookie that stands for the key in this browser, and that no
/// script can read. With it, requests that change something have to have the
/// header `X-Churn-Session`, with any value. A session ends after twelve hours,
/// with its key, and with the server.
#[utoipa::path(post, path = "/api/v1/session", operation_id = "sign_in", tag = "session", security(()),
    params(("X-Churn-Session" = String, Header, description = "Anything")),
    request_body = SignIn, responses((status = 200, description = "Done", body = Session), Problems))]
pub async fn begin(
    State(api): State<Arc<Api>>,
    method: Method,
    headers: HeaderMap,
    body: JsonBody<SIGN_IN>,
) -> ApiResult<Response> {
    check_page(&method, &headers)?;
    let call: SignIn = body.parse()?;
    if api.keyring.is_open() {
        return Ok(Session::of(&Caller::Anybody).with_cookie(None));
    }
    let sha256 = hash(&call.key);
    let mut found = api.keyring.find(&sha256);
    if found.as_ref().is_err_and(|error| error.code == UNKNOWN) {
        wait_for_keys().await;
        found = api.keyring.find(&sha256);
    }
    let caller = Caller::Known(found?);
    // One browser, one session.
    api.sessions.end(api.sessions.token(&headers));
    Ok(Session::of(&caller).with_cookie(api.sessions.begin(sha256)))
}

/// Ends the session, and takes the cookie back.
#[utoipa::path(delete, path = "/api/v1/session", operation_id = "sign_out", tag = "session", security(()),
    params(("X-Churn-Session" = String, Header, description = "Anything")),
    responses((status = 200, description = "Done", body = Session), Problems))]
pub async fn end(
    State(api): State<Arc<Api>>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult<Response> {
    check_page(&method, &headers)?;
    let left = match api.keyring.is_open() {
        true => return Ok(Session::of(&Caller::Anybody).with_cookie(None)),
        false => Session {
            state: Standing::SignedOut,
            name: None,
            roles: Vec::new(),
        },
    };
    Ok(left.with_cookie(api.sessions.end(api.sessions.token(&headers))))
}
