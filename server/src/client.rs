//! A client of a server's API, over HTTP, with TLS where the address asks for it.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request, Response, StatusCode, Uri};
use churn_core::{Error, ErrorCode, Result};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
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

/// Type of a body in JSON.
const JSON: &str = "application/json";

/// Asks one server.
#[derive(Debug)]
pub struct Client {
    /// Address without a slash at its end.
    base: String,
    authorization: Option<String>,
    http: Http,
}

/// What carries the requests.
#[derive(Debug)]
enum Http {
    Plain(legacy::Client<HttpConnector, Body>),
    Tls(legacy::Client<HttpsConnector<HttpConnector>, Body>),
}

impl Http {
    async fn request(&self, request: Request<Body>) -> Result<Response<Incoming>, legacy::Error> {
        match self {
            Self::Plain(client) => client.request(request).await,
            Self::Tls(client) => client.request(request).await,
        }
    }
}

impl Client {
    /// A client of the server at an address such as `http://127.0.0.1:8080`, which
    /// an option of this name says. No other server is ever asked.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for anything else.
    pub fn new(option: &str, url: &str, authorization: Option<String>) -> Result<Self> {
        let wrong = |got: String| {
            let expected = "an address such as http://127.0.0.1:8080";
            Error::mismatch(ErrorCode::Parameter, expected, got).in_field(option)
        };
        if url.contains('@') {
            return Err(wrong("one with a name or password in it".into()));
        }
        let parsed: Uri = url.parse().map_err(|_| wrong(format!("'{url}'")))?;
        if parsed.host().is_none() || parsed.query().is_some() {
            return Err(wrong(format!("'{url}'")));
        }
        let client = legacy::Client::builder(TokioExecutor::new());
        let http = match parsed.scheme_str() {
            Some("http") => Http::Plain(client.build_http()),
            Some("https") => {
                let trusted = HttpsConnectorBuilder::new().with_native_roots();
                let trusted = trusted.map_err(|error| failed(url, &error))?;
                Http::Tls(client.build(trusted.https_only().enable_http1().build()))
            }
            _ => return Err(wrong(format!("'{url}'"))),
        };
        Ok(Self {
            base: url.trim_end_matches('/').into(),
            authorization,
            http,
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
        let (status, body) = self.ask(method, path, JSON, body).await?;
        if !status.is_success() {
            return Err(failed(path, &refusal(status.as_u16(), &body)));
        }
        serde_json::from_slice(&body).map_err(|error| failed(path, &error))
    }

    /// The answer to a body of a type, be it a refusal.
    ///
    /// # Errors
    /// [`ErrorCode::Io`] when there is none.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes)> {
        let headers = [(CONTENT_TYPE.as_str(), content_type)];
        self.ask_with(method, path, &headers, body).await
    }

    /// As [`Client::ask`], with headers.
    ///
    /// # Errors
    /// [`ErrorCode::Io`] when there is no answer.
    pub async fn ask_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<(StatusCode, Bytes)> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        for &(name, value) in headers {
            request = request.header(name, value);
        }
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
        timeout(PATIENCE, answered)
            .await
            .map_err(|_| failed(&self.base, &"no answer in time"))?
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
