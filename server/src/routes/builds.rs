//! One build of a model: added, told with where it came from and an example, deleted.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use churn_core::artefact::TrainingRecord;
use churn_core::metrics::Metrics;
use churn_core::registry::Build as Registered;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::{Api, off_the_loop};
use crate::body::JsonBody;
use crate::build::{Build, check_document, check_name};
use crate::caller::By;
use crate::error::{ApiError, ApiResult, Problems};
use crate::query::Checked;
use crate::routes::models::{ExampleOutput, example};
use crate::routes::registry::{refused, told};
use crate::routes::runs::not_understood;
use crate::store::{registry, runs};
use crate::told::Input;

/// Which build of which model.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct BuildPath {
    /// Name of the model.
    name: String,
    /// Version of the build, or an alias of it.
    #[param(
        max_length = 64,
        pattern = "^([1-9][0-9]{0,17}|[A-Za-z][A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*)$"
    )]
    build: String,
}

/// A model that is there or is to be.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ModelPath {
    /// Name of the model.
    #[param(pattern = "^[A-Za-z0-9_.-]{1,64}$")]
    name: String,
}

/// A version of a model's build.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct VersionPath {
    /// Name of the model.
    name: String,
    /// Version of the build.
    #[param(minimum = 1)]
    build: i64,
}

/// All that is to be known of a build.
#[derive(Debug, Serialize, ToSchema)]
pub struct BuildMetadata<'a> {
    /// Its version, aliases and hash.
    build: Registered,
    /// The run of an experiment that made it, where one did.
    run: Option<String>,
    /// The program that trained it, with its version; empty where that is not known.
    #[schema(value_type = String)]
    program: &'a str,
    /// Hash of the data it was trained on; empty where that is not known.
    #[schema(value_type = String)]
    data_hash: &'a str,
    /// The version of a table that these were, where they were one.
    table: Option<String>,
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

/// Tells all of a build: where it came from, how well it does, an example.
#[utoipa::path(get, path = "/api/v1/models/{name}/builds/{build}", operation_id = "describe_build", tag = "registry",
    params(BuildPath),
    responses((status = 200, description = "Done", body = BuildMetadata), Problems))]
pub async fn one(
    State(api): State<Arc<Api>>,
    Checked(Path(path)): Checked<Path<BuildPath>>,
) -> ApiResult<Response> {
    let wrong = |expected| ApiError::field("build", expected, format!("'{}'", path.build));
    let which = path.build.parse().map_err(wrong)?;
    off_the_loop(move || describe(&api, &path.name, &which)).await?
}

/// Adds a model document, as `churn train` writes it, to the builds of a model.
///
/// It does not answer until it is promoted. The same document again is the same
/// build.
#[utoipa::path(post, path = "/api/v1/models/{name}/builds", operation_id = "add_build", tag = "registry",
    params(ModelPath), request_body = Object,
    responses((status = 200, description = "Done", body = Registered), Problems))]
pub async fn add(
    State(api): State<Arc<Api>>,
    Checked(Path(ModelPath { name })): Checked<Path<ModelPath>>,
    By(by): By,
    body: JsonBody,
) -> ApiResult<Json<Registered>> {
    check_name(&name)?;
    let document = body.text()?.to_owned();
    let checked = off_the_loop(move || check_document(&document).map(|()| document));
    let document = checked.await?.map_err(not_understood)?;
    let added = api.store.change_registry(move |connection| {
        registry::add(connection, &name, &document, by.as_deref()).map(Ok)
    });
    Ok(Json(told(added.await?.map_err(refused)?)))
}

/// Deletes the document of a build that nothing needs; its place in history stays.
#[utoipa::path(delete, path = "/api/v1/models/{name}/builds/{build}", operation_id = "delete_build", tag = "registry",
    params(VersionPath),
    responses((status = 204, description = "Done"), Problems))]
pub async fn delete(
    State(api): State<Arc<Api>>,
    Checked(Path(VersionPath { name, build })): Checked<Path<VersionPath>>,
) -> ApiResult<StatusCode> {
    let done = api
        .store
        .change_registry(move |connection| registry::delete(connection, &name, build));
    done.await?.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

fn describe(api: &Api, name: &str, which: &registry::Which) -> ApiResult<Response> {
    let found = api
        .store
        .registry(|connection| registry::find(connection, name, which))?;
    let found = found.map_err(refused)?;
    if found.length == 0 {
        return Err(unusable("its document was deleted".into()));
    }
    let sha256 = found.build.sha256.as_str();
    let run = api
        .store
        .runs(|connection| runs::of_document(connection, sha256))?;
    let document = api.store.document(found.build.id)?;
    let build = Build::load(found.build.clone(), &document);
    let build = build.map_err(|error| unusable(error.to_string()))?;
    let artefact = build.predictor.artefact();
    let features = &artefact.schema.features;
    let TrainingRecord {
        program,
        data_hash,
        table,
        train,
        test,
        ..
    } = &artefact.training;
    let table = table.as_ref();
    let (row, explanation) = example(&build);
    let metadata = BuildMetadata {
        run: run.map(|record| record.run.run),
        program,
        data_hash,
        table: table.map(|table| format!("{}@{}", table.name, table.version)),
        threshold: artefact.threshold,
        train,
        test: test.as_ref(),
        example_input: Input {
            features,
            row: &row,
        },
        example_output: ExampleOutput::new(features, &explanation),
        build: told(found),
    };
    Ok(Json(metadata).into_response())
}

fn unusable(message: String) -> ApiError {
    ApiError::new(StatusCode::CONFLICT, "build.unusable", message)
}
