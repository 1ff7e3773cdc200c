//! What addresses say after `?` and between slashes, checked.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::error::{ApiError, ApiResult};
use crate::fleet::Fleet;
use crate::routes::track::check_times;
use crate::store::predictions::Selection;

/// Most items of a page.
const MOST: usize = 1000;

/// An extractor of axum whose refusal is told in our words.
#[derive(Debug)]
pub struct Checked<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Checked<Query<T>> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let query = Query::from_request_parts(parts, state).await;
        query
            .map(Self)
            .map_err(|error| refused("query", &error.body_text()))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Checked<Path<T>> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(Self)
            .map_err(|error| refused("path", &error.body_text()))
    }
}

fn refused(field: &str, reason: &str) -> ApiError {
    ApiError {
        field: Some(field.into()),
        ..ApiError::new(StatusCode::BAD_REQUEST, "request.field", reason)
    }
}

/// The number of items of a page, checked.
///
/// # Errors
/// When it is out of range.
pub fn limit(asked: Option<usize>) -> ApiResult<usize> {
    match asked.unwrap_or(100) {
        limit @ 1..=MOST => Ok(limit),
        other => Err(ApiError::field(
            "limit",
            "a number from 1 to 1,000",
            other.to_string(),
        )),
    }
}

/// Which records, by time and model.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SelectionQuery {
    /// Name of the model; all if nothing is said.
    #[param(nullable = false)]
    pub model: Option<String>,
    /// First moment, in milliseconds since 1970.
    #[param(nullable = false, minimum = 0, maximum = 253402300799999i64)]
    pub from_ms: Option<i64>,
    /// Last moment, in milliseconds since 1970.
    #[param(nullable = false, minimum = 0, maximum = 253402300799999i64)]
    pub to_ms: Option<i64>,
    /// `next` of the page before.
    #[param(nullable = false, pattern = "^[0-9]{1,18}-[0-9]{1,18}$")]
    pub after: Option<String>,
    /// Most items of a page: 1 to 1,000; 100 if nothing is said.
    #[param(nullable = false, minimum = 1, maximum = 1000)]
    pub limit: Option<usize>,
}

impl SelectionQuery {
    /// What to read.
    ///
    /// # Errors
    /// For a model that is not known and moments out of range.
    pub fn check(&self, fleet: &Fleet) -> ApiResult<Selection> {
        let (from_ms, to_ms) = times(("from_ms", self.from_ms), ("to_ms", self.to_ms))?;
        if let Some(model) = &self.model {
            fleet.live(Some(model), "model")?;
        }
        let of = |model: &String| fleet.numbers(|record| record.build.model == *model);
        let after = self.after.as_ref().map(|after| {
            let parsed = after
                .split_once('-')
                .and_then(|(ms, id)| Some((ms.parse().ok()?, id.parse().ok()?)));
            let wrong = || ApiError::field("after", "`next` of a page", format!("'{after}'"));
            parsed.ok_or_else(wrong)
        });
        Ok(Selection {
            from_ms,
            to_ms,
            deployments: self.model.as_ref().map(of),
            after: after.transpose()?,
        })
    }
}

/// Two moments, from the first to the last one if nothing is said.
///
/// # Errors
/// When one is out of range or the last is before the first.
pub fn times(
    (first, from): (&str, Option<i64>),
    (last, to): (&str, Option<i64>),
) -> ApiResult<(i64, i64)> {
    const LATEST: i64 = 253_402_300_799_999;
    let (from, to) = (from.unwrap_or(0), to.unwrap_or(LATEST));
    check_times((first, from), (last, to))?;
    Ok((from, to))
}

/// What `after` of the next page is.
pub fn cursor(start_ms: i64, id: i64) -> String {
    format!("{start_ms}-{id}")
}
