//! Jobs: which there are, how they went, added, and told to run or not to.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use churn_core::jobs::{Job, JobDefinition, JobLog, JobRun, JobRuns, Jobs};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::{Api, off_the_loop};
use crate::body::JsonBody;
use crate::clock::now_ms;
use crate::error::{ApiError, ApiResult, Problems};
use crate::job::{definition, told};
use crate::query::{Checked, limit};
use crate::routes::runs::not_understood;
use crate::store::registry::{Outcome, Refused};
use crate::store::{Connection, SqlResult, job_history, jobs};

/// How many runs of a job.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HistoryQuery {
    /// How many at most: 1 to 1,000; 100 if nothing is said.
    #[param(nullable = false, minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// A run of a job.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RunPath {
    /// Name of the job.
    name: String,
    /// Number of the run.
    #[param(minimum = 1)]
    run: u32,
}

/// Lists jobs: how they stand, how they ended, when they run next.
#[utoipa::path(get, path = "/api/v1/jobs", operation_id = "list_jobs", tag = "jobs",
    responses((status = 200, description = "Done", body = Jobs), Problems))]
pub async fn list(State(api): State<Arc<Api>>) -> ApiResult<Json<Jobs>> {
    let jobs = off_the_loop(move || {
        api.store.jobs(|connection| {
            let all = jobs::all(connection)?.into_iter();
            let told = all.map(|record| told::job(connection, record));
            told.collect::<SqlResult<Vec<Job>>>()
        })
    });
    Ok(Json(Jobs { jobs: jobs.await?? }))
}

/// Adds a job.
///
/// One that names files, folders or databases is added on the server's machine alone,
/// by `churn job add`: over the network nobody says what is read and written there.
#[utoipa::path(post, path = "/api/v1/jobs", operation_id = "add_job", tag = "jobs",
    request_body = JobDefinition,
    responses((status = 200, description = "Done", body = Job), Problems))]
pub async fn add(State(api): State<Arc<Api>>, body: JsonBody) -> ApiResult<Json<Job>> {
    let asked: JobDefinition = body.parse()?;
    if let Some(place) = asked.work.place() {
        let message = format!(
            "a job that does '{}' names files, folders or databases of the server: add it there, \
             by `churn job add`",
            asked.work.kind()
        );
        return Err(ApiError {
            field: Some(format!("work.{place}").into()),
            ..ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "job.place", message)
        });
    }
    definition::check(&asked, now_ms()).map_err(not_understood)?;
    let name = asked.name.clone();
    change(&api, move |connection| {
        jobs::add(connection, &asked, now_ms())
    })
    .await?;
    one(State(api), Checked(Path(name))).await
}

/// Tells how a job stands.
#[utoipa::path(get, path = "/api/v1/jobs/{name}", operation_id = "show_job", tag = "jobs",
    params(("name" = String, Path, description = "Name of the job")),
    responses((status = 200, description = "Done", body = Job), Problems))]
pub async fn one(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
) -> ApiResult<Json<Job>> {
    read(api, name, |connection, record| {
        told::job(connection, record).map(Some)
    })
    .await
}

/// Removes a job that does not run, and what its runs said.
#[utoipa::path(delete, path = "/api/v1/jobs/{name}", operation_id = "remove_job", tag = "jobs",
    params(("name" = String, Path, description = "Name of the job")),
    responses((status = 204, description = "Done"), Problems))]
pub async fn remove(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
) -> ApiResult<StatusCode> {
    done(&api, move |connection| {
        jobs::remove(connection, &name, now_ms())
    })
    .await
}

/// Lets a job run by hand alone until it is resumed.
#[utoipa::path(post, path = "/api/v1/jobs/{name}/pause", operation_id = "pause_job", tag = "jobs",
    params(("name" = String, Path, description = "Name of the job")),
    responses((status = 204, description = "Done"), Problems))]
pub async fn pause(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
) -> ApiResult<StatusCode> {
    done(&api, move |connection| {
        jobs::pause(connection, &name, now_ms())
    })
    .await
}

/// Lets a paused job run by itself again. What it missed meanwhile was meant to be.
#[utoipa::path(post, path = "/api/v1/jobs/{name}/resume", operation_id = "resume_job", tag = "jobs",
    params(("name" = String, Path, description = "Name of the job")),
    responses((status = 204, description = "Done"), Problems))]
pub async fn resume(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
) -> ApiResult<StatusCode> {
    done(&api, move |connection| {
        jobs::resume(connection, &name, now_ms())
    })
    .await
}

/// Stops what runs of a job, and what waits.
#[utoipa::path(post, path = "/api/v1/jobs/{name}/cancel", operation_id = "cancel_job", tag = "jobs",
    params(("name" = String, Path, description = "Name of the job")),
    responses((status = 204, description = "Done"), Problems))]
pub async fn cancel(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
) -> ApiResult<StatusCode> {
    done(&api, move |connection| {
        jobs::cancel(connection, &name, now_ms())
    })
    .await
}

/// Lists the newest runs of a job.
#[utoipa::path(get, path = "/api/v1/jobs/{name}/runs", operation_id = "list_job_runs", tag = "jobs",
    params(("name" = String, Path, description = "Name of the job"), HistoryQuery),
    responses((status = 200, description = "Done", body = JobRuns), Problems))]
pub async fn runs(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
    Checked(Query(query)): Checked<Query<HistoryQuery>>,
) -> ApiResult<Json<JobRuns>> {
    let limit = limit(query.limit)?;
    read(api, name, move |connection, record| {
        let runs = job_history::history(connection, record.id, limit)?;
        Ok(Some(JobRuns { runs }))
    })
    .await
}

/// Has a job run now: as soon as it has its turn.
///
/// A run that waits already, also for its next try, is that run.
#[utoipa::path(post, path = "/api/v1/jobs/{name}/runs", operation_id = "run_job", tag = "jobs",
    params(("name" = String, Path, description = "Name of the job")),
    responses((status = 202, description = "It waits for its turn", body = JobRun), Problems))]
pub async fn run(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
) -> ApiResult<(StatusCode, Json<JobRun>)> {
    let wanted = name.clone();
    let run = change(&api, move |connection| {
        jobs::run_now(connection, &wanted, now_ms())
    });
    let run = run.await?;
    let told = read(api, name, move |connection, record| {
        let runs = job_history::history(connection, record.id, 1000)?;
        Ok(runs.into_iter().find(|told| told.run == run))
    });
    Ok((StatusCode::ACCEPTED, told.await?))
}

/// Tells what a run of a job said, each of its tries.
#[utoipa::path(get, path = "/api/v1/jobs/{name}/runs/{run}/log", operation_id = "show_job_log", tag = "jobs",
    params(RunPath),
    responses((status = 200, description = "Done", body = JobLog), Problems))]
pub async fn log(
    State(api): State<Arc<Api>>,
    Checked(Path(RunPath { name, run })): Checked<Path<RunPath>>,
) -> ApiResult<Json<JobLog>> {
    read(api, name, move |connection, record| {
        job_history::log(connection, record.id, Some(run.into()))
    })
    .await
}

/// Reads what is known of a job.
async fn read<T: Send + 'static>(
    api: Arc<Api>,
    name: String,
    read: impl Fn(&mut Connection, jobs::JobRecord) -> SqlResult<Option<T>> + Send + 'static,
) -> ApiResult<Json<T>> {
    let found = off_the_loop(move || {
        let found = api.store.jobs(|connection| {
            let record = match jobs::find(connection, &name)? {
                Ok(record) => record,
                Err(refused) => return Ok(Err(refused)),
            };
            Ok(Ok(read(connection, record)?))
        })?;
        let found = found.map_err(refused)?;
        let unknown = || {
            let message = format!("'{name}' has no such run");
            ApiError::unknown("job.unknown", "run", message)
        };
        found.ok_or_else(unknown)
    });
    Ok(Json(found.await??))
}

async fn change<T: Send + 'static>(
    api: &Api,
    change: impl FnOnce(&mut Connection) -> Outcome<T> + Send + 'static,
) -> ApiResult<T> {
    api.store.change_jobs(change).await?.map_err(refused)
}

async fn done(
    api: &Api,
    wanted: impl FnOnce(&mut Connection) -> Outcome<()> + Send + 'static,
) -> ApiResult<StatusCode> {
    change(api, wanted).await.map(|()| StatusCode::NO_CONTENT)
}

fn refused(refused: Refused) -> ApiError {
    match refused {
        Refused::Unknown(message) => ApiError::unknown("job.unknown", "name", message),
        Refused::Conflict(message) => ApiError {
            field: Some("name".into()),
            ..ApiError::new(StatusCode::CONFLICT, "job.conflict", message)
        },
    }
}
