//! The server behind the page, if there is one: what it tells of its
//! predictions, and what it is told of them.

use std::cell::{Cell, RefCell};

use churn_core::monitoring::{Monitoring, Recent};
use churn_core::{ErrorCode, json};
use gloo_net::http::{Request, RequestBuilder, Response};

use crate::text;

/// The header by which a server says that it answers.
const HEADER: &str = "churn-api";

/// Where its monitoring is, below the page's own address.
const ADDRESS: &str = "api/v1/monitoring";

/// Where it takes outcomes.
const LABELS: &str = "api/v1/labels";

/// What a page has to say along with what changes something.
const SESSION: &str = "x-churn-session";

thread_local! {
    static SERVED: Cell<bool> = const { Cell::new(false) };
    /// What was told last, and the query and tag that it is of.
    static TOLD: RefCell<Option<(String, String, Monitoring)>> = const { RefCell::new(None) };
}

/// Notes whether an answer comes from a server that has more than files.
pub fn note(response: &Response) {
    if response.headers().has(HEADER) {
        SERVED.set(true);
    }
}

/// Whether there is such a server.
pub fn is_served() -> bool {
    SERVED.get()
}

/// What was told last, if anything was.
pub fn with<T>(look: impl FnOnce(&Monitoring) -> T) -> Option<T> {
    TOLD.with_borrow(|told| told.as_ref().map(|(.., told)| look(told)))
}

/// Asks how the deployment does that a query names; whether there is news.
///
/// # Errors
/// Says what is wrong, for the user.
pub async fn refresh(query: &str) -> Result<bool, String> {
    let mut request = Request::get(&format!("{ADDRESS}{query}"));
    let known = TOLD.with_borrow(|told| {
        let same = told.as_ref().filter(|(of, ..)| of == query);
        same.map(|(_, tag, _)| tag.clone())
    });
    if let Some(tag) = known {
        request = request.header("if-none-match", &tag);
    }
    let Some((tag, body)) = answer(request, None).await? else {
        return Ok(false);
    };
    let told = json::parse(&body, ErrorCode::Data, "an answer").map_err(|e| e.to_string())?;
    TOLD.set(Some((query.to_owned(), tag, told)));
    Ok(true)
}

/// The newest predictions of the deployment that a query names.
///
/// # Errors
/// As [`refresh`].
pub async fn recent(query: &str) -> Result<Recent, String> {
    let request = Request::get(&format!("{ADDRESS}/predictions{query}"));
    let (_, body) = answer(request, None).await?.unwrap_or_default();
    json::parse(&body, ErrorCode::Data, "an answer").map_err(|error| error.to_string())
}

/// Tells what became of a customer.
///
/// # Errors
/// As [`refresh`].
pub async fn label(uuid: &str, left: bool) -> Result<(), String> {
    let body = format!("{{\"labels\":[{{\"uuid\":\"{uuid}\",\"label\":{left}}}]}}");
    let request = Request::post(LABELS)
        .header("content-type", "application/json")
        .header(SESSION, "1");
    answer(request, Some(body)).await.map(drop)
}

/// Tag and text of an answer; none where it is as before.
async fn answer(
    request: RequestBuilder,
    body: Option<String>,
) -> Result<Option<(String, String)>, String> {
    let lost = |_| text::SERVER_LOST.to_owned();
    let request = match body {
        Some(body) => request.body(body),
        None => request.build(),
    };
    let response = request.map_err(lost)?.send().await.map_err(lost)?;
    match response.status() {
        200 => {
            let tag = response.headers().get("etag").unwrap_or_default();
            let body = response.text().await.map_err(lost)?;
            Ok(Some((tag, body)))
        }
        304 => Ok(None),
        status => Err(text::server_refuses(status)),
    }
}
