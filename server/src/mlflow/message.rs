//! What is told of a run, in MLflow's terms.

use churn_core::artefact::sha256;
use churn_core::runs::{Run, Status};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::limits::{DIGEST, NAME, PARAM, TAG, key, number, shortened};
use crate::clock::random_uuid;

/// The tag that tells a run from all others: by it one is found again that was
/// made but never heard of.
pub const KEY: &str = "churn.key";

/// The version of a model that a run's document was registered as.
#[derive(Clone, Copy, Debug)]
pub struct Registered<'a> {
    /// Name of the model.
    pub name: &'a str,
    /// The version of the registry here, from 1; MLflow counts its own.
    pub version: i64,
    /// An alias that it gets.
    pub alias: Option<&'a str>,
}

/// What is told of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The value of the tag [`KEY`].
    pub key: String,
    /// Name of the experiment.
    pub experiment: String,
    /// Name of the run.
    pub run: String,
    /// When it began, in milliseconds since 1970.
    pub start_ms: i64,
    /// When it ended, in milliseconds since 1970.
    pub end_ms: i64,
    /// How it ended, as MLflow says it.
    pub status: String,
    /// As requests have them.
    pub params: Vec<Value>,
    /// As requests have them.
    pub metrics: Vec<Value>,
    /// As requests have them.
    pub tags: Vec<Value>,
    /// As requests have it.
    pub dataset: Value,
    /// What its document was registered as.
    pub model: Option<Model>,
}

/// A version of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Name of the model.
    pub name: String,
    /// Its version here.
    pub version: i64,
    /// An alias that it gets.
    pub alias: Option<String>,
}

impl Message {
    /// What is told of a run at a moment, in milliseconds since 1970, which stands
    /// in for times that are not known.
    pub fn new(run: &Run, registered: Option<&Registered<'_>>, now_ms: i64) -> Self {
        let end_ms = run.ended_ms.unwrap_or(now_ms);
        let start_ms = run.started_ms.unwrap_or(end_ms);
        let identity = json!([
            run.experiment,
            run.run,
            run.number,
            run.started_ms,
            run.data.hash
        ]);
        let params = run.params.iter();
        let params = params.map(|(name, value)| pair(name, shortened(value, PARAM)));
        let metrics = run.metrics.iter().map(|metric| {
            json!({"key": key(&metric.name), "value": number(metric.value),
                "timestamp": end_ms, "step": metric.step})
        });
        Self {
            key: sha256(identity.to_string().as_bytes()),
            experiment: shortened(&run.experiment, NAME),
            run: shortened(&run.run, TAG),
            start_ms,
            end_ms,
            status: match run.status {
                Status::Failed => "FAILED".into(),
                Status::Finished => "FINISHED".into(),
                Status::Waiting | Status::Running => "RUNNING".into(),
            },
            params: params.collect(),
            metrics: metrics.collect(),
            tags: tags(run),
            dataset: dataset(run),
            model: registered.map(|registered| Model {
                name: registered.name.into(),
                version: registered.version,
                alias: registered.alias.map(Into::into),
            }),
        }
    }

    /// A name of what is told: of the run, which is told once, or of this telling of the
    /// version, whose alias may come back, and within the same millisecond.
    pub fn subject(&self) -> String {
        match &self.model {
            None => self.key.clone(),
            Some(model) => {
                let telling = random_uuid();
                format!("{} {}@{} {telling}", self.key, model.name, model.version)
            }
        }
    }
}

/// Tags of the run, and what MLflow has no other place for.
fn tags(run: &Run) -> Vec<Value> {
    let given = run.tags.iter();
    let mut tags: Vec<Value> = given
        .map(|(name, value)| pair(name, shortened(value, TAG)))
        .collect();
    for (name, value) in &run.environment {
        tags.push(pair(&format!("environment.{name}"), shortened(value, TAG)));
    }
    if let Some(hash) = &run.model_sha256 {
        tags.push(pair("churn.model_sha256", hash.clone()));
    }
    if let Some(error) = &run.error {
        // Shown as the run's description.
        tags.push(pair("mlflow.note.content", shortened(error, TAG)));
    }
    tags.push(pair("churn.data_sha256", shortened(&run.data.hash, TAG)));
    tags.push(pair("churn.number", run.number.to_string()));
    tags
}

fn dataset(run: &Run) -> Value {
    let data = &run.data;
    let digest: String = data.hash.chars().take(DIGEST).collect();
    let name = shortened(&data.name, NAME);
    let source = json!({"uri": name}).to_string();
    let profile = json!({"num_rows": data.train_rows + data.test_rows,
        "train_rows": data.train_rows, "test_rows": data.test_rows});
    json!({
        "dataset": {"name": name, "digest": digest, "source_type": "local",
            "source": source, "profile": profile.to_string()},
        "tags": [{"key": "mlflow.data.context", "value": "training"}],
    })
}

/// A parameter or a tag.
pub fn pair(name: &str, value: String) -> Value {
    json!({"key": key(name), "value": value})
}
