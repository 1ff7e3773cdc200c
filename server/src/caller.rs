//! Who sends a request: somebody with a key, by itself or by a session, or
//! nobody known. And that nobody sends too many.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::sleep;

use crate::api::Api;
use crate::auth::{REFRESH, Role, UNKNOWN, check_role, hash};
use crate::error::{ApiError, ApiResult};
use crate::rate::Whom;
use crate::session;
use crate::store::keys::KeyRecord;

/// The address that a request came from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Who sends a request.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Anybody, since the server is open.
    Anybody,
    /// Somebody with a good key.
    Known(Arc<KeyRecord>),
    /// Somebody without one, and what is to be said to them.
    Stranger(ApiError),
}

impl Caller {
    /// Who sends a request.
    pub fn of(api: &Api, method: &Method, headers: &HeaderMap) -> Self {
        if api.keyring.is_open() {
            return Self::Anybody;
        }
        let found = match (bearer(headers), api.sessions.token(headers)) {
            // A key is said on purpose, a cookie goes along by itself.
            (Some(key), _) => api.keyring.find(&hash(key)),
            (None, Some(token)) => session::check_page(method, headers).and_then(|()| {
                let key = api.sessions.key(token).ok_or_else(no_session)?;
                api.keyring.find(&key).map_err(|_| no_session())
            }),
            (None, None) => Err(ApiError::new(
                StatusCode::UNAUTHORIZED,
                "key.missing",
                "no API key: send it as `Authorization: Bearer KEY`",
            )),
        };
        found.map_or_else(Self::Stranger, Self::Known)
    }

    /// Checks that the caller has a role.
    ///
    /// # Errors
    /// When not.
    pub fn check(&self, role: Role) -> ApiResult<()> {
        match self {
            Self::Anybody => Ok(()),
            Self::Known(key) => check_role(key, role),
            Self::Stranger(error) => Err(error.clone()),
        }
    }
}

/// The key that a request says it has.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

fn no_session() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        "session.unknown",
        "the session has ended: enter a key again",
    )
}

/// Who does what a request asks for: the name of the key, where there is one.
#[derive(Clone, Debug)]
pub struct By(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for By {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let name = match parts.extensions.get() {
            Some(Caller::Known(key)) => Some(key.name.clone()),
            _ => None,
        };
        Ok(Self(name))
    }
}

/// Lets a request pass whose caller has the role, if one is asked for, and has
/// not sent too many.
pub async fn admit(
    State((api, role)): State<(Arc<Api>, Option<Role>)>,
    mut request: Request,
    next: Next,
) -> ApiResult<Response> {
    let mut caller = Caller::of(&api, request.method(), request.headers());
    if let Some(whom) = whom(&caller, &request) {
        api.limiter.take(whom)?;
    }
    if let Some(role) = role {
        let mut admitted = caller.check(role);
        if admitted.as_ref().is_err_and(|error| error.code == UNKNOWN) {
            wait_for_keys().await;
            caller = Caller::of(&api, request.method(), request.headers());
            admitted = caller.check(role);
        }
        admitted?;
    }
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

/// Waits until a key that was made a moment ago has been taken up, which slows
/// down who guesses, too.
pub async fn wait_for_keys() {
    sleep(2 * REFRESH).await;
}

/// Whose share a request takes from.
fn whom(caller: &Caller, request: &Request) -> Option<Whom> {
    let address = || {
        let peer = request.extensions().get::<Peer>();
        peer.map(|peer| Whom::at(peer.0))
    };
    match caller {
        Caller::Known(key) => Some(Whom::Key(key.id)),
        Caller::Anybody | Caller::Stranger(_) => address(),
    }
}
