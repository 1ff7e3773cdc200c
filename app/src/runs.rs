//! The runs of experiments that the server behind the page has.

use churn_core::runs::{Comparison, Runs};
use churn_core::{Error, ErrorCode, json};
use gloo_net::http::Request;
use js_sys::encode_uri_component;

use crate::server::{self, Trouble};

/// Where they are, below the page's own address.
const ADDRESS: &str = "api/v1/runs";

/// The runs for which a condition holds, in an order; all in the order of the
/// server for empty ones.
///
/// # Errors
/// When the server does not tell.
pub async fn list(condition: &str, order: &str) -> Result<Runs, Trouble> {
    let mut address = format!("{ADDRESS}?limit=1000");
    for (name, text) in [("query", condition), ("order", order)] {
        if !text.is_empty() {
            address += &format!("&{name}={}", encode_uri_component(text));
        }
    }
    let body = get(&address).await?;
    json::parse(&body, ErrorCode::Data, "an answer").map_err(unreadable)
}

/// Begins an experiment on a table, with a grid in TOML.
///
/// # Errors
/// When the server refuses, or the grid cannot mean anything.
pub async fn begin(name: &str, table: &str, grid: &str) -> Result<(), Trouble> {
    let [name, table, grid] = [name, table, grid].map(server::quoted);
    let body = format!("{{\"name\":{name},\"table\":{table},\"grid\":{grid}}}");
    let request = Request::post("api/v1/experiments").header(server::PAGE, "1");
    server::ask(request, Some(body)).await.map(drop)
}

/// What differs between runs, by their names with commas between them.
///
/// # Errors
/// When the server does not tell.
pub async fn compare(names: &str) -> Result<Comparison, Trouble> {
    let names = encode_uri_component(names);
    let body = get(&format!("{ADDRESS}/compare?runs={names}")).await?;
    json::parse(&body, ErrorCode::Data, "an answer").map_err(unreadable)
}

async fn get(address: &str) -> Result<String, Trouble> {
    let asked = server::ask(Request::get(address), None).await?;
    Ok(asked.map(|(_, body)| body).unwrap_or_default())
}

fn unreadable(error: Error) -> Trouble {
    Trouble::Unreadable(error.to_string())
}
