//! The one error of the HTTP API: a status, a stable code, and the same words
//! for people as everywhere else.
//!
//! Handlers return it with `?`; [`crate::guard`] writes it out with the id of
//! the request. What is internal is logged there and never sent.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use churn_core::ErrorCode;
use serde::Serialize;
use utoipa::openapi::{Content, Ref, RefOr, Response as Described, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use crate::store::StoreError;

/// Result of a handler.
pub type ApiResult<T> = Result<T, ApiError>;

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// Status of the answer.
    pub status: StatusCode,
    /// Stable name for programs.
    pub code: &'static str,
    /// What is wrong, for people.
    pub message: String,
    /// Where in the request.
    pub field: Option<Box<str>>,
    /// What would have been right.
    pub expected: Option<Box<str>>,
    /// What was there.
    pub got: Option<Box<str>>,
    /// After how many seconds to try again.
    pub retry_after: Option<u32>,
    /// For the log only.
    pub internal: Option<Box<str>>,
}

/// An error as it is sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody<'a> {
    /// What went wrong.
    #[schema(inline)]
    pub error: ErrorDetail<'a>,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorDetail<'a> {
    /// Stable name for programs, such as `request.field`.
    #[schema(value_type = String)]
    pub code: &'a str,
    /// What is wrong, for people.
    #[schema(value_type = String)]
    pub message: &'a str,
    /// Where in the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub field: Option<&'a str>,
    /// What would have been right.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub expected: Option<&'a str>,
    /// What was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub got: Option<&'a str>,
    /// Names the request in the server's log.
    #[schema(value_type = String)]
    pub request_id: &'a str,
}

impl ApiError {
    /// An error without a place.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            field: None,
            expected: None,
            got: None,
            retry_after: None,
            internal: None,
        }
    }

    /// A field of the request is not what it has to be.
    pub fn field(
        field: impl Into<String>,
        expected: impl Into<String>,
        got: impl Into<String>,
    ) -> Self {
        churn_core::Error::mismatch(ErrorCode::Parameter, expected, got)
            .in_field(field)
            .into()
    }

    /// Something that is named in the request is not here.
    pub fn unknown(code: &'static str, field: &str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            ..Self::new(StatusCode::NOT_FOUND, code, message)
        }
    }

    /// The request is well formed and contradicts itself or what is stored.
    pub fn contradiction(status: StatusCode, field: &str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            ..Self::new(status, "request.contradiction", message)
        }
    }

    /// More is asked for than can be done in good time.
    pub fn busy() -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "model.busy",
                "model.busy: more requests than can be answered in good time; try again",
            )
        }
    }

    /// The server is at fault; the reason goes to the log.
    pub fn internal(reason: impl Into<String>) -> Self {
        Self {
            internal: Some(reason.into().into()),
            ..Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "server.failed",
                "the server failed; its log tells why under this request's id",
            )
        }
    }

    /// Puts the place before the field, as in `customers[3].tenure`.
    #[must_use]
    pub fn within(mut self, place: &str) -> Self {
        self.field = Some(match self.field {
            Some(field) => format!("{place}.{field}").into(),
            None => place.into(),
        });
        self
    }
}

impl From<churn_core::Error> for ApiError {
    fn from(error: churn_core::Error) -> Self {
        let message = churn_core::Error {
            field: None,
            ..error.clone()
        };
        Self {
            field: error.field.map(Into::into),
            expected: error.expected.map(Into::into),
            got: error.got.map(Into::into),
            ..Self::new(
                StatusCode::BAD_REQUEST,
                "request.field",
                message.to_string(),
            )
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let unavailable = |code, message: &str| Self {
            internal: Some(error.to_string().into()),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message)
        };
        match &error {
            StoreError::Busy => Self::busy(),
            StoreError::Locked => Self {
                retry_after: Some(5),
                ..unavailable(
                    "store.locked",
                    "another program holds the database; try again",
                )
            },
            StoreError::Away(_) => Self {
                retry_after: Some(1),
                ..unavailable(
                    "store.away",
                    "the database does not answer, so nothing is recorded; \
                     what was acknowledged is safe; try again",
                )
            },
            StoreError::Refused(_) => unavailable(
                "store.refused",
                "the disk refused a write, so nothing more is recorded; \
                 what was acknowledged is safe",
            ),
            StoreError::Failed(reason) | StoreError::Unreadable(reason) => {
                Self::internal(reason.clone())
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Every way in which a request may fail, for the description of the API.
#[derive(Debug)]
pub struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let described = |(status, text): (u16, &str)| {
            let body = Content::new(Some(Ref::from_schema_name("ErrorBody")));
            let response = ResponseBuilder::new()
                .description(text)
                .content("application/json", body)
                .build();
            (status.to_string(), response.into())
        };
        PROBLEMS.into_iter().map(described).collect()
    }
}

const PROBLEMS: [(u16, &str); 13] = [
    (
        400,
        "The request is not of the right form; `field` says where",
    ),
    (401, "No API key, or one that is not good"),
    (
        403,
        "The key lacks the role, or the request comes from another site",
    ),
    (404, "Something that the request names is not here"),
    (405, "The address does not take this method"),
    (408, "The request came too slowly"),
    (409, "The request contradicts what is recorded"),
    (413, "The body is too large"),
    (415, "The body is of another type"),
    (422, "The request contradicts itself"),
    (
        429,
        "More is asked for than can be done; `Retry-After` says when to try again",
    ),
    (500, "The server failed"),
    (
        503,
        "The disk refused a write, the database does not answer, or the server is not ready",
    ),
];
