//! All predictions as one file.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use churn_core::Value;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::api::Api;
use crate::build::Build;
use crate::clock::rfc3339;
use crate::error::{ApiError, ApiResult, Problems};
use crate::query::{Checked, SelectionQuery};
use crate::routes::predictions::ToldPrediction;
use crate::store::predictions::Selection;
use crate::stream::{PAGE, Pages, stream};
use crate::told::{LABEL, Told};

/// What to export, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// CSV or lines of JSON.
    #[param(inline)]
    format: Format,
    /// Name of the model; in CSV needed where several are deployed.
    #[param(nullable = false)]
    model: Option<String>,
    /// First moment, in milliseconds since 1970.
    #[param(nullable = false, minimum = 0, maximum = 253402300799999i64)]
    from_ms: Option<i64>,
    /// Last moment, in milliseconds since 1970.
    #[param(nullable = false, minimum = 0, maximum = 253402300799999i64)]
    to_ms: Option<i64>,
}

/// How predictions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A table with the features of the model that answers now.
    Csv,
    /// A prediction a line, as `/api/v1/predictions` tells it.
    Ndjson,
}

/// Exports predictions by time.
#[utoipa::path(get, path = "/api/v1/export", operation_id = "export_predictions", tag = "predictions", params(ExportQuery),
    responses((status = 200, description = "Done", content((String = "text/csv"), (String = "application/x-ndjson"))),
        Problems))]
pub async fn export(
    State(api): State<Arc<Api>>,
    Checked(Query(query)): Checked<Query<ExportQuery>>,
) -> ApiResult<Response> {
    let selection = SelectionQuery {
        model: query.model.clone(),
        from_ms: query.from_ms,
        to_ms: query.to_ms,
        ..SelectionQuery::default()
    };
    let selection = selection.check(&api.fleet)?;
    match query.format {
        Format::Csv => {
            let build = Arc::clone(&api.fleet.live(query.model.as_deref(), "model")?.build);
            let has_header = false;
            let table = Table {
                selection,
                build,
                has_header,
            };
            stream(api, "text/csv; charset=utf-8", table).await
        }
        Format::Ndjson => stream(api, "application/x-ndjson", Lines { selection }).await,
    }
}

struct Lines {
    selection: Selection,
}

impl Pages for Lines {
    fn write_next(&mut self, api: &Api, page: &mut Vec<u8>) -> ApiResult<bool> {
        let records = api.store.predictions(&self.selection, PAGE)?;
        let more = records.len() == PAGE;
        for record in records {
            self.selection.after = Some((record.start_ms, record.id));
            let told = ToldPrediction::new(&Told::new(api, record)?)?;
            let written = serde_json::to_writer(&mut *page, &told);
            written.map_err(|error| ApiError::internal(error.to_string()))?;
            page.push(b'\n');
        }
        Ok(more)
    }
}

struct Table {
    selection: Selection,
    build: Arc<Build>,
    has_header: bool,
}

const COLUMNS: [&str; 7] = [
    "uuid",
    "time",
    "duration_us",
    "deployment",
    "probability",
    "decision",
    "label",
];

impl Pages for Table {
    fn write_next(&mut self, api: &Api, page: &mut Vec<u8>) -> ApiResult<bool> {
        let records = api.store.predictions(&self.selection, PAGE)?;
        let more = records.len() == PAGE;
        let mut writer = csv::Writer::from_writer(page);
        let features = &self.build.predictor.artefact().schema.features;
        let names = || features.iter().map(|feature| feature.name.as_str());
        let failed = |error: csv::Error| ApiError::internal(error.to_string());
        if !self.has_header {
            self.has_header = true;
            writer
                .write_record(COLUMNS.into_iter().chain(names()))
                .map_err(failed)?;
        }
        for record in records {
            self.selection.after = Some((record.start_ms, record.id));
            let told = Told::new(api, record)?;
            let cells = names().map(|name| cell(&told, name));
            let record = &told.record;
            let head = [
                record.uuid.to_string(),
                rfc3339(record.start_ms),
                record.duration_us.to_string(),
                told.deployment.uuid.to_string(),
                record
                    .probability
                    .map(|p| p.to_string())
                    .unwrap_or_default(),
                told.decision().unwrap_or_default().to_owned(),
                told.label(LABEL).unwrap_or_default().to_owned(),
            ];
            writer
                .write_record(head.into_iter().chain(cells))
                .map_err(failed)?;
        }
        writer
            .flush()
            .map_err(|error| ApiError::internal(error.to_string()))?;
        Ok(more)
    }
}

/// A customer's value under the name of a feature. An earlier build may have
/// other features, or other levels.
fn cell(told: &Told, name: &str) -> String {
    let schema = &told.build.predictor.artefact().schema;
    let found = told.customer.as_ref().zip(schema.position(name));
    found.map_or_else(String::new, |((row, _), at)| match row.0.get(at) {
        Some(Value::Number(x)) => x.to_string(),
        Some(Value::Level(code)) => {
            let level = schema.features[at].levels().get(usize::from(*code));
            level.cloned().unwrap_or_default()
        }
        Some(Value::Missing) | None => String::new(),
    })
}
