//! The builds of a model on the server behind the page, and which of them
//! answers.

use churn_core::registry::{Builds, History};
use churn_core::{Error, ErrorCode, json};
use gloo_net::http::Request;
use js_sys::encode_uri_component;

use crate::server::{self, Trouble};

/// The builds of a model.
///
/// # Errors
/// When the server does not tell.
pub async fn builds(model: &str) -> Result<Builds, Trouble> {
    let body = get(model, "builds").await?;
    json::parse(&body, ErrorCode::Data, "an answer").map_err(unreadable)
}

/// Which builds of a model answered when.
///
/// # Errors
/// When the server does not tell.
pub async fn history(model: &str) -> Result<History, Trouble> {
    let body = get(model, "deployments").await?;
    json::parse(&body, ErrorCode::Data, "an answer").map_err(unreadable)
}

/// Lets the build of a version answer from now on.
///
/// # Errors
/// When the server refuses.
pub async fn promote(model: &str, version: &str) -> Result<(), Trouble> {
    let body = format!("{{\"build\":\"{version}\"}}");
    let request = Request::post(&address(model, "deployments"));
    let request = request.header(server::PAGE, "1");
    server::ask(request, Some(body)).await.map(drop)
}

/// Lets the build answer again that did before the present one.
///
/// # Errors
/// When the server refuses.
pub async fn roll_back(model: &str) -> Result<(), Trouble> {
    let request = Request::post(&address(model, "rollback"));
    let request = request.header(server::PAGE, "1");
    server::ask(request, None).await.map(drop)
}

/// An answer about a model.
///
/// # Errors
/// When the server does not tell.
pub async fn get(model: &str, what: &str) -> Result<String, Trouble> {
    let asked = server::ask(Request::get(&address(model, what)), None).await?;
    Ok(asked.map(|(_, body)| body).unwrap_or_default())
}

/// An answer that is none.
pub fn unreadable(error: Error) -> Trouble {
    Trouble::Unreadable(error.to_string())
}

fn address(model: &str, what: &str) -> String {
    format!("api/v1/models/{}/{what}", encode_uri_component(model))
}
