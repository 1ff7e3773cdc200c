//! Questions to the server behind the page, and why it may not answer them.

use churn_core::access::Refusal;
use churn_core::{ErrorCode, json};
use gloo_net::http::{Request, RequestBuilder, Response};

/// What a page has to say along with what changes something.
pub const PAGE: &str = "x-churn-session";

/// Names of refusals of what people have typed or sent.
const WRONG: [&str; 3] = ["request.field", "table.rows", "job.conflict"];

/// Why the server did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It does not answer.
    Lost,
    /// It refuses: the status, and the name of its reason.
    Refused(u16, String),
    /// What was asked is wrong: how.
    Wrong(String),
    /// What it says is not what was asked for.
    Unreadable(String),
}

impl Trouble {
    /// Whether the server asks for a key, or no longer takes the one it had.
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Refused(401, _))
    }
}

/// A text as JSON.
pub fn quoted(text: &str) -> String {
    let quoted = js_sys::JSON::stringify(&text.into());
    quoted.map(String::from).unwrap_or_default()
}

/// Tag and text of an answer; none where it is as before.
///
/// # Errors
/// When there is none, or a refusal.
pub async fn ask(
    request: RequestBuilder,
    body: Option<String>,
) -> Result<Option<(String, String)>, Trouble> {
    let request = match body {
        Some(body) => request
            .header("content-type", "application/json")
            .body(body),
        None => request.build(),
    };
    send(request).await
}

/// Tag and text of the answer to a request that is ready; none where it is as
/// before.
///
/// # Errors
/// When there is none, or a refusal.
pub async fn send(
    request: Result<Request, gloo_net::Error>,
) -> Result<Option<(String, String)>, Trouble> {
    let lost = |_| Trouble::Lost;
    let response = request.map_err(lost)?.send().await.map_err(lost)?;
    match response.status() {
        200 => {
            let tag = response.headers().get("etag").unwrap_or_default();
            let body = response.text().await.map_err(lost)?;
            Ok(Some((tag, body)))
        }
        // Done, with nothing to say; or as before.
        202 | 204 | 304 => Ok(None),
        status => Err(refused(status, &response).await),
    }
}

/// Why it was refused; without a reason where there is none, as from a proxy.
async fn refused(status: u16, response: &Response) -> Trouble {
    let body = response.text().await.unwrap_or_default();
    let refusal = json::parse::<Refusal>(&body, ErrorCode::Data, "a refusal");
    match refusal.map(|refusal| refusal.error) {
        Ok(reason) if WRONG.contains(&reason.code.as_str()) => Trouble::Wrong(reason.message),
        Ok(reason) => Trouble::Refused(status, reason.code),
        Err(_) => Trouble::Refused(status, String::new()),
    }
}
