//! The tables that the server behind the page has.

use churn_core::tables::{Ingestion, TableContent, TableDifference, TableVersions};
use churn_core::{Error, ErrorCode, json};
use gloo_net::http::Request;
use js_sys::encode_uri_component;
use web_sys::File;

use crate::server::{self, Trouble};

/// Where they are, below the page's own address.
const ADDRESS: &str = "api/v1/tables";

/// What is to be read.
const ANSWER: &str = "an answer";

/// All versions of all tables.
///
/// # Errors
/// When the server does not tell.
pub async fn list() -> Result<TableVersions, Trouble> {
    let body = server::ask(Request::get(ADDRESS), None).await?;
    json::parse(&text(body), ErrorCode::Data, ANSWER).map_err(unreadable)
}

/// What is in a version of a table.
///
/// # Errors
/// When the server does not tell.
pub async fn content(name: &str, version: u32) -> Result<TableContent, Trouble> {
    let address = format!("{}?version={version}", address(name));
    let body = server::ask(Request::get(&address), None).await?;
    json::parse(&text(body), ErrorCode::Data, ANSWER).map_err(unreadable)
}

/// What changed from one version of a table to another.
///
/// # Errors
/// When the server does not tell.
pub async fn difference(name: &str, from: u32, to: u32) -> Result<TableDifference, Trouble> {
    let address = format!("{}/difference?from={from}&to={to}", address(name));
    let body = server::ask(Request::get(&address), None).await?;
    json::parse(&text(body), ErrorCode::Data, ANSWER).map_err(unreadable)
}

/// Puts the rows of a file into a table.
///
/// # Errors
/// When the server refuses, or no row fits.
pub async fn ingest(name: &str, file: File) -> Result<Ingestion, Trouble> {
    let kind = match file.name().to_lowercase().ends_with(".parquet") {
        true => "application/vnd.apache.parquet",
        false => "text/csv",
    };
    let request = Request::post(&address(name)).header(server::PAGE, "1");
    let request = request.header("content-type", kind).body(file);
    let body = server::send(request).await?;
    json::parse(&text(body), ErrorCode::Data, ANSWER).map_err(unreadable)
}

/// Deletes the rows of a version.
///
/// # Errors
/// When the server refuses.
pub async fn delete(name: &str, version: &str) -> Result<(), Trouble> {
    let request = Request::delete(&format!("{}?version={version}", address(name)));
    let request = request.header(server::PAGE, "1");
    server::ask(request, None).await.map(drop)
}

fn text(answer: Option<(String, String)>) -> String {
    answer.map(|(_, body)| body).unwrap_or_default()
}

fn unreadable(error: Error) -> Trouble {
    Trouble::Unreadable(error.to_string())
}

fn address(name: &str) -> String {
    format!("{ADDRESS}/{}", encode_uri_component(name))
}
