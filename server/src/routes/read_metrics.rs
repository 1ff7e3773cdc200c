//! `POST /read-metrics`: what was recorded, as the workshop reads it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use crate::api::Api;
use crate::body::JsonBody;
use crate::error::{ApiError, ApiResult, Problems};
use crate::fleet::{crn, uuid_of};
use crate::query::times;
use crate::store::deployments::DeploymentRecord;
use crate::store::predictions::Selection;
use crate::stream::{PAGE, Pages, stream};
use crate::told::{Input, Told, Weights};
use churn_core::whole::whole_or_null;

/// What to read; everything if nothing is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReadMetrics {
    /// Of one deployment.
    model_deployment_crn: Option<String>,
    /// Of one build.
    model_build_crn: Option<String>,
    /// Of one model.
    model_crn: Option<String>,
    /// First moment.
    #[schema(minimum = 0, maximum = 253402300799999i64)]
    #[serde(default, deserialize_with = "whole_or_null")]
    start_timestamp_ms: Option<i64>,
    /// Last moment.
    #[schema(minimum = 0, maximum = 253402300799999i64)]
    #[serde(default, deserialize_with = "whole_or_null")]
    end_timestamp_ms: Option<i64>,
}

/// What was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadAnswer {
    /// Predictions by time, then aggregates by time.
    metrics: Vec<MetricRecord>,
}

/// A prediction, or metrics of a stretch of time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricRecord {
    model_deployment_crn: String,
    model_build_crn: String,
    model_crn: String,
    start_time_stamp_ms: i64,
    end_time_stamp_ms: i64,
    /// Empty for an aggregate.
    prediction_uuid: String,
    /// Names and values; of a prediction with what came later.
    #[schema(value_type = Object)]
    metrics: Entries,
}

/// Reads what was recorded.
#[utoipa::path(post, path = "/read-metrics", operation_id = "read_metrics", tag = "workshop", request_body = ReadMetrics,
    responses((status = 200, description = "Done", body = ReadAnswer), Problems))]
pub async fn read(State(api): State<Arc<Api>>, body: JsonBody) -> ApiResult<Response> {
    let call: ReadMetrics = body.parse()?;
    let (from_ms, to_ms) = times(
        ("startTimestampMs", call.start_timestamp_ms),
        ("endTimestampMs", call.end_timestamp_ms),
    )?;
    let pages = Records {
        selection: Selection {
            from_ms,
            to_ms,
            deployments: call.deployments(&api)?,
            after: None,
        },
        stage: Stage::Start,
        is_first: true,
    };
    stream(api, "application/json", pages).await
}

impl ReadMetrics {
    /// Numbers of the deployments named; none where all are meant.
    fn deployments(&self, api: &Api) -> ApiResult<Option<Vec<i64>>> {
        let wanted = [
            ("modelDeploymentCrn", &self.model_deployment_crn),
            ("modelBuildCrn", &self.model_build_crn),
            ("modelCrn", &self.model_crn),
        ];
        let mut numbers: Option<Vec<i64>> = None;
        for (at, (field, name)) in wanted.into_iter().enumerate() {
            let Some(name) = name else { continue };
            let uuid = uuid_of(name);
            let of = |record: &DeploymentRecord| {
                [record.uuid, record.build.uuid, record.build.model_uuid]
                    .get(at)
                    .copied()
            };
            let found = api
                .fleet
                .numbers(|record| uuid.is_some() && of(record) == uuid);
            if found.is_empty() {
                let message = "nothing of this name is known";
                return Err(ApiError::unknown("deployment.unknown", field, message));
            }
            numbers = Some(match numbers {
                None => found,
                Some(before) => before.into_iter().filter(|id| found.contains(id)).collect(),
            });
        }
        Ok(numbers)
    }
}

/// How far the answer is written.
enum Stage {
    Start,
    Predictions,
    Aggregates,
}

struct Records {
    selection: Selection,
    stage: Stage,
    is_first: bool,
}

impl Pages for Records {
    fn write_next(&mut self, api: &Api, page: &mut Vec<u8>) -> ApiResult<bool> {
        match self.stage {
            Stage::Start => {
                page.extend_from_slice(b"{\"metrics\":[");
                self.stage = Stage::Predictions;
                self.write_next(api, page)
            }
            Stage::Predictions => {
                let records = api.store.predictions(&self.selection, PAGE)?;
                self.selection.after = records.last().map(|last| (last.start_ms, last.id));
                let is_last = records.len() < PAGE;
                for record in records {
                    let told = Told::new(api, record)?;
                    let metrics = Entries::of(&told)?;
                    self.write(page, of_prediction(&told, metrics))?;
                }
                if is_last {
                    self.selection.after = None;
                    self.stage = Stage::Aggregates;
                }
                Ok(true)
            }
            Stage::Aggregates => {
                let records = api.store.aggregates(&self.selection, PAGE)?;
                let last = records.last();
                self.selection.after = last.map(|last| (last.aggregate.start_ms, last.id));
                for record in &records {
                    let new = &record.aggregate;
                    let deployment = api.fleet.record(new.deployment)?;
                    let mut metrics = Entries::default();
                    metrics.merge(&new.metrics)?;
                    self.write(
                        page,
                        MetricRecord {
                            model_deployment_crn: crn(deployment.uuid),
                            model_build_crn: crn(deployment.build.uuid),
                            model_crn: crn(deployment.build.model_uuid),
                            start_time_stamp_ms: new.start_ms,
                            end_time_stamp_ms: new.end_ms,
                            prediction_uuid: String::new(),
                            metrics,
                        },
                    )?;
                }
                let more = records.len() == PAGE;
                if !more {
                    page.extend_from_slice(b"]}");
                }
                Ok(more)
            }
        }
    }
}

impl Records {
    fn write(&mut self, page: &mut Vec<u8>, record: MetricRecord) -> ApiResult<()> {
        if !self.is_first {
            page.push(b',');
        }
        self.is_first = false;
        serde_json::to_writer(page, &record).map_err(broken)
    }
}

fn of_prediction(told: &Told, metrics: Entries) -> MetricRecord {
    let record = &told.record;
    // A stretch of less than a millisecond ends in the next one.
    let duration_ms = record.duration_us.saturating_add(999) / 1000;
    MetricRecord {
        model_deployment_crn: crn(told.deployment.uuid),
        model_build_crn: crn(told.deployment.build.uuid),
        model_crn: crn(told.deployment.build.model_uuid),
        start_time_stamp_ms: record.start_ms,
        end_time_stamp_ms: record.start_ms.saturating_add(duration_ms),
        prediction_uuid: record.uuid.hyphenated().to_string(),
        metrics,
    }
}

/// Names and values in order, each name once.
#[derive(Debug, Default)]
struct Entries(Vec<(String, Box<RawValue>)>);

impl Entries {
    /// What a model in the workshop tracks, what else was tracked, and what
    /// came later.
    fn of(told: &Told) -> ApiResult<Self> {
        let mut entries = Self::default();
        let features = &told.build.predictor.artefact().schema.features;
        if let Some((row, _)) = &told.customer {
            entries.set("input_data", raw(&Input { features, row })?);
        }
        if let Some(probability) = told.record.probability {
            entries.set("probability", raw(&probability)?);
        }
        if let Some((top, explanation)) = &told.explanation {
            let weights = Weights {
                features,
                explanation,
                top: *top,
            };
            entries.set("explanation", raw(&weights)?);
        }
        if let Some(metrics) = &told.record.metrics {
            entries.merge(metrics)?;
        }
        for label in &told.record.labels {
            let value = RawValue::from_string(label.value.clone());
            entries.set(&label.key, value.map_err(broken)?);
        }
        Ok(entries)
    }

    fn merge(&mut self, object: &str) -> ApiResult<()> {
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(object).map_err(broken)?;
        for (name, value) in object {
            self.set(&name, raw(&value)?);
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: Box<RawValue>) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }
}

impl Serialize for Entries {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

fn raw(value: &impl Serialize) -> ApiResult<Box<RawValue>> {
    to_raw_value(value).map_err(broken)
}

fn broken(error: serde_json::Error) -> ApiError {
    ApiError::internal(error.to_string())
}
