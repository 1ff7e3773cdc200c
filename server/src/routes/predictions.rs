//! What was answered: by page, and one by one.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use churn_core::Explanation;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{Api, off_the_loop};
use crate::error::{ApiError, ApiResult, Problems};
use crate::query::{Checked, SelectionQuery, cursor, limit};
use crate::routes::labels::ToldLabel;
use crate::store::predictions::Selection;
use crate::told::{Input, Told};

/// A page of predictions.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct PredictionPage {
    /// By time.
    predictions: Vec<ToldPrediction>,
    /// To be given as `after` for the next page; null at the end.
    next: Option<String>,
}

/// A prediction with what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldPrediction {
    /// Its name.
    uuid: Uuid,
    /// When the request came, in milliseconds since 1970.
    start_ms: i64,
    /// How long the answer took to make, in microseconds.
    duration_us: i64,
    /// Name of the model.
    model: String,
    /// The build that answered.
    build: Uuid,
    /// The deployment that answered.
    deployment: Uuid,
    /// The customer as it was scored; null of an answer given elsewhere.
    #[schema(value_type = Option<Object>)]
    input: Option<Box<RawValue>>,
    /// Features that were filled in.
    filled: Vec<String>,
    /// Probability of leaving.
    probability: Option<f64>,
    /// The class decided for.
    decision: Option<String>,
    /// Why, where that was asked; weights are in the order of the schema.
    explanation: Option<Explanation>,
    /// What was tracked besides.
    #[schema(value_type = Option<Object>)]
    metrics: Option<Box<RawValue>>,
    /// Ground truth, every value in the order it came.
    labels: Vec<ToldLabel>,
}

impl ToldPrediction {
    /// A prediction as it is told.
    ///
    /// # Errors
    /// When the record is broken.
    pub fn new(told: &Told) -> ApiResult<Self> {
        let record = &told.record;
        let features = &told.build.predictor.artefact().schema.features;
        let broken = |error: serde_json::Error| ApiError::internal(error.to_string());
        let customer = told.customer.as_ref();
        let input = customer.map(|(row, _)| to_raw_value(&Input { features, row }));
        let filled = customer
            .map(|(_, filled)| filled.as_slice())
            .unwrap_or_default();
        let metrics = record.metrics.clone().map(RawValue::from_string);
        Ok(Self {
            uuid: record.uuid,
            start_ms: record.start_ms,
            duration_us: record.duration_us,
            model: told.deployment.build.model.clone(),
            build: told.deployment.build.uuid,
            deployment: told.deployment.uuid,
            input: input.transpose().map_err(broken)?,
            filled: filled.iter().map(|&at| features[at].name.clone()).collect(),
            probability: record.probability,
            decision: told.decision().map(str::to_owned),
            explanation: told.explanation.as_ref().map(|(_, why)| why.clone()),
            metrics: metrics.transpose().map_err(broken)?,
            labels: record.labels.iter().map(ToldLabel::from).collect(),
        })
    }
}

/// Lists predictions by time.
#[utoipa::path(get, path = "/api/v1/predictions", operation_id = "list_predictions", tag = "predictions", params(SelectionQuery),
    responses((status = 200, description = "Done", body = PredictionPage), Problems))]
pub async fn list(
    State(api): State<Arc<Api>>,
    Checked(Query(query)): Checked<Query<SelectionQuery>>,
) -> ApiResult<Json<PredictionPage>> {
    let limit = limit(query.limit)?;
    let selection = query.check(&api.fleet)?;
    off_the_loop(move || page(&api, &selection, limit).map(Json)).await?
}

/// A page of what is selected.
pub(super) fn page(api: &Api, selection: &Selection, limit: usize) -> ApiResult<PredictionPage> {
    let records = api.store.predictions(selection, limit)?;
    let last = records.last().filter(|_| records.len() == limit);
    let next = last.map(|last| cursor(last.start_ms, last.id));
    let told = |record| ToldPrediction::new(&Told::new(api, record)?);
    let predictions = records.into_iter().map(told).collect::<ApiResult<_>>()?;
    Ok(PredictionPage { predictions, next })
}

/// Tells one prediction.
#[utoipa::path(get, path = "/api/v1/predictions/{uuid}", operation_id = "prediction", tag = "predictions",
    params(("uuid" = Uuid, Path, description = "Name of the prediction")),
    responses((status = 200, description = "Done", body = ToldPrediction), Problems))]
pub async fn one(
    State(api): State<Arc<Api>>,
    Checked(Path(uuid)): Checked<Path<Uuid>>,
) -> ApiResult<Json<ToldPrediction>> {
    off_the_loop(move || {
        let record = api.store.prediction(uuid)?.ok_or_else(unknown)?;
        ToldPrediction::new(&Told::new(&api, record)?).map(Json)
    })
    .await?
}

/// How much was erased.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasedPrediction {
    /// Predictions: one, or none where only labels waited for it.
    predictions: u64,
    /// Labels, corrected ones too.
    labels: u64,
    /// Predictions whose metrics were tracked.
    metrics: u64,
}

/// Erases a prediction with all that was said of it.
///
/// Its metrics and labels go, too, those that came before it included. The store
/// knows no customers: who asks keeps the names of a customer's predictions.
#[utoipa::path(delete, path = "/api/v1/predictions/{uuid}", operation_id = "erase_prediction", tag = "predictions",
    params(("uuid" = Uuid, Path, description = "Name of the prediction")),
    responses((status = 200, description = "Done", body = ErasedPrediction), Problems))]
pub async fn erase(
    State(api): State<Arc<Api>>,
    Checked(Path(uuid)): Checked<Path<Uuid>>,
) -> ApiResult<Json<ErasedPrediction>> {
    let erased = api.store.erase(vec![uuid]).await?;
    if erased.is_nothing() {
        return Err(unknown());
    }
    Ok(Json(ErasedPrediction {
        predictions: erased.predictions,
        labels: erased.labels,
        metrics: erased.metrics,
    }))
}

fn unknown() -> ApiError {
    ApiError::unknown("prediction.unknown", "uuid", "no prediction of this name")
}
