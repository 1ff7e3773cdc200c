//! A client of a server's API, over plain HTTP.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request, Uri};
use churn_core::{Error, ErrorCode, Result};
use http_body_util::{BodyExt as _, Limited};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::timeout;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Most bytes of an answer.
const LIMIT: usize = 50_000_000;

/// Asks one server.
#[derive(Debug)]
pub struct Client {
    /// Address without a slash at its end.
    base: String,
    authorization: Option<String>,
    http: hyper_util::client::legacy::Client<HttpConnector, Body>,
}

impl Client {
    /// A client of the server at an address such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for anything else.
    pub fn new(url: &str, key: Option<&str>) -> Result<Self> {
        let wrong = || {
            let expected = "an address such as http://127.0.0.1:8080";
            let error = Error::mismatch(ErrorCode::Parameter, expected, format!("'{url}'"));
            error.in_field("--url")
        };
        let parsed: Uri = url.parse().map_err(|_| wrong())?;
        if parsed.scheme_str() != Some("http") || parsed.host().is_none() {
            return Err(wrong());
        }
        Ok(Self {
            base: url.trim_end_matches('/').into(),
            authorization: key.map(|key| format!("Bearer {key}")),
            http: hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build_http(),
        })
    }

    /// The answer of an address below the server's.
    ///
    /// # Errors
    /// [`ErrorCode::Io`], with what the server says.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    /// The answer to a document.
    ///
    /// # Errors
    /// [`ErrorCode::Io`], with what the server says.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T> {
        let body = serde_json::to_vec(body).map_err(|error| failed(path, &error))?;
        self.send(Method::POST, path, body.into()).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<T> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(CONTENT_TYPE, "application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request.body(Body::from(body));
        let request = request.map_err(|error| failed(path, &error))?;
        let answered = async {
            let response = self.http.request(request).await;
            let response = response.map_err(|error| failed(&self.base, &cause(&error)))?;
            let status = response.status();
            let body = Limited::new(response.into_body(), LIMIT).collect().await;
            let body = body.map_err(|error| failed(path, &error))?.to_bytes();
            Ok::<_, Error>((status, body))
        };
        let (status, body) = timeout(PATIENCE, answered)
            .await
            .map_err(|_| failed(path, &"no answer in time"))??;
        if !status.is_success() {
            return Err(failed(path, &refusal(status.as_u16(), &body)));
        }
        serde_json::from_slice(&body).map_err(|error| failed(path, &error))
    }
}

/// What a server says of a request that it does not do.
fn refusal(status: u16, body: &[u8]) -> String {
    let document: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| document["error"][name].as_str();
    let Some(message) = text("message") else {
        return format!("status {status}");
    };
    match text("field") {
        Some(field) => format!("status {status}: {field}: {message}"),
        None => format!("status {status}: {message}"),
    }
}

/// The innermost reason: what lies around it says only that it failed.
fn cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => cause(source),
        None => error.to_string(),
    }
}

fn failed(place: &str, reason: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorCode::Io, format!("{place}: {reason}"))
}
