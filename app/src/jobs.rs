//! The jobs of the server behind the page.

use churn_core::jobs::{JobLog, JobRuns, JobTitle};
use churn_core::{Error, ErrorCode, json};
use gloo_net::http::Request;
use js_sys::encode_uri_component;

use crate::server::{self, Trouble};

/// Where they are, below the page's own address.
const ADDRESS: &str = "api/v1/jobs";

/// Jobs, by their titles.
pub type Jobs = churn_core::jobs::Jobs<JobTitle>;

/// What is to be read.
const ANSWER: &str = "an answer";

/// All jobs.
///
/// # Errors
/// When the server does not tell.
pub async fn list() -> Result<Jobs, Trouble> {
    json::parse(&get(ADDRESS).await?, ErrorCode::Data, ANSWER).map_err(unreadable)
}

/// The newest runs of a job.
///
/// # Errors
/// When the server does not tell.
pub async fn runs(name: &str) -> Result<JobRuns, Trouble> {
    let body = get(&format!("{}/runs", address(name))).await?;
    json::parse(&body, ErrorCode::Data, ANSWER).map_err(unreadable)
}

/// What a run of a job said.
///
/// # Errors
/// When the server does not tell.
pub async fn log(name: &str, run: &str) -> Result<JobLog, Trouble> {
    let run = encode_uri_component(run);
    let body = get(&format!("{}/runs/{run}/log", address(name))).await?;
    json::parse(&body, ErrorCode::Data, ANSWER).map_err(unreadable)
}

/// Has something done with a job: `runs` begins one, and `pause`, `resume`, `cancel`.
///
/// # Errors
/// When the server refuses.
pub async fn act(name: &str, what: &str) -> Result<(), Trouble> {
    let request = Request::post(&format!("{}/{what}", address(name)));
    let request = request.header(server::PAGE, "1");
    server::ask(request, None).await.map(drop)
}

async fn get(address: &str) -> Result<String, Trouble> {
    let asked = server::ask(Request::get(address), None).await?;
    Ok(asked.map(|(_, body)| body).unwrap_or_default())
}

fn unreadable(error: Error) -> Trouble {
    Trouble::Unreadable(error.to_string())
}

fn address(name: &str) -> String {
    format!("{ADDRESS}/{}", encode_uri_component(name))
}
