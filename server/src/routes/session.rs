//! Sessions of the page: a key is exchanged for a cookie.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Method;
use axum::http::header::{HeaderMap, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use churn_core::access::{Session, Standing};
use serde::Deserialize;
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

/// What a caller is to the server.
fn session_of(caller: &Caller) -> Session {
    match caller {
        Caller::Anybody => Session {
            state: Standing::Open,
            name: None,
            roles: vec![Role::Admin.to_string()],
        },
        Caller::Known(key) => Session {
            state: Standing::SignedIn,
            name: Some(key.name.clone()),
            roles: key.roles.split(',').map(str::to_owned).collect(),
        },
        Caller::Stranger(_) => Session::signed_out(),
    }
}

fn with_cookie(session: Session, cookie: Option<HeaderValue>) -> Response {
    let mut response = Json(session).into_response();
    let cookie = cookie.map(|cookie| (SET_COOKIE, cookie));
    response.headers_mut().extend(cookie);
    response
}

/// Tells whether a key is needed and whether there is one.
#[utoipa::path(get, path = "/api/v1/session", operation_id = "session", tag = "session", security(()),
    responses((status = 200, description = "Done", body = Session), Problems))]
pub async fn tell(Extension(caller): Extension<Caller>) -> Json<Session> {
    Json(session_of(&caller))
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
        return Ok(with_cookie(session_of(&Caller::Anybody), None));
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
    let cookie = api.sessions.begin(sha256);
    Ok(with_cookie(session_of(&caller), cookie))
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
    if api.keyring.is_open() {
        return Ok(with_cookie(session_of(&Caller::Anybody), None));
    }
    let cookie = api.sessions.end(api.sessions.token(&headers));
    Ok(with_cookie(Session::signed_out(), cookie))
}
