//! Experiments: which there are, and begun.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::thread;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use churn_core::ErrorCode;
use churn_core::progress::ignore;
use churn_core::runs::{Experiment, Experiments};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::{Api, off_the_loop};
use crate::body::JsonBody;
use crate::caller::By;
use crate::command::columns::ColumnsArgs;
use crate::customers::Customers;
use crate::error::{ApiError, ApiResult, Problems};
use crate::experiment::conduct::{Prepared, cores};
use crate::experiment::grid::Grid;
use crate::routes::runs::not_understood;
use crate::routes::tables::{failed, folder};
use crate::store;
use crate::table::Tables;
use crate::table::selection::Selection;
use crate::table::version::VersionName;

/// An experiment that is to be run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExperiment {
    /// Its name.
    #[schema(max_length = 100, pattern = "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$")]
    name: String,
    /// The customers: a table's newest version, or `NAME@VERSION`.
    #[schema(pattern = "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(@[1-9][0-9]{0,8})?$")]
    table: String,
    /// Those of its rows alone for which this holds, such as `tenure < 6`.
    #[schema(nullable = false, max_length = 4000)]
    selection: Option<String>,
    /// What is tried: TOML, as `churn experiment` reads it.
    #[schema(max_length = 100000)]
    grid: String,
    /// Column to predict; that of a known dataset if nothing is said.
    #[schema(nullable = false)]
    target: Option<String>,
    /// Column that identifies a customer.
    #[schema(nullable = false)]
    id: Option<String>,
    /// Class of the target that means leaving.
    #[schema(nullable = false)]
    positive: Option<String>,
}

/// Lists experiments.
#[utoipa::path(get, path = "/api/v1/experiments", operation_id = "list_experiments", tag = "experiments",
    responses((status = 200, description = "Done", body = Experiments), Problems))]
pub async fn list(State(api): State<Arc<Api>>) -> ApiResult<Json<Experiments>> {
    let all = off_the_loop(move || api.store.runs(store::experiments::all));
    Ok(Json(all.await??))
}

/// Begins an experiment on a table, and answers while its runs go on.
///
/// One core is left for answers, where there is more than one. What the end of the
/// server breaks off goes on when the same is asked again.
#[utoipa::path(post, path = "/api/v1/experiments", operation_id = "begin_experiment", tag = "experiments",
    request_body = NewExperiment,
    responses((status = 202, description = "Begun", body = Experiment), Problems))]
pub async fn begin(
    State(api): State<Arc<Api>>,
    By(by): By,
    body: JsonBody,
) -> ApiResult<(StatusCode, Json<Experiment>)> {
    let asked: NewExperiment = body.parse()?;
    let begun = off_the_loop(move || asked.begin(&api, by));
    Ok((StatusCode::ACCEPTED, Json(begun.await??)))
}

impl NewExperiment {
    fn begin(self, api: &Api, by: Option<String>) -> ApiResult<Experiment> {
        let in_grid = |error: churn_core::Error| {
            let message = error.to_string();
            churn_core::Error::new(error.code, message).in_field("grid")
        };
        let grid = Grid::parse(&self.grid).map_err(in_grid);
        let grid = grid.map_err(not_understood)?;
        let place = api.store.place();
        let tables = Tables::open(place.clone(), folder(api)?);
        let selection = tables.and_then(|mut tables| {
            let name = self.table.parse::<VersionName>();
            let name = name.map_err(|error| error.in_field("table"))?;
            Selection::new(tables.version(&name)?, self.selection.as_deref())
        });
        let customers = Customers::Table(Box::new(selection.map_err(not_understood)?));
        let columns = ColumnsArgs {
            target: self.target,
            id: self.id,
            positive: self.positive,
        };
        let prepared = Prepared::new(
            (&self.name, &grid),
            &customers,
            &|header, preset| columns.read_options(header, preset),
            &in_grid,
            &mut ignore,
        );
        let prepared = prepared.map_err(not_understood)?.made_by(by);
        let held = place.take_experiments().map_err(|error| match error.code {
            ErrorCode::Parameter => {
                let message = "another experiment is running; let it end";
                ApiError::new(StatusCode::CONFLICT, "experiment.running", message)
            }
            _ => failed(error),
        })?;
        let mut taken = prepared.take(held).map_err(not_understood)?;
        taken.workers = cores().saturating_sub(1).max(1);
        let all = store::experiments::all(&mut taken.connection);
        let all = all.map_err(|error| failed(error.into()))?;
        let name = self.name;
        let found = all
            .experiments
            .into_iter()
            .find(|one| one.experiment == name);
        let conduct = move || {
            let conducted = taken.conduct(|_, _| Ok(()), |_| ControlFlow::Continue(()));
            match conducted {
                Ok(failed) => tracing::info!(name, failed, "the experiment has ended"),
                Err(error) => tracing::error!(name, %error, "the experiment broke off"),
            }
        };
        let started = thread::Builder::new().spawn(conduct);
        started.map_err(|error| ApiError::internal(error.to_string()))?;
        found.ok_or_else(|| ApiError::internal("the experiment is not there"))
    }
}
