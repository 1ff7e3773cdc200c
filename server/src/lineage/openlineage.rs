//! What came from what as events of OpenLineage 2-0-2: each ingest, experiment, run,
//! training and deployment is a run there, with one START and, when it has ended, one
//! COMPLETE, FAIL or ABORT.
//!
//! The same run has the same id whenever it is told, so that whoever hears of it twice
//! knows. There is no facet for models yet: a model is a dataset of the type MODEL.
//!
//! * [`facets`]: what is said of runs, jobs and datasets.

pub mod facets;

use std::collections::{BTreeMap, HashMap};

use churn_core::runs::{Run, Status};
use churn_core::tables::TableVersion;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::records::{Data, Origin, Records, SourceId, build_name};
use crate::clock::{rfc3339, stable_uuid};
use crate::store::lineage::{AttemptOrigin, BuildOrigin, DeploymentOrigin, ExperimentOrigin};

/// Where jobs and datasets are that are this program's own.
pub const NAMESPACE: &str = "churn";

/// Schema of an event.
const EVENT: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The run, and what happens with it: `START` and so on.
    pub of: (Uuid, &'static str),
    /// When, in milliseconds since 1970.
    pub time_ms: i64,
    /// What is told.
    pub document: Value,
}

/// Events of all that the store knows, in order of time.
pub fn events(records: &Records) -> Vec<Event> {
    let mut events = Vec::new();
    for (version, user) in &records.versions {
        ingest(version, user.as_deref()).tell(&mut events);
    }
    let mut attempts: Attempts<'_> = HashMap::new();
    for attempt in &records.attempts {
        let run = (attempt.experiment.as_str(), attempt.number);
        attempts.entry(run).or_default().push(attempt);
    }
    for experiment in &records.experiments {
        runs_of(records, experiment, &attempts, &mut events);
    }
    for (build, origin) in records.builds.iter().zip(records.origins()) {
        built(records, build, origin).tell(&mut events);
    }
    for deployment in &records.deployments {
        let mut builds = records.builds.iter();
        if let Some(build) = builds.find(|build| build.id == deployment.build) {
            deployed(deployment, build).tell(&mut events);
        }
    }
    // A START of the same millisecond stays before what follows it.
    events.sort_by_key(|event| event.time_ms);
    events
}

/// A run in OpenLineage's sense.
struct Told {
    id: Uuid,
    start_ms: i64,
    /// What it ended by, and when.
    end: Option<(&'static str, i64)>,
    job: Value,
    facets: Map<String, Value>,
    inputs: Vec<Value>,
    outputs: Vec<Value>,
}

impl Told {
    fn tell(self, events: &mut Vec<Event>) {
        let event = |kind: &'static str, time_ms: i64| {
            let mut facets = self.facets.clone();
            // Why it failed is not known when it starts; nor is there an output.
            let outputs: &[Value] = match kind {
                "COMPLETE" => &self.outputs,
                _ => &[],
            };
            if kind != "FAIL" {
                facets.remove("errorMessage");
            }
            Event {
                of: (self.id, kind),
                time_ms,
                document: json!({
                    "eventType": kind,
                    "eventTime": rfc3339(time_ms),
                    "producer": facets::PRODUCER,
                    "schemaURL": EVENT,
                    "run": {"runId": self.id, "facets": facets},
                    "job": self.job,
                    "inputs": self.inputs,
                    "outputs": outputs,
                }),
            }
        };
        events.push(event("START", self.start_ms));
        events.extend(
            self.end
                .map(|(kind, at)| event(kind, at.max(self.start_ms))),
        );
    }
}

fn ingest(version: &TableVersion, user: Option<&str>) -> Told {
    let query = version
        .sources
        .iter()
        .find_map(|source| source.query.as_deref());
    let inputs = version.sources.iter().map(|source| {
        let of = SourceId::of(source, version);
        let rows = source.rows + source.rejected;
        facets::measured(facets::source(&of, source.query.is_some()), rows, &[])
    });
    let identity = json!(["ingest", version.name, version.version, version.content]);
    Told {
        id: stable_uuid(version.created_ms, &identity.to_string()),
        start_ms: version.created_ms,
        end: Some(("COMPLETE", version.created_ms)),
        job: facets::job(&format!("ingest.{}", version.name), "INGEST", query),
        facets: facets::run(user, &BTreeMap::new(), &BTreeMap::new()),
        inputs: inputs.collect(),
        outputs: vec![facets::written(facets::table(version), version.rows)],
    }
}

/// Each time that a run was begun, by its experiment and its number there.
type Attempts<'a> = HashMap<(&'a str, i64), Vec<&'a AttemptOrigin>>;

/// An experiment and its runs, each time that one was begun.
fn runs_of(
    records: &Records,
    experiment: &ExperimentOrigin,
    attempts: &Attempts<'_>,
    events: &mut Vec<Event>,
) {
    let ExperimentOrigin { name, made_by, .. } = experiment;
    let user = made_by.as_deref();
    let runs: Vec<&Run> = records
        .runs
        .iter()
        .filter(|run| run.experiment == *name)
        .collect();
    let ended: Option<Vec<i64>> = runs.iter().map(|run| run.ended_ms).collect();
    let identity = json!(["experiment", name, experiment.created_ms]);
    let id = stable_uuid(experiment.created_ms, &identity.to_string());
    let job = format!("experiment.{name}");
    let end = ended.and_then(|ended| ended.into_iter().max());
    Told {
        id,
        start_ms: experiment.created_ms,
        end: end.map(|at| ("COMPLETE", at)),
        job: facets::job(&job, "EXPERIMENT", None),
        facets: facets::run(user, &BTreeMap::new(), &BTreeMap::new()),
        inputs: Vec::new(),
        outputs: Vec::new(),
    }
    .tell(events);
    for run in runs {
        let begun = attempts.get(&(name.as_str(), run.number));
        let begun = begun.map_or(&[][..], Vec::as_slice);
        for (at, attempt) in begun.iter().enumerate() {
            let is_last = at + 1 == begun.len();
            let broken_off = attempt.broken_off_ms.map(|at| ("ABORT", at));
            let end = match (run.ended_ms, run.status) {
                (Some(at), Status::Failed) if is_last => Some(("FAIL", at)),
                (Some(at), _) if is_last => Some(("COMPLETE", at)),
                _ => broken_off,
            };
            let identity = json!(["run", run.run, attempt.started_ms, experiment.created_ms]);
            let mut facets = facets::run(user, &run.params, &run.tags);
            facets.insert("parent".into(), facets::parent(id, &job));
            if let Some(error) = &run.error {
                facets.insert("errorMessage".into(), facets::error(error));
            }
            let rows = run.data.train_rows + run.data.test_rows;
            Told {
                id: stable_uuid(attempt.started_ms, &identity.to_string()),
                start_ms: attempt.started_ms,
                end,
                job: facets::job(&format!("{job}.{}", run.number), "TRAINING", None),
                facets,
                inputs: vec![data(records, &records.data_of(run), rows)],
                outputs: vec![facets::run_model(run)],
            }
            .tell(events);
        }
    }
}

/// A build: of a run's model, or with its training.
fn built(records: &Records, build: &BuildOrigin, origin: Origin<'_>) -> Told {
    let entry = records.entry(&build.model);
    let mut params = BTreeMap::new();
    let mut inputs = Vec::new();
    let kind = match origin {
        Origin::Run(run) => {
            inputs.push(facets::run_model(run));
            "BUILD"
        }
        Origin::Training(training) => {
            params.insert("solver".to_owned(), training.solver.name().to_owned());
            params.insert("c".to_owned(), training.c.to_string());
            params.insert("balanced".to_owned(), training.balanced.to_string());
            let of = records.data_of_training(training);
            inputs.extend(of.map(|of| data(records, &of, training.rows)));
            "TRAINING"
        }
        Origin::Unknown => "BUILD",
    };
    let tables = entry.iter().flat_map(|entry| &entry.tables);
    inputs.extend(tables.map(|table| facets::hive(table)));
    let metadata = entry
        .map(|entry| entry.metadata.clone())
        .unwrap_or_default();
    let identity = json!(["build", build_name(build), build.sha256]);
    Told {
        id: stable_uuid(build.created_ms, &identity.to_string()),
        start_ms: build.created_ms,
        end: Some(("COMPLETE", build.created_ms)),
        job: facets::job(&format!("build.{}", build.model), kind, None),
        facets: facets::run(build.made_by.as_deref(), &params, &metadata),
        inputs,
        outputs: vec![facets::model(build)],
    }
}

fn deployed(deployment: &DeploymentOrigin, build: &BuildOrigin) -> Told {
    let DeploymentOrigin {
        uuid, created_ms, ..
    } = deployment;
    let user = deployment.made_by.as_deref();
    Told {
        id: stable_uuid(*created_ms, &json!(["deployment", uuid]).to_string()),
        start_ms: *created_ms,
        end: Some(("COMPLETE", *created_ms)),
        job: facets::job(&format!("deploy.{}", build.model), "DEPLOYMENT", None),
        facets: facets::run(user, &BTreeMap::new(), &BTreeMap::new()),
        inputs: vec![facets::model(build)],
        outputs: vec![facets::deployment(&build.model, *uuid)],
    }
}

/// What was learned from.
fn data(records: &Records, data: &Data<'_>, rows: u64) -> Value {
    match data {
        Data::Table(version) => {
            let missing = records.missing.get(&version.content);
            facets::measured(
                facets::table(version),
                rows,
                missing.map_or(&[], Vec::as_slice),
            )
        }
        Data::Source(source) => facets::measured(facets::source(source, false), rows, &[]),
    }
}
