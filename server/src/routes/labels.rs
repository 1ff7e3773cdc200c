//! Ground truth: one by one, many at once, and what was said so far.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::{Api, off_the_loop};
use crate::body::{JsonBody, Object};
use crate::error::{ApiError, ApiResult, Problems};
use crate::query::{Checked, limit};
use crate::store::labels::{Change, LabelRecord, NewLabel};
use crate::truth::{Classes, Label};

/// Uuids and lines that are told in full.
const TOLD: usize = 100;

/// Ground truth of predictions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// Which model's names of classes are meant, where several are deployed.
    model: Option<String>,
    /// One per prediction.
    #[schema(value_type = Vec<Label>)]
    labels: Vec<Object<Label>>,
}

/// What became of labels.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct LabelReport {
    /// The first of their prediction.
    applied: u64,
    /// Said before: nothing was changed.
    repeated: u64,
    /// In the place of another value, which is kept.
    corrected: u64,
    /// Of predictions that are not known: they wait for them.
    parked: u64,
    /// The first hundred such uuids.
    unknown: Vec<Uuid>,
    /// Lines that are no labels, and were left out.
    refused: u64,
    /// The first hundred of them.
    problems: Vec<Problem>,
}

/// A line that is no label.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Its number, from 1.
    line: u64,
    /// What is wrong with it.
    message: String,
}

/// Records ground truth.
///
/// All of it or, where one label is wrong, nothing. The value that came last is
/// in force. The same one again changes nothing; any other is a correction, also
/// one that was in force before, and each is kept with its time.
#[utoipa::path(post, path = "/api/v1/labels", operation_id = "add_labels", tag = "ground truth", request_body = Labels,
    responses((status = 200, description = "Done", body = LabelReport), Problems))]
pub async fn add(State(api): State<Arc<Api>>, body: JsonBody) -> ApiResult<Json<LabelReport>> {
    let call: Labels = body.parse()?;
    let classes = Classes::of(&api, call.model.as_deref())?;
    let read = |(at, Object(label)): (usize, &Object<Label>)| {
        classes
            .read(label)
            .map_err(|error| error.within(&format!("labels[{at}]")))
    };
    let labels = call
        .labels
        .iter()
        .enumerate()
        .map(read)
        .collect::<ApiResult<_>>()?;
    let mut report = LabelReport::default();
    record_labels(&api, labels, &mut report).await?;
    Ok(Json(report))
}

/// Which labels to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// `next` of the page before.
    #[param(nullable = false)]
    after: Option<i64>,
    /// Most labels of a page: 1 to 1,000; 100 if nothing is said.
    #[param(nullable = false, minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// Only those whose prediction is not known.
    #[serde(default)]
    unknown: bool,
}

/// A page of labels.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelPage {
    /// In the order they came.
    labels: Vec<ToldLabel>,
    /// To be given as `after` for the next page; null at the end.
    next: Option<i64>,
}

/// Something said of a prediction.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldLabel {
    /// The prediction's name.
    uuid: Uuid,
    /// What the value is of.
    key: String,
    /// The value.
    value: Value,
    /// When it came, in milliseconds since 1970.
    recorded_ms: i64,
    /// Whether the prediction is known.
    known: bool,
}

impl From<&LabelRecord> for ToldLabel {
    fn from(label: &LabelRecord) -> Self {
        Self {
            uuid: label.uuid,
            key: label.key.clone(),
            value: serde_json::from_str(&label.value).unwrap_or_default(),
            recorded_ms: label.recorded_ms,
            known: label.known,
        }
    }
}

/// Every value ever said, in the order it came.
#[utoipa::path(get, path = "/api/v1/labels", operation_id = "list_labels", tag = "ground truth", params(ListQuery),
    responses((status = 200, description = "Done", body = LabelPage), Problems))]
pub async fn list(
    State(api): State<Arc<Api>>,
    Checked(Query(query)): Checked<Query<ListQuery>>,
) -> ApiResult<Json<LabelPage>> {
    let limit = limit(query.limit)?;
    let after = query.after.unwrap_or(0);
    let read = move || api.store.labels(after, query.unknown, limit);
    let labels = off_the_loop(read).await??;
    Ok(Json(LabelPage {
        next: labels
            .last()
            .filter(|_| labels.len() == limit)
            .map(|last| last.id),
        labels: labels.iter().map(ToldLabel::from).collect(),
    }))
}

/// Records labels and counts what became of them.
///
/// # Errors
/// When they are not on disk.
pub async fn record_labels(
    api: &Api,
    labels: Vec<NewLabel>,
    report: &mut LabelReport,
) -> ApiResult<()> {
    if labels.is_empty() {
        return Ok(());
    }
    let uuids: Vec<Uuid> = labels.iter().map(|label| label.uuid).collect();
    for (outcome, uuid) in api.store.label(labels).await?.into_iter().zip(uuids) {
        let (count, name) = match outcome.change {
            Change::Applied => (&mut report.applied, "applied"),
            Change::Repeated => (&mut report.repeated, "repeated"),
            Change::Corrected => (&mut report.corrected, "corrected"),
        };
        *count += 1;
        api.telemetry.label(name);
        if !outcome.known {
            report.parked += 1;
            if report.unknown.len() < TOLD {
                report.unknown.push(uuid);
            }
        }
    }
    Ok(())
}

impl LabelReport {
    /// The report, with the lines that another one counts.
    #[must_use]
    pub fn with_refused(self, other: Self) -> Self {
        Self {
            refused: other.refused,
            problems: other.problems,
            ..self
        }
    }

    /// Counts a line that is no label.
    pub fn refuse(&mut self, line: u64, error: &ApiError) {
        self.refused += 1;
        if self.problems.len() < TOLD {
            let place = error.field.as_deref().map(|field| format!("{field}: "));
            let message = format!("{}{}", place.unwrap_or_default(), error.message);
            self.problems.push(Problem { line, message });
        }
    }
}
