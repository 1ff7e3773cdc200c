//! The server behind the page, if there is one: what it tells of its
//! predictions, and what it is told of them.

use std::cell::{Cell, RefCell};

use churn_core::monitoring::{Monitoring, Recent};
use churn_core::{Error, ErrorCode, json};
use gloo_net::http::{Request, Response};

use crate::server::{self, Trouble};

/// The header by which a server says that it answers.
const HEADER: &str = "churn-api";

/// Where its monitoring is, below the page's own address.
const ADDRESS: &str = "api/v1/monitoring";

/// Where it takes outcomes.
const LABELS: &str = "api/v1/labels";

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

/// Forgets what was told: who looks now may not.
pub fn forget() {
    TOLD.set(None);
}

/// Asks how the deployment does that a query names; whether there is news.
///
/// # Errors
/// When the server does not tell.
pub async fn refresh(query: &str) -> Result<bool, Trouble> {
    let mut request = Request::get(&format!("{ADDRESS}{query}"));
    let known = TOLD.with_borrow(|told| {
        let same = told.as_ref().filter(|(of, ..)| of == query);
        same.map(|(_, tag, _)| tag.clone())
    });
    if let Some(tag) = known {
        request = request.header("if-none-match", &tag);
    }
    let Some((tag, body)) = server::ask(request, None).await? else {
        return Ok(false);
    };
    let told = json::parse(&body, ErrorCode::Data, "an answer").map_err(unreadable)?;
    TOLD.set(Some((query.to_owned(), tag, told)));
    Ok(true)
}

/// The newest predictions of the deployment that a query names.
///
/// # Errors
/// As [`refresh`].
pub async fn recent(query: &str) -> Result<Recent, Trouble> {
    let request = Request::get(&format!("{ADDRESS}/predictions{query}"));
    let (_, body) = server::ask(request, None).await?.unwrap_or_default();
    json::parse(&body, ErrorCode::Data, "an answer").map_err(unreadable)
}

/// Tells what became of a customer.
///
/// # Errors
/// As [`refresh`].
pub async fn label(uuid: &str, left: bool) -> Result<(), Trouble> {
    let body = format!("{{\"labels\":[{{\"uuid\":\"{uuid}\",\"label\":{left}}}]}}");
    let request = Request::post(LABELS).header(server::PAGE, "1");
    server::ask(request, Some(body)).await.map(drop)
}

fn unreadable(error: Error) -> Trouble {
    Trouble::Unreadable(error.to_string())
}
