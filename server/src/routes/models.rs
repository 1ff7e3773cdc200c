//! What is deployed: metadata and schema.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use churn_core::metrics::Metrics;
use churn_core::{Explanation, Feature, Row, Schema, Value};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::Api;
use crate::build::Build;
use crate::error::{ApiResult, Problems};
use crate::fleet::Live;
use crate::query::Checked;
use crate::told::{Input, Weights};

/// What is deployed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Models {
    /// One per name.
    models: Vec<ModelName>,
}

/// A model that answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelName {
    /// Its name: the access key of `POST /model`.
    name: String,
    /// The deployment that answers.
    deployment: Uuid,
    /// Its build.
    build: Uuid,
    /// When it was deployed, in milliseconds since 1970.
    deployed_ms: i64,
}

/// All that is to be known of a model.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelMetadata<'a> {
    /// Its name: the access key of `POST /model`.
    #[schema(value_type = String)]
    name: &'a str,
    /// The deployment that answers.
    deployment: Uuid,
    /// The deployment's name as the workshop writes it.
    #[schema(value_type = String)]
    model_deployment_crn: &'a str,
    /// When it was deployed, in milliseconds since 1970.
    deployed_ms: i64,
    /// Its build, which never changes.
    build: Uuid,
    /// When the build was made, in milliseconds since 1970.
    built_ms: i64,
    /// Hash of the model document.
    #[schema(value_type = String)]
    sha256: &'a str,
    /// Hash of the data it was trained on; empty where that is not known.
    #[schema(value_type = String)]
    data_hash: &'a str,
    /// Probability from which a customer is taken to leave.
    threshold: f64,
    /// Scores on the training rows.
    #[schema(value_type = Metrics)]
    train: &'a Metrics,
    /// Scores on the rows held out, where there are any.
    #[schema(value_type = Option<Metrics>)]
    test: Option<&'a Metrics>,
    /// A customer whom `POST /model` takes.
    #[schema(value_type = Object)]
    example_input: Input<'a>,
    /// What it answers.
    example_output: ExampleOutput<'a>,
}

/// The answer for the example.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExampleOutput<'a> {
    /// Probability of leaving.
    probability: f64,
    /// Weights by feature, the largest first.
    #[schema(value_type = Object)]
    explanation: Weights<'a>,
}

impl<'a> ExampleOutput<'a> {
    /// What `POST /model` tells of an explanation.
    pub fn new(features: &'a [Feature], explanation: &'a Explanation) -> Self {
        Self {
            probability: explanation.probability,
            explanation: Weights {
                features,
                explanation,
                top: 10,
            },
        }
    }
}

/// A customer of whom nothing was said, filled in as the workshop does, and what
/// the model makes of them.
pub fn example(build: &Build) -> (Row, Explanation) {
    let nothing = vec![Value::Missing; build.predictor.artefact().schema.features.len()];
    let (row, _) = build.complete_as_workshop(Row(nothing));
    let explanation = build.predictor.explain_exact(&row);
    (row, explanation)
}

/// Lists the models that answer.
#[utoipa::path(get, path = "/api/v1/models", operation_id = "list_models", tag = "models",
    responses((status = 200, description = "Done", body = Models), Problems))]
pub async fn list(State(api): State<Arc<Api>>) -> Json<Models> {
    let name = |live: &Arc<Live>| ModelName {
        name: live.record.build.model.clone(),
        deployment: live.record.uuid,
        build: live.record.build.uuid,
        deployed_ms: live.record.created_ms,
    };
    let models = api.fleet.all_live().iter().map(name).collect();
    Json(Models { models })
}

/// Tells all of a model.
#[utoipa::path(get, path = "/api/v1/models/{name}", operation_id = "describe_model", tag = "models",
    params(("name" = String, Path, description = "Name of the model")),
    responses((status = 200, description = "Done", body = ModelMetadata), Problems))]
pub async fn one(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
) -> ApiResult<Response> {
    let live = api.fleet.live(Some(&name), "name")?;
    let (build, record) = (&live.build, &live.record);
    let artefact = build.predictor.artefact();
    let features = &artefact.schema.features;
    let (row, explanation) = example(build);
    let metadata = ModelMetadata {
        name: &record.build.model,
        deployment: record.uuid,
        model_deployment_crn: &live.crn,
        deployed_ms: record.created_ms,
        build: record.build.uuid,
        built_ms: record.build.created_ms,
        sha256: &record.build.sha256,
        data_hash: &artefact.training.data_hash,
        threshold: artefact.threshold,
        train: &artefact.training.train,
        test: artefact.training.test.as_ref(),
        example_input: Input {
            features,
            row: &row,
        },
        example_output: ExampleOutput::new(features, &explanation),
    };
    Ok(Json(metadata).into_response())
}

/// Tells a model's features, their levels, and the target.
#[utoipa::path(get, path = "/api/v1/models/{name}/schema", operation_id = "model_schema", tag = "models",
    params(("name" = String, Path, description = "Name of the model")),
    responses((status = 200, description = "Done", body = Schema), Problems))]
pub async fn schema(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
) -> ApiResult<Response> {
    let live = api.fleet.live(Some(&name), "name")?;
    Ok(Json(&live.build.predictor.artefact().schema).into_response())
}
