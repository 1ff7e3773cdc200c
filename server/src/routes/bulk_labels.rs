//! Ground truth in bulk, read as it comes.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, Request, State};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::Api;
use crate::body::{Chunks, content_type, wrong_type};
use crate::error::{ApiError, ApiResult, Problems};
use crate::query::Checked;
use crate::routes::labels::{LabelReport, record_labels};
use crate::store::labels::NewLabel;
use crate::truth::Classes;

/// Longest line of a bulk.
const LINE_LIMIT: usize = 10_000;

/// Labels of a bulk that share a commit.
const BATCH: usize = 10_000;

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
/// out and told. Sending all again changes nothing, unless something else was
/// said meanwhile: what comes last is in force.
#[utoipa::path(post, path = "/api/v1/labels/bulk", operation_id = "add_labels_in_bulk", tag = "ground truth", params(BulkQuery),
    request_body(content((String = "application/x-ndjson"), (String = "text/csv"))),
    responses((status = 200, description = "Done", body = LabelReport), Problems))]
pub async fn add(
    State(api): State<Arc<Api>>,
    Checked(Query(query)): Checked<Query<BulkQuery>>,
    request: Request,
) -> ApiResult<Json<LabelReport>> {
    let read = match content_type(request.headers()) {
        "application/x-ndjson" => Classes::read_json,
        "text/csv" => Classes::read_csv,
        other => return Err(wrong_type("application/x-ndjson or text/csv", other)),
    };
    let mut lines = Lines {
        chunks: Chunks::new(request.into_body(), api.bulk_limit, api.patience),
        rest: Vec::new(),
        line: 0,
        is_end: false,
        classes: Classes::of(&api, query.model.as_deref())?,
        read,
        refused: LabelReport::default(),
    };
    let mut report = LabelReport::default();
    let mut batch = lines.next().await?;
    while !batch.is_empty() {
        // The next ones are read while these are written.
        let (recorded, next) = tokio::join!(record_labels(&api, batch, &mut report), lines.next());
        recorded?;
        batch = next?;
    }
    Ok(Json(report.with_refused(lines.refused)))
}

/// The lines of a body.
struct Lines {
    chunks: Chunks,
    /// What was received and not read yet.
    rest: Vec<u8>,
    /// Lines read.
    line: u64,
    is_end: bool,
    classes: Classes,
    read: fn(&Classes, &str) -> ApiResult<NewLabel>,
    refused: LabelReport,
}

impl Lines {
    /// The next labels; none at the end.
    async fn next(&mut self) -> ApiResult<Vec<NewLabel>> {
        let mut labels = Vec::with_capacity(BATCH);
        while labels.len() < BATCH && !self.is_end {
            let chunk = self.chunks.next().await?;
            self.is_end = chunk.is_none();
            self.rest.extend_from_slice(&chunk.unwrap_or_default());
            self.read_complete(&mut labels);
            if self.rest.len() > LINE_LIMIT {
                let expected = format!("at most {LINE_LIMIT} bytes");
                let place = format!("line {}", self.line + 1);
                return Err(ApiError::field(place, expected, "more"));
            }
        }
        Ok(labels)
    }

    /// Reads what is there but for the last line, which may go on.
    fn read_complete(&mut self, labels: &mut Vec<NewLabel>) {
        let complete = match self.is_end {
            true => self.rest.len(),
            false => {
                let end = self.rest.iter().rposition(|&byte| byte == b'\n');
                end.map_or(0, |at| at + 1)
            }
        };
        for bytes in self.rest[..complete].split_inclusive(|&byte| byte == b'\n') {
            self.line += 1;
            let text = String::from_utf8_lossy(bytes);
            let text = text.trim_start_matches('\u{feff}').trim();
            let is_header = self.line == 1 && text.eq_ignore_ascii_case("uuid,label");
            if text.is_empty() || is_header {
                continue;
            }
            match (self.read)(&self.classes, text) {
                Ok(label) => labels.push(label),
                Err(error) => self.refused.refuse(self.line, &error),
            }
        }
        self.rest.drain(..complete);
    }
}
