//! The requests that tell a server of a run, one after the other. Each can be
//! made again without a trace, so that who was stopped before he heard the answer
//! starts with the same one.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::limits::{METRICS, PARAMS, batches};
use super::message::{KEY, Message, Model, pair};
use super::server::Server;
use crate::telling::Trouble;

/// Name of the model document among the artefacts.
const DOCUMENT: &str = "model.json";

/// What the server has by now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// How many steps were made.
    pub done: usize,
    /// MLflow's name of the run.
    pub run_id: String,
    /// Where it keeps the run's artefacts.
    pub artefacts: String,
    /// MLflow's version of the model.
    pub version: String,
}

/// A step of telling.
#[derive(Clone, Debug)]
pub enum Step<'a> {
    /// Finds the run, or makes it with its experiment.
    Open,
    /// Adds parameters, metrics or tags.
    Log(&'static str, Vec<Value>),
    /// Says what it was trained on.
    Dataset,
    /// Puts the model document among its artefacts.
    Document(&'a str),
    /// Says when and how it ended.
    End,
    /// Finds the version of the model, or makes it.
    Version(&'a Model),
    /// Gives the version an alias.
    Alias(&'a Model, &'a str),
}

/// All steps of a message, with a model document where there is one.
pub fn steps<'a>(message: &'a Message, document: &'a str) -> Vec<Step<'a>> {
    let mut steps = vec![Step::Open];
    for (what, values, most) in [
        ("params", &message.params, PARAMS),
        ("metrics", &message.metrics, METRICS),
        ("tags", &message.tags, PARAMS),
    ] {
        let batches = batches(values, most).into_iter();
        steps.extend(batches.map(|batch| Step::Log(what, batch)));
    }
    steps.push(Step::Dataset);
    if !document.is_empty() {
        steps.push(Step::Document(document));
    }
    steps.push(Step::End);
    if let Some(model) = &message.model {
        steps.push(Step::Version(model));
        let alias = model.alias.as_deref();
        steps.extend(alias.map(|alias| Step::Alias(model, alias)));
    }
    steps
}

impl Step<'_> {
    /// Makes the step; what the server told by it is added to the progress.
    ///
    /// # Errors
    /// When the server cannot be asked, or refuses.
    pub fn make(
        &self,
        server: &Server,
        message: &Message,
        progress: &mut Progress,
    ) -> Result<(), Trouble> {
        let run_id = progress.run_id.as_str();
        match self {
            Self::Open => {
                let run = open(server, message)?;
                progress.run_id = text(&run, "/info/run_id")?;
                progress.artefacts = text(&run, "/info/artifact_uri")?;
                return Ok(());
            }
            Self::Log(what, values) => {
                server.post("runs/log-batch", &json!({"run_id": run_id, *what: values}))
            }
            Self::Dataset => {
                let datasets = [&message.dataset];
                let document = json!({"run_id": run_id, "datasets": datasets});
                server.post("runs/log-inputs", &document)
            }
            Self::Document(document) => {
                return server.put(&progress.artefacts, DOCUMENT, document);
            }
            Self::End => {
                let (status, end) = (&message.status, message.end_ms);
                let document = json!({"run_id": run_id, "status": status, "end_time": end});
                server.post("runs/update", &document)
            }
            Self::Version(model) => {
                progress.version = version(server, model, progress)?;
                return Ok(());
            }
            Self::Alias(model, alias) => {
                let version = &progress.version;
                let document = json!({"name": model.name, "alias": alias, "version": version});
                server.post("registered-models/alias", &document)
            }
        }
        .map(drop)
    }
}

/// The run: that of the message's key, or a new one.
fn open(server: &Server, message: &Message) -> Result<Value, Trouble> {
    let experiment = experiment(server, &message.experiment)?;
    let of_key = format!("tags.`{KEY}` = '{}'", message.key);
    let wanted = json!({"experiment_ids": [experiment], "filter": of_key, "max_results": 1});
    let found = server.post("runs/search", &wanted)?;
    if let Some(run) = found.pointer("/runs/0") {
        return Ok(run.clone());
    }
    let tags = [
        pair(KEY, message.key.clone()),
        pair("mlflow.source.name", "churn".into()),
        pair("mlflow.source.type", "JOB".into()),
    ];
    let made = server.post(
        "runs/create",
        &json!({"experiment_id": experiment, "run_name": message.run,
            "start_time": message.start_ms, "tags": tags}),
    )?;
    Ok(made.get("run").cloned().unwrap_or_default())
}

/// MLflow's name of the experiment, which is made if there is none.
fn experiment(server: &Server, name: &str) -> Result<String, Trouble> {
    let find = || {
        let found = server.get("experiments/get-by-name", &[("experiment_name", name)])?;
        text(&found, "/experiment/experiment_id")
    };
    match find() {
        Err(Trouble::Refused(code, _)) if code == "RESOURCE_DOES_NOT_EXIST" => {}
        found => return found,
    }
    match server.post("experiments/create", &json!({"name": name})) {
        // Somebody else was quicker.
        Err(trouble) if is_there(&trouble) => find(),
        made => text(&made?, "/experiment_id"),
    }
}

/// MLflow's version of the model for the run, which is made if there is none.
fn version(server: &Server, model: &Model, progress: &Progress) -> Result<String, Trouble> {
    match server.post("registered-models/create", &json!({"name": model.name})) {
        Err(trouble) if !is_there(&trouble) => return Err(trouble),
        _ => {}
    }
    let name = model.name.replace('\'', "");
    let of_run = format!("name = '{name}' and run_id = '{}'", progress.run_id);
    let found = server.get("model-versions/search", &[("filter", &of_run)])?;
    if found.pointer("/model_versions/0").is_some() {
        return text(&found, "/model_versions/0/version");
    }
    let tags = [pair("churn.version", model.version.to_string())];
    let made = server.post(
        "model-versions/create",
        &json!({"name": model.name, "source": progress.artefacts,
            "run_id": progress.run_id, "tags": tags}),
    )?;
    text(&made, "/model_version/version")
}

fn is_there(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Refused(code, _) if code == "RESOURCE_ALREADY_EXISTS")
}

/// A text of an answer, which an MLflow server gives.
fn text(answer: &Value, pointer: &str) -> Result<String, Trouble> {
    let text = answer.pointer(pointer).and_then(Value::as_str);
    let missing = || {
        Trouble::Away(format!(
            "an answer without {pointer}, which is not MLflow's"
        ))
    };
    text.map(str::to_owned).ok_or_else(missing)
}
