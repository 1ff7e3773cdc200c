//! What is deployed: the newest deployment of every model answers, and every
//! earlier one explains what it answered.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::http::StatusCode;
use churn_core::{Error, ErrorCode, Result};
use uuid::Uuid;

use crate::build::Build;
use crate::error::{ApiError, ApiResult};
use crate::store::deployments::DeploymentRecord;
use crate::store::{Store, StoreError};
use crate::telemetry::{ModelCounts, Telemetry};

/// What the workshop's names begin with.
const CRN: &str = "crn:cdp:ml:local:0:workspace:0/";

/// The name of something as the workshop writes it.
pub fn crn(uuid: Uuid) -> String {
    format!("{CRN}{}", uuid.hyphenated())
}

/// A deployment that answers.
#[derive(Debug)]
pub struct Live {
    /// What the store knows of it.
    pub record: DeploymentRecord,
    /// Its name as the workshop writes it.
    pub crn: String,
    /// Its model.
    pub build: Arc<Build>,
    /// What it answered.
    pub counts: Arc<ModelCounts>,
}

/// Every deployment, and the builds that are loaded.
#[derive(Debug, Default)]
pub struct Fleet {
    known: RwLock<Known>,
    builds: Mutex<HashMap<i64, Arc<Build>>>,
}

#[derive(Debug, Default)]
struct Known {
    all: BTreeMap<i64, DeploymentRecord>,
    /// By name of the model.
    live: BTreeMap<String, Arc<Live>>,
}

impl Fleet {
    /// Takes up what was deployed since the last call; their names.
    ///
    /// # Errors
    /// When the store cannot be read or holds a model that cannot be loaded.
    pub fn refresh(&self, store: &Store, telemetry: &Telemetry) -> Result<Vec<String>> {
        let last = self.known(|known| known.all.keys().next_back().copied().unwrap_or(0));
        let new = store.deployments_after(last).map_err(failed)?;
        let mut newest: BTreeMap<&str, &DeploymentRecord> = BTreeMap::new();
        newest.extend(
            new.iter()
                .map(|record| (record.build.model.as_str(), record)),
        );
        let mut live = Vec::new();
        for (&model, &record) in &newest {
            live.push(Arc::new(Live {
                crn: crn(record.uuid),
                build: self.build(store, record)?,
                counts: telemetry.model(model),
                record: record.clone(),
            }));
        }
        let names = newest.keys().map(|&name| name.to_owned()).collect();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known
            .all
            .extend(new.into_iter().map(|record| (record.id, record)));
        for live in live {
            let model = &live.record.build.model;
            // Who refreshed at the same time may have seen a newer one.
            let before = known.live.get(model).map(|live| live.record.id);
            if before.is_none_or(|before| before < live.record.id) {
                known.live.insert(model.clone(), live);
            }
        }
        Ok(names)
    }

    fn known<T>(&self, look: impl FnOnce(&Known) -> T) -> T {
        look(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The build of a deployment, loaded when it is first asked for.
    fn build(&self, store: &Store, record: &DeploymentRecord) -> Result<Arc<Build>> {
        let loaded = || self.builds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(build) = loaded().get(&record.build.id) {
            return Ok(Arc::clone(build));
        }
        let document = store.document(record.build.id).map_err(failed)?;
        if document.is_empty() {
            let message = format!("the document of build {} was deleted", record.build.uuid);
            return Err(Error::new(ErrorCode::Model, message));
        }
        let build = Arc::new(Build::load(record.build.clone(), &document)?);
        loaded().insert(record.build.id, Arc::clone(&build));
        Ok(build)
    }

    /// The deployment that answers for a model; where there is one model only,
    /// it need not be named. `field` is where the request names it.
    ///
    /// # Errors
    /// Where none is, or several are to choose from.
    pub fn live(&self, model: Option<&str>, field: &str) -> ApiResult<Arc<Live>> {
        self.known(|known| match model {
            Some(model) => known.live.get(model).map(Arc::clone).ok_or_else(|| {
                ApiError::unknown(
                    "model.unknown",
                    field,
                    format!("no model '{model}' is deployed"),
                )
            }),
            None => {
                let mut all = known.live.values();
                match (all.next(), all.next()) {
                    (Some(only), None) => Ok(Arc::clone(only)),
                    (None, _) => Err(ApiError::unknown(
                        "model.unknown",
                        field,
                        "no model is deployed yet: `churn deploy` does it",
                    )),
                    (Some(_), Some(_)) => {
                        Err(ApiError::field(field, "the name of a model", "none"))
                    }
                }
            }
        })
    }

    /// Every deployment that answers, by name of the model.
    pub fn all_live(&self) -> Vec<Arc<Live>> {
        self.known(|known| known.live.values().map(Arc::clone).collect())
    }

    /// A deployment by its number. Its build may be deleted.
    ///
    /// # Errors
    /// When there is none.
    pub fn record(&self, id: i64) -> ApiResult<DeploymentRecord> {
        let record = self.known(|known| known.all.get(&id).cloned());
        record.ok_or_else(|| ApiError::internal(format!("no deployment {id}")))
    }

    /// A deployment by its number, with its build.
    ///
    /// # Errors
    /// When the store cannot be read; 409 when the build's document was deleted.
    pub fn of(&self, store: &Store, id: i64) -> ApiResult<(DeploymentRecord, Arc<Build>)> {
        let record = self.record(id)?;
        let build = self
            .build(store, &record)
            .map_err(|error| match error.code {
                ErrorCode::Model => {
                    ApiError::new(StatusCode::CONFLICT, "build.unusable", error.message)
                }
                _ => ApiError::internal(error.to_string()),
            })?;
        Ok((record, build))
    }

    /// Numbers of the deployments of which this is so.
    pub fn numbers(&self, wanted: impl Fn(&DeploymentRecord) -> bool) -> Vec<i64> {
        self.known(|known| {
            let all = known.all.values().filter(|record| wanted(record));
            all.map(|record| record.id).collect()
        })
    }
}

/// The uuid at the end of a name that the workshop writes.
pub fn uuid_of(crn: &str) -> Option<Uuid> {
    let (_, id) = crn.rsplit_once('/')?;
    id.parse().ok()
}

fn failed(error: StoreError) -> Error {
    Error::new(ErrorCode::Io, error.to_string())
}
