//! Ground truth: one by one, many at once, and what was said so far.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, Request, State};
use churn_core::{ErrorCode, Target, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::{Api, off_the_loop};
use crate::body::{Chunks, JsonBody, content_type, wrong_type};
use crate::error::{ApiError, ApiResult, Problems};
use crate::query::{Checked, limit};
use crate::store::labels::{Change, LabelRecord, NewLabel};
use crate::told::LABEL;

/// Most bytes of a bulk of labels.
const BULK_LIMIT: usize = 1_000_000_000;

/// Longest line of a bulk.
const LINE_LIMIT: usize = 10_000;

/// Labels of a bulk that share a commit.
const BATCH: usize = 10_000;

/// Uuids and lines that are told in full.
const TOLD: usize = 100;

/// Ground truth of predictions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// Which model's names of classes are meant, where several are deployed.
    model: Option<String>,
    /// One per prediction.
    labels: Vec<Label>,
}

/// Ground truth of one prediction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The prediction's name.
    uuid: Uuid,
    label: Truth,
}

/// Who left: true or false, or the model's name of the class.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged, expecting = "expected true, false or the name of a class")]
pub enum Truth {
    /// Whether the customer left.
    Left(bool),
    /// Name of the class.
    Class(String),
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
/// All of it or, where one label is wrong, nothing. A value that is in force
/// already changes nothing; another one is a correction, and both are kept.
#[utoipa::path(post, path = "/api/v1/labels", operation_id = "add_labels", tag = "ground truth", request_body = Labels,
    responses((status = 200, description = "Done", body = LabelReport), Problems))]
pub async fn add(State(api): State<Arc<Api>>, body: JsonBody) -> ApiResult<Json<LabelReport>> {
    let call: Labels = body.parse()?;
    let classes = Classes::of(&api, call.model.as_deref())?;
    let read = |(at, label): (usize, &Label)| {
        let value = classes.read(&label.label);
        value
            .map(|left| new_label(label.uuid, left))
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

/// Which model's names of classes are meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BulkQuery {
    /// Name of the model, where several are deployed.
    #[param(nullable = false)]
    model: Option<String>,
}

/// Records ground truth in bulk.
///
/// Lines of JSON (`{"uuid": …, "label": …}`) or CSV (`uuid,label`, with or
/// without that header), read as they come. Lines that are no labels are left
/// out and told; sending all again is safe.
#[utoipa::path(post, path = "/api/v1/labels/bulk", operation_id = "add_labels_in_bulk", tag = "ground truth", params(BulkQuery),
    request_body(content((String = "application/x-ndjson"), (String = "text/csv"))),
    responses((status = 200, description = "Done", body = LabelReport), Problems))]
pub async fn add_bulk(
    State(api): State<Arc<Api>>,
    Checked(Query(query)): Checked<Query<BulkQuery>>,
    request: Request,
) -> ApiResult<Json<LabelReport>> {
    let classes = Classes::of(&api, query.model.as_deref())?;
    let read: fn(&Classes, &str) -> ApiResult<NewLabel> = match content_type(request.headers()) {
        "application/x-ndjson" => Classes::read_json,
        "text/csv" => Classes::read_csv,
        other => return Err(wrong_type("application/x-ndjson or text/csv", other)),
    };
    let mut chunks = Chunks::new(request.into_body(), BULK_LIMIT);
    let mut report = LabelReport::default();
    let mut rest = Vec::new();
    let mut labels = Vec::with_capacity(BATCH);
    let mut line = 0;
    loop {
        let chunk = chunks.next().await?;
        let is_end = chunk.is_none();
        rest.extend_from_slice(&chunk.unwrap_or_default());
        // The last piece may be half a line, but for that at the end.
        let complete = match is_end {
            true => rest.len(),
            false => rest
                .iter()
                .rposition(|&byte| byte == b'\n')
                .map_or(0, |at| at + 1),
        };
        if rest.len() - complete > LINE_LIMIT {
            let expected = format!("at most {LINE_LIMIT} bytes");
            return Err(ApiError::field(
                format!("line {}", line + 1),
                expected,
                "more",
            ));
        }
        for bytes in rest[..complete].split_inclusive(|&byte| byte == b'\n') {
            line += 1;
            let text = String::from_utf8_lossy(bytes);
            let text = text.trim_start_matches('\u{feff}').trim();
            if text.is_empty() || (line == 1 && text.eq_ignore_ascii_case("uuid,label")) {
                continue;
            }
            match read(&classes, text) {
                Ok(label) => labels.push(label),
                Err(error) => report.refuse(line, &error),
            }
        }
        rest.drain(..complete);
        if is_end || labels.len() >= BATCH {
            record_labels(&api, std::mem::take(&mut labels), &mut report).await?;
        }
        if is_end {
            return Ok(Json(report));
        }
    }
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
    fn refuse(&mut self, line: u64, error: &ApiError) {
        self.refused += 1;
        if self.problems.len() < TOLD {
            let place = error.field.as_deref().map(|field| format!("{field}: "));
            let message = format!("{}{}", place.unwrap_or_default(), error.message);
            self.problems.push(Problem { line, message });
        }
    }
}

fn new_label(uuid: Uuid, left: bool) -> NewLabel {
    NewLabel {
        uuid,
        key: LABEL.into(),
        value: left.to_string(),
    }
}

/// How a model calls who stays and who leaves, where it is clear which model is
/// meant.
struct Classes(Option<Target>);

impl Classes {
    fn of(api: &Api, model: Option<&str>) -> ApiResult<Self> {
        match (model, api.fleet.all_live().as_slice()) {
            (None, [only]) => Ok(Self(only.build.target().cloned())),
            (None, _) => Ok(Self(None)),
            (Some(_), _) => Ok(Self(
                api.fleet.live(model, "model")?.build.target().cloned(),
            )),
        }
    }

    fn read(&self, truth: &Truth) -> ApiResult<bool> {
        match truth {
            Truth::Left(left) => Ok(*left),
            Truth::Class(text) => self.read_text(text),
        }
    }

    fn read_text(&self, text: &str) -> ApiResult<bool> {
        match (text, &self.0) {
            (class, Some(target)) if class == target.positive => Ok(true),
            (class, Some(target)) if class == target.negative => Ok(false),
            ("true", _) => Ok(true),
            ("false", _) => Ok(false),
            _ => Err(self.refuse(format!("'{text}'"))),
        }
    }

    fn refuse(&self, got: String) -> ApiError {
        let expected = match &self.0 {
            Some(target) => {
                format!(
                    "true, false, '{}' or '{}'",
                    target.positive, target.negative
                )
            }
            None => "true or false".into(),
        };
        ApiError::field("label", expected, got)
    }

    fn read_json(&self, line: &str) -> ApiResult<NewLabel> {
        let label: Label = json::parse(line, ErrorCode::Row, "a label")?;
        Ok(new_label(label.uuid, self.read(&label.label)?))
    }

    fn read_csv(&self, line: &str) -> ApiResult<NewLabel> {
        let (uuid, label) = line
            .split_once(',')
            .ok_or_else(|| ApiError::field("line", "uuid,label", format!("'{line}'")))?;
        let unquoted = |cell: &'_ str| cell.trim().trim_matches('"').to_owned();
        let uuid = unquoted(uuid);
        let uuid = uuid
            .parse()
            .map_err(|_| ApiError::field("uuid", "a uuid", format!("'{uuid}'")))?;
        Ok(new_label(uuid, self.read_text(&unquoted(label))?))
    }
}
