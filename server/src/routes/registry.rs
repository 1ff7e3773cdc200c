//! Builds of a model, their aliases, and which of them answered when.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use churn_core::registry::{Build, Builds, History, Served};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::{Api, off_the_loop};
use crate::body::JsonBody;
use crate::caller::By;
use crate::error::{ApiError, ApiResult, Problems};
use crate::query::{Checked, times};
use crate::store::registry::{self, Refused, Registered, Which};

/// Which deployments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HistoryQuery {
    /// Those that answered at this moment or later, in milliseconds since 1970.
    #[param(nullable = false, minimum = 0, maximum = 253402300799999i64)]
    from_ms: Option<i64>,
    /// Those that answered at this moment or before, in milliseconds since 1970.
    #[param(nullable = false, minimum = 0, maximum = 253402300799999i64)]
    to_ms: Option<i64>,
}

/// A build of a model.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildChoice {
    /// Its version or an alias of it.
    #[schema(
        max_length = 64,
        pattern = "^([1-9][0-9]{0,17}|[A-Za-z][A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*)$"
    )]
    build: String,
}

/// An alias of a model's build.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct AliasPath {
    /// Name of the model.
    name: String,
    /// The alias.
    #[param(
        max_length = 64,
        pattern = "^[A-Za-z][A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*$"
    )]
    alias: String,
}

impl AliasPath {
    /// The model and the alias, which must be one.
    fn check(self) -> ApiResult<(String, String)> {
        let wrong = |expected| ApiError::field("alias", expected, format!("'{}'", self.alias));
        registry::alias(&self.alias).map_err(wrong)?;
        Ok((self.name, self.alias))
    }
}

/// What was deployed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deployed {
    /// Name of the deployment, which answers from now on.
    deployment: Uuid,
}

/// Lists the builds of a model.
#[utoipa::path(get, path = "/api/v1/models/{name}/builds", operation_id = "list_builds", tag = "registry",
    params(("name" = String, Path, description = "Name of the model")),
    responses((status = 200, description = "Done", body = Builds), Problems))]
pub async fn builds(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
) -> ApiResult<Json<Builds>> {
    let builds = off_the_loop(move || {
        let builds = api
            .store
            .registry(|connection| registry::builds(connection, &name))?;
        if builds.is_empty() {
            return Err(unknown(format!("no model '{name}'")));
        }
        Ok::<_, ApiError>(builds)
    });
    let builds = builds.await??.into_iter().map(told).collect();
    Ok(Json(Builds { builds }))
}

/// Lists which builds of a model answered when.
#[utoipa::path(get, path = "/api/v1/models/{name}/deployments", operation_id = "list_deployments", tag = "registry",
    params(("name" = String, Path, description = "Name of the model"), HistoryQuery),
    responses((status = 200, description = "Done", body = History), Problems))]
pub async fn history(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
    Checked(Query(query)): Checked<Query<HistoryQuery>>,
) -> ApiResult<Json<History>> {
    let (from_ms, to_ms) = times(("from_ms", query.from_ms), ("to_ms", query.to_ms))?;
    let served = off_the_loop(move || {
        let served = api
            .store
            .registry(|connection| registry::history(connection, &name))?;
        if served.is_empty() {
            return Err(unknown(format!("no model '{name}' is deployed")));
        }
        Ok::<_, ApiError>(served)
    });
    let in_time = |served: &Served| {
        served.from_ms <= to_ms && served.until_ms.is_none_or(|until| from_ms < until)
    };
    let deployments = served.await??.into_iter().filter(in_time).collect();
    Ok(Json(History { deployments }))
}

/// Lets a build answer from now on.
///
/// Requests under way are answered by the build before; none is refused. The
/// build is loaded before any request sees it.
#[utoipa::path(post, path = "/api/v1/models/{name}/deployments", operation_id = "promote_build", tag = "registry",
    params(("name" = String, Path, description = "Name of the model")), request_body = BuildChoice,
    responses((status = 200, description = "Done", body = Deployed), Problems))]
pub async fn promote(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
    By(by): By,
    body: JsonBody,
) -> ApiResult<Json<Deployed>> {
    let which = which(&body)?;
    let done = api.store.change_registry(move |connection| {
        registry::promote(connection, &name, &which, by.as_deref())
    });
    let deployment = done.await?.map_err(refused)?;
    take_up(&api).await?;
    Ok(Json(Deployed { deployment }))
}

/// Lets the build answer again that did before the present one.
///
/// Once more goes a step further back.
#[utoipa::path(post, path = "/api/v1/models/{name}/rollback", operation_id = "roll_back", tag = "registry",
    params(("name" = String, Path, description = "Name of the model")),
    responses((status = 200, description = "Done", body = Deployed), Problems))]
pub async fn roll_back(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
    By(by): By,
) -> ApiResult<Json<Deployed>> {
    let done = api
        .store
        .change_registry(move |connection| registry::roll_back(connection, &name, by.as_deref()));
    let deployment = done.await?.map_err(refused)?;
    take_up(&api).await?;
    Ok(Json(Deployed { deployment }))
}

/// Gives a build an alias, which no other build of the model has from then on.
#[utoipa::path(put, path = "/api/v1/models/{name}/aliases/{alias}", operation_id = "name_build", tag = "registry",
    params(AliasPath), request_body = BuildChoice,
    responses((status = 204, description = "Done"), Problems))]
pub async fn name(
    State(api): State<Arc<Api>>,
    Checked(Path(path)): Checked<Path<AliasPath>>,
    body: JsonBody,
) -> ApiResult<StatusCode> {
    let which = which(&body)?;
    let (model, alias) = path.check()?;
    let done = api
        .store
        .change_registry(move |connection| registry::name(connection, &model, &which, &alias));
    done.await?.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an alias away.
#[utoipa::path(delete, path = "/api/v1/models/{name}/aliases/{alias}", operation_id = "unname_build", tag = "registry",
    params(AliasPath),
    responses((status = 204, description = "Done"), Problems))]
pub async fn unname(
    State(api): State<Arc<Api>>,
    Checked(Path(path)): Checked<Path<AliasPath>>,
) -> ApiResult<StatusCode> {
    let (model, alias) = path.check()?;
    let done = api
        .store
        .change_registry(move |connection| registry::unname(connection, &model, &alias));
    done.await?.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is told of a build.
pub(super) fn told(registered: Registered) -> Build {
    Build {
        build: registered.build.uuid.to_string(),
        version: registered.version,
        built_ms: registered.build.created_ms,
        sha256: registered.build.sha256,
        aliases: registered.aliases,
        deleted: registered.length == 0,
    }
}

fn which(body: &JsonBody) -> ApiResult<Which> {
    let BuildChoice { build } = body.parse()?;
    let wrong = |expected| ApiError::field("build", expected, format!("'{build}'"));
    build.parse().map_err(wrong)
}

/// Has what was deployed answer before anybody is told so.
async fn take_up(api: &Arc<Api>) -> ApiResult<()> {
    let api = Arc::clone(api);
    let refreshed = off_the_loop(move || api.fleet.refresh(&api.store, &api.telemetry));
    let internal = |error: churn_core::Error| ApiError::internal(error.to_string());
    refreshed.await?.map(drop).map_err(internal)
}

/// Why something was not done.
pub(super) fn refused(refused: Refused) -> ApiError {
    match refused {
        Refused::Unknown(message) => unknown(message),
        Refused::Conflict(message) => {
            ApiError::new(StatusCode::CONFLICT, "registry.conflict", message)
        }
    }
}

pub(super) fn unknown(message: String) -> ApiError {
    ApiError::unknown("model.unknown", "name", message)
}
