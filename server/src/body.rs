//! Bodies of requests: read within limits of size and time, parsed strictly.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use churn_core::{ErrorCode, json};
use http_body_util::BodyExt as _;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::{Map, Value};
use tokio::time::timeout;
use utoipa::openapi::{self, ObjectBuilder, Type};

use crate::api::Api;
use crate::count::Count;
use crate::error::{ApiError, ApiResult};

/// Most bytes of a body that is read whole.
pub const LIMIT: u64 = 5_000_000;

/// Bytes per second below which a client is too slow that has been waited for
/// in vain before: one that sends a byte now and then is not silent.
const SLOWEST: u64 = 10_000;

/// A body of JSON of at most `MOST` bytes, as it came.
#[derive(Debug)]
pub struct JsonBody<const MOST: u64 = LIMIT>(Bytes);

impl<const MOST: u64> FromRequest<Arc<Api>> for JsonBody<MOST> {
    type Rejection = ApiError;

    async fn from_request(request: Request, api: &Arc<Api>) -> ApiResult<Self> {
        let kind = content_type(request.headers());
        if kind != "application/json" {
            return Err(wrong_type("application/json", kind));
        }
        let mut chunks = Chunks::new(request.into_body(), MOST, api.patience);
        let first = chunks.next().await?.unwrap_or_default();
        let Some(second) = chunks.next().await? else {
            return Ok(Self(first));
        };
        let mut all = [first, second].concat();
        while let Some(chunk) = chunks.next().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(Self(all.into()))
    }
}

impl<const MOST: u64> JsonBody<MOST> {
    /// The body as it came.
    ///
    /// # Errors
    /// When it is no text.
    pub fn text(&self) -> ApiResult<&str> {
        std::str::from_utf8(&self.0).map_err(|_| ApiError {
            code: "request.json",
            ..churn_core::Error::new(ErrorCode::Parameter, "the body is not UTF-8").into()
        })
    }

    /// The document, whose every field has to be known.
    ///
    /// # Errors
    /// With the field that is wrong.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self) -> ApiResult<T> {
        json::parse(self.text()?, ErrorCode::Parameter, "a request")
            .map(|Object(document)| document)
            .map_err(|error| ApiError {
                code: "request.json",
                ..error.into()
            })
    }
}

/// A body that is read as it comes.
#[derive(Debug)]
pub struct Chunks {
    body: Body,
    left: u64,
    limit: u64,
    /// How long the client may still be waited for.
    patience: Duration,
}

impl Chunks {
    /// The body of a request, up to a number of bytes, of a client that is
    /// waited for so long.
    pub fn new(body: Body, limit: u64, patience: Duration) -> Self {
        Self {
            body,
            left: limit,
            limit,
            patience,
        }
    }

    /// The next bytes; none at the end.
    ///
    /// # Errors
    /// For too many bytes, a slow client, a connection that broke.
    pub async fn next(&mut self) -> ApiResult<Option<Bytes>> {
        loop {
            // Waiting wears patience out, and every byte restores some of it.
            let start = Instant::now();
            let frame = timeout(self.patience, self.body.frame()).await;
            let Some(frame) = frame.map_err(|_| too_slow())? else {
                return Ok(None);
            };
            self.patience = self.patience.saturating_sub(start.elapsed());
            let frame = frame.map_err(|error| broken(&error.to_string()))?;
            // Trailers hold nothing that is asked for.
            let Ok(bytes) = frame.into_data() else {
                continue;
            };
            let length = bytes.len() as u64;
            self.patience += Duration::from_micros(length * 1_000_000 / SLOWEST);
            let left = self.left.checked_sub(length);
            self.left = left.ok_or_else(|| too_large(self.limit))?;
            return Ok(Some(bytes));
        }
    }
}

/// The type of a body, without its parameters.
pub fn content_type(headers: &HeaderMap) -> &str {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    value
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
}

/// The body is not of a type that is taken.
pub fn wrong_type(expected: &str, got: &str) -> ApiError {
    ApiError {
        field: Some("Content-Type".into()),
        expected: Some(expected.into()),
        got: Some(got.into()),
        ..ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "body.type",
            format!("the body has to be {expected}"),
        )
    }
}

fn too_large(limit: u64) -> ApiError {
    let message = format!("the body is larger than {}", Count(limit).things("byte"));
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body.large", message)
}

fn too_slow() -> ApiError {
    ApiError::new(
        StatusCode::REQUEST_TIMEOUT,
        "body.slow",
        "the body came too slowly",
    )
}

fn broken(reason: &str) -> ApiError {
    let message = format!("the body ended early: {reason}");
    ApiError::new(StatusCode::BAD_REQUEST, "body.broken", message)
}

/// Something that is written as an object. Without this a list of its fields'
/// values would do, too, which no description speaks of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        deserializer.deserialize_map(Fields(PhantomData))
    }
}

/// A JSON object of metrics: any names, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics(pub Map<String, Value>);

impl Metrics {
    /// What the description of the API says of it.
    pub fn description() -> openapi::Object {
        let name = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[^\\u0000]*$"));
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .property_names(Some(openapi::Schema::Object(name.build())))
            .description(Some("Names and values; no name has a NUL in it."))
            .build()
    }
}

impl<'de> Deserialize<'de> for Metrics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Metrics;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of metrics")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Metrics, A::Error> {
                let mut metrics = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    // Of a database's text only this character cannot be a part.
                    if name.contains('\0') {
                        return Err(A::Error::custom("a metric's name has a NUL in it"));
                    }
                    if metrics.insert(name, value).is_some() {
                        return Err(A::Error::custom("a metric is named twice"));
                    }
                }
                Ok(Metrics(metrics))
            }
        }
        deserializer.deserialize_map(Names)
    }
}
