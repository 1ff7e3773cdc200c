//! The builds of a model on the server behind the page, and which of them
//! answers.

use churn_core::registry::{Builds, History};
use churn_core::{ErrorCode, json};
use gloo_net::http::Request;
use js_sys::encode_uri_component;
use serde::Deserialize;

use crate::server::{self, Trouble};

/// The builds of a model.
///
/// # Errors
/// When the server does not tell.
pub async fn builds(model: &str) -> Result<Builds, Trouble> {
    get(model, "builds").await
}

/// Which builds of a model answered when.
///
/// # Errors
/// When the server does not tell.
pub async fn history(model: &str) -> Result<History, Trouble> {
    get(model, "deployments").await
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

async fn get<T: for<'a> Deserialize<'a>>(model: &str, what: &str) -> Result<T, Trouble> {
    let asked = server::ask(Request::get(&address(model, what)), None).await?;
    let (_, body) = asked.unwrap_or_default();
    json::parse(&body, ErrorCode::Data, "an answer")
        .map_err(|error| Trouble::Unreadable(error.to_string()))
}

fn address(model: &str, what: &str) -> String {
    format!("api/v1/models/{}/{what}", encode_uri_component(model))
}
