//! Tables and their versions.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use churn_core::ErrorCode;
use churn_core::tables::{Ingestion, TableContent, TableDifference, TableVersions};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::{Api, off_the_loop};
use crate::body::{Chunks, content_type, wrong_type};
use crate::caller::By;
use crate::error::{ApiError, ApiResult, Problems};
use crate::progress::Bar;
use crate::query::Checked;
use crate::store::tables::VersionRecord;
use crate::table::Tables;
use crate::table::difference::compare;
use crate::table::folder::TableFolder;
use crate::table::ingest::Ingest;
use crate::table::source::{Source, SourceFile};
use crate::table::version::{Version, VersionName, check_name};

/// A table that is there or is to be.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TablePath {
    /// Name of the table.
    #[param(pattern = "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$")]
    name: String,
}

/// Which version of a table.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct VersionQuery {
    /// Number of the version; the newest if nothing is said.
    #[param(nullable = false, minimum = 1)]
    version: Option<u32>,
}

/// Which version of a table is to go.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeletionQuery {
    /// Number of the version.
    #[param(minimum = 1)]
    version: u32,
}

/// Which versions of a table.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DifferenceQuery {
    /// Number of the version to start from.
    #[param(minimum = 1)]
    from: u32,
    /// Number of the version to compare with it.
    #[param(minimum = 1)]
    to: u32,
}

/// Lists all versions of all tables.
#[utoipa::path(get, path = "/api/v1/tables", operation_id = "list_tables", tag = "tables",
    responses((status = 200, description = "Done", body = TableVersions), Problems))]
pub async fn list(State(api): State<Arc<Api>>) -> ApiResult<Json<TableVersions>> {
    let versions = off_the_loop(move || api.store.table_versions()).await??;
    let versions = versions.iter().map(VersionRecord::told);
    let versions = versions.collect::<Result<_, _>>().map_err(failed)?;
    Ok(Json(TableVersions { versions }))
}

/// Tells where a version of a table came from and what is in its columns.
#[utoipa::path(get, path = "/api/v1/tables/{name}", operation_id = "show_table", tag = "tables",
    params(("name" = String, Path, description = "Name of the table"), VersionQuery),
    responses((status = 200, description = "Done", body = TableContent), Problems))]
pub async fn one(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
    Checked(Query(query)): Checked<Query<VersionQuery>>,
) -> ApiResult<Json<TableContent>> {
    off_the_loop(move || {
        let version = version(&api, &name, ("version", query.version))?;
        version.content().map(Json).map_err(failed)
    })
    .await?
}

/// Tells what changed between two versions of a table: columns, rows by their
/// ids, and how far the columns moved.
#[utoipa::path(get, path = "/api/v1/tables/{name}/difference", operation_id = "compare_versions", tag = "tables",
    params(("name" = String, Path, description = "Name of the table"), DifferenceQuery),
    responses((status = 200, description = "Done", body = TableDifference), Problems))]
pub async fn difference(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
    Checked(Query(query)): Checked<Query<DifferenceQuery>>,
) -> ApiResult<Json<TableDifference>> {
    off_the_loop(move || {
        let from = version(&api, &name, ("from", Some(query.from)))?;
        let to = version(&api, &name, ("to", Some(query.to)))?;
        compare(&from, &to).map(Json).map_err(failed)
    })
    .await?
}

/// Puts the rows of a file into a table, as its new version.
///
/// CSV or Parquet, read as it comes. The new version holds these rows and no
/// others; the same rows as in the newest one make none. Columns and their kinds
/// are those of the table, or found out if it is new.
#[utoipa::path(post, path = "/api/v1/tables/{name}", operation_id = "ingest", tag = "tables",
    params(TablePath),
    request_body(content((String = "text/csv"), (Vec<u8> = "application/vnd.apache.parquet"))),
    responses((status = 200, description = "Done", body = Ingestion), Problems))]
pub async fn ingest(
    State(api): State<Arc<Api>>,
    Checked(Path(TablePath { name })): Checked<Path<TablePath>>,
    By(made_by): By,
    request: Request,
) -> ApiResult<Json<Ingestion>> {
    let name = check_name(&name).map_err(|error| ApiError::from(error.in_field("name")))?;
    let source: fn(SourceFile) -> Source = match content_type(request.headers()) {
        "text/csv" => Source::Csv,
        "application/vnd.apache.parquet" => Source::Parquet,
        other => {
            return Err(wrong_type(
                "text/csv or application/vnd.apache.parquet",
                other,
            ));
        }
    };
    let folder = folder(&api)?;
    let chunks = Chunks::new(request.into_body(), api.bulk_limit, api.patience);
    let upload = Upload::take(&folder, chunks).await?;
    off_the_loop(move || {
        let file = SourceFile {
            path: upload.0.clone(),
            name: "what was sent".into(),
        };
        let ingest = Ingest {
            name,
            sources: vec![source(file)],
            schema: None,
            made_by,
        };
        let mut tables = Tables::open(api.store.place().clone(), folder).map_err(failed)?;
        let ingested = ingest.run(&mut tables, &Bar::hidden());
        let ingested = ingested.map_err(|error| upload.unnamed(error))?;
        Ok(Json(Ingestion {
            version: ingested.version.told().map_err(failed)?,
            is_new: ingested.is_new,
        }))
    })
    .await?
}

/// Deletes the rows of a version; that it was stays known.
#[utoipa::path(delete, path = "/api/v1/tables/{name}", operation_id = "delete_version", tag = "tables",
    params(("name" = String, Path, description = "Name of the table"), DeletionQuery),
    responses((status = 204, description = "Done"), Problems))]
pub async fn delete(
    State(api): State<Arc<Api>>,
    Checked(Path(name)): Checked<Path<String>>,
    Checked(Query(query)): Checked<Query<DeletionQuery>>,
) -> ApiResult<StatusCode> {
    off_the_loop(move || {
        let wanted = record(&api, &name, ("version", Some(query.version)))?;
        let wanted = VersionName {
            name: wanted.name,
            version: Some(wanted.version),
        };
        let tables = Tables::open(api.store.place().clone(), folder(&api)?);
        let deleted = tables.and_then(|mut tables| tables.delete(&wanted));
        deleted.map(|_| StatusCode::NO_CONTENT).map_err(failed)
    })
    .await?
}

/// What the store knows of a version: of that number, or the newest.
fn record(api: &Api, name: &str, (field, number): (&str, Option<u32>)) -> ApiResult<VersionRecord> {
    let mut versions = api.store.table_versions()?;
    versions.retain(|version| version.name == name);
    if versions.is_empty() {
        let message = format!("no table '{name}'");
        return Err(ApiError::unknown("table.unknown", "name", message));
    }
    let is_wanted = |version: &VersionRecord| number.is_none_or(|number| version.version == number);
    versions.into_iter().rfind(is_wanted).ok_or_else(|| {
        let number = number.unwrap_or_default();
        let message = format!("table '{name}' has no version {number}");
        ApiError::unknown("table.unknown", field, message)
    })
}

/// A version, ready to be read.
fn version(api: &Api, name: &str, number: (&str, Option<u32>)) -> ApiResult<Version> {
    let record = record(api, name, number)?;
    if record.deleted {
        let message = format!("the rows of {name}@{} were deleted", record.version);
        return Err(ApiError {
            field: Some(number.0.into()),
            ..ApiError::new(StatusCode::CONFLICT, "table.deleted", message)
        });
    }
    Version::new(record, &folder(api)?).map_err(failed)
}

pub(super) fn folder(api: &Api) -> ApiResult<TableFolder> {
    api.tables.clone().ok_or_else(|| {
        let message =
            "this server was told no folder for the files of tables: start it with --tables";
        ApiError::new(StatusCode::CONFLICT, "table.nowhere", message)
    })
}

/// The request is well formed, so it is the data or the server's disk.
pub(super) fn failed(error: churn_core::Error) -> ApiError {
    match error.code {
        ErrorCode::Io => ApiError::internal(error.to_string()),
        _ => error.into(),
    }
}

/// A file that was sent; removed when it is no longer needed.
struct Upload(PathBuf);

impl Upload {
    /// Writes what comes to a file.
    async fn take(folder: &TableFolder, mut chunks: Chunks) -> ApiResult<Self> {
        let upload = Self(folder.upload().map_err(failed)?);
        let mut file = File::create_new(&upload.0).map_err(disk)?;
        while let Some(bytes) = chunks.next().await? {
            let written = off_the_loop(move || file.write_all(&bytes).map(|()| file)).await?;
            file = written.map_err(disk)?;
        }
        Ok(upload)
    }

    /// What is wrong with it, without where it is.
    fn unnamed(&self, error: churn_core::Error) -> ApiError {
        let path = self.0.display().to_string();
        let told = failed(churn_core::Error {
            message: error.message.replace(&path, "what was sent"),
            ..error
        });
        match told.status {
            // The request is in order; its rows are not.
            StatusCode::BAD_REQUEST => ApiError {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                code: "table.rows",
                ..told
            },
            _ => told,
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // If it cannot be removed now, it is in nobody's way.
        let _ = fs::remove_file(&self.0);
    }
}

fn disk(error: std::io::Error) -> ApiError {
    ApiError::internal(format!("what was sent cannot be kept: {error}"))
}
