//! What the page is to the server behind it, and the session that it gets for a
//! key.
//!
//! A key is in one request and nowhere else. From then on the browser has a
//! cookie that no script can read, and adds it by itself.

use churn_core::access::Session;
use churn_core::{ErrorCode, json};
use gloo_net::http::{Request, RequestBuilder};

use crate::server::{self, Trouble};

/// Where sessions are, below the page's own address.
const ADDRESS: &str = "api/v1/session";

/// Asks what the page is to the server.
///
/// # Errors
/// Says why there is no answer.
pub async fn tell() -> Result<Session, Trouble> {
    ask(Request::get(ADDRESS), None).await
}

/// Exchanges a key for a session.
///
/// # Errors
/// When the key is not good, and as [`tell`].
pub async fn begin(key: &str) -> Result<Session, Trouble> {
    let body = format!("{{\"key\":{}}}", server::quoted(key));
    ask(Request::post(ADDRESS), Some(body)).await
}

/// Ends the session, if there is one.
///
/// # Errors
/// As [`tell`].
pub async fn end() -> Result<Session, Trouble> {
    ask(Request::delete(ADDRESS), None).await
}

async fn ask(request: RequestBuilder, body: Option<String>) -> Result<Session, Trouble> {
    let answer = server::ask(request.header(server::PAGE, "1"), body).await?;
    let (_, body) = answer.unwrap_or_default();
    json::parse(&body, ErrorCode::Data, "an answer")
        .map_err(|error| Trouble::Unreadable(error.to_string()))
}
