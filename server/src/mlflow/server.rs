//! An MLflow tracking server, asked over its REST API.

use std::env;

use axum::body::Bytes;
use axum::http::Method;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use churn_core::{Error, ErrorCode, Result};
use form_urlencoded::Serializer;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::client::Client;
use crate::telling::Trouble;

/// Where the routes of tracking and registry are.
const API: &str = "/api/2.0/mlflow";

/// Where artefacts are that the server itself keeps.
const ARTEFACTS: &str = "/api/2.0/mlflow-artifacts/artifacts";

/// How an address of such artefacts begins.
const SCHEME: &str = "mlflow-artifacts:/";

/// Most characters that are told of an answer which is no document.
const TOLD: usize = 200;

/// A tracking server.
#[derive(Debug)]
pub struct Server {
    client: Client,
    runtime: Runtime,
}

impl Server {
    /// The server of an address such as `http://127.0.0.1:5000`. As with MLflow's
    /// own client, the variables MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME
    /// and MLFLOW_TRACKING_PASSWORD, say who asks.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for anything else.
    pub fn new(uri: &str) -> Result<Self> {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let token = variable("MLFLOW_TRACKING_TOKEN").map(|token| format!("Bearer {token}"));
        let authorization = token.or_else(|| {
            let user = variable("MLFLOW_TRACKING_USERNAME")?;
            let password = variable("MLFLOW_TRACKING_PASSWORD").unwrap_or_default();
            let both = BASE64_STANDARD.encode(format!("{user}:{password}"));
            Some(format!("Basic {both}"))
        });
        let runtime = Builder::new_current_thread().enable_all().build();
        Ok(Self {
            client: Client::new("--mlflow-uri", uri, authorization)?,
            runtime: runtime
                .map_err(|error| Error::new(ErrorCode::Io, format!("cannot start: {error}")))?,
        })
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, route: &str, query: &[(&str, &str)]) -> Result<Value, Trouble> {
        let query = Serializer::new(String::new()).extend_pairs(query).finish();
        self.ask(
            Method::GET,
            &format!("{API}/{route}?{query}"),
            "application/json",
            Bytes::new(),
        )
    }

    /// The answer to a document.
    ///
    /// # Errors
    /// When it is not taken.
    pub fn post(&self, route: &str, document: &Value) -> Result<Value, Trouble> {
        let path = format!("{API}/{route}");
        let body = document.to_string();
        self.ask(Method::POST, &path, "application/json", body.into())
    }

    /// Puts a file among the artefacts of a run, whose address the server told.
    ///
    /// # Errors
    /// When it is not taken, and when the server has them kept by another one:
    /// nobody else is ever asked.
    pub fn put(&self, artefacts: &str, name: &str, content: &str) -> Result<(), Trouble> {
        let path = artefacts.strip_prefix(SCHEME).unwrap_or_default();
        let plain = |part: &str| {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            !["", ".", ".."].contains(&part) && part.bytes().all(fits)
        };
        if !path.split('/').all(plain) {
            let message = format!(
                "artefacts of the run are to be at '{artefacts}', not on the server itself \
                 (`mlflow server --serve-artifacts`)"
            );
            return Err(Trouble::Refused("ARTEFACTS".into(), message));
        }
        let path = format!("{ARTEFACTS}/{path}/{name}");
        let body = content.to_owned().into();
        let answer = self.ask(Method::PUT, &path, "application/octet-stream", body);
        answer.map(drop)
    }

    fn ask(&self, method: Method, path: &str, of: &str, body: Bytes) -> Result<Value, Trouble> {
        let asked = self.client.ask(method, path, of, body);
        let asked = self.runtime.block_on(asked);
        let (status, body) = asked.map_err(|error| Trouble::Away(error.to_string()))?;
        let document: Option<Value> = serde_json::from_slice(&body).ok();
        let text = |name: &str| Some(document.as_ref()?.get(name)?.as_str()?.to_owned());
        let message = || {
            let text = text("message").unwrap_or_else(|| String::from_utf8_lossy(&body).into());
            super::limits::shortened(text.trim(), TOLD)
        };
        let (number, route) = (status.as_u16(), path.split('?').next().unwrap_or_default());
        match number {
            200..300 if body.is_empty() => Ok(Value::Null),
            200..300 => document
                .ok_or_else(|| Trouble::Away(format!("{route}: an answer that is not MLflow's"))),
            500.. => Err(Trouble::Failed(format!("{route}: {number}: {}", message()))),
            401 | 403 | 408 | 429 => {
                Err(Trouble::Away(format!("{route}: {number}: {}", message())))
            }
            _ => Err(match text("error_code") {
                Some(code) => Trouble::Refused(code, message()),
                None => Trouble::Away(format!("{route}: {number}: {}", message())),
            }),
        }
    }
}
