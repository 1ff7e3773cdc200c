//! Facets of OpenLineage, each of the version that is newest with the events of
//! 2-0-2.

use std::collections::BTreeMap;

use churn_core::runs::Run;
use churn_core::tables::{Kind, TableVersion};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::NAMESPACE;
use crate::lineage::records::{SourceId, short};
use crate::store::lineage::BuildOrigin;

/// Who tells.
pub const PRODUCER: &str = concat!("urn:churn-explorer:", env!("CARGO_PKG_VERSION"));

const SCHEMAS: &str = "https://openlineage.io/spec/facets";

/// A facet of a version and a type, with what it says.
fn facet(version: &str, of: &str, says: Value) -> Value {
    let schema = format!("{SCHEMAS}/{version}/{of}.json#/$defs/{of}");
    let mut facet = Map::from_iter([
        ("_producer".into(), json!(PRODUCER)),
        ("_schemaURL".into(), json!(schema)),
    ]);
    if let Value::Object(says) = says {
        facet.extend(says);
    }
    Value::Object(facet)
}

/// A job, with the query that it asks.
pub fn job(name: &str, kind: &str, query: Option<&str>) -> Value {
    let says = json!({"processingType": "BATCH", "integration": "CHURN", "jobType": kind});
    let mut facets = json!({"jobType": facet("2-0-4", "JobTypeJobFacet", says)});
    if let Some(query) = query {
        facets["sql"] = facet("1-1-0", "SQLJobFacet", json!({"query": query}));
    }
    json!({"namespace": NAMESPACE, "name": name, "facets": facets})
}

/// What is said of a run: who began it, what was chosen, words on it.
pub fn run(
    user: Option<&str>,
    params: &BTreeMap<String, String>,
    words: &BTreeMap<String, String>,
) -> Map<String, Value> {
    let engine = json!({"name": "churn", "version": env!("CARGO_PKG_VERSION")});
    let mut facets = Map::from_iter([(
        "processing_engine".into(),
        facet("1-1-1", "ProcessingEngineRunFacet", engine),
    )]);
    let tag = |name: &str, value: &str| json!({"key": name, "value": value, "source": "USER"});
    let tags: Vec<Value> = words.iter().map(|(name, value)| tag(name, value)).collect();
    let tags: Vec<Value> = user
        .map(|user| tag("user", user))
        .into_iter()
        .chain(tags)
        .collect();
    if !tags.is_empty() {
        facets.insert(
            "tags".into(),
            facet("1-0-0", "TagsRunFacet", json!({"tags": tags})),
        );
    }
    if !params.is_empty() {
        let pair = |(key, value)| json!({"key": key, "value": value});
        let parameters: Vec<Value> = params.iter().map(pair).collect();
        let says = json!({"parameters": parameters});
        let told = facet("1-0-0", "ExecutionParametersRunFacet", says);
        facets.insert("executionParameters".into(), told);
    }
    facets
}

/// The run that a run is part of.
pub fn parent(id: Uuid, job: &str) -> Value {
    let job = json!({"namespace": NAMESPACE, "name": job});
    facet(
        "1-2-0",
        "ParentRunFacet",
        json!({"run": {"runId": id}, "job": job}),
    )
}

/// Why a run failed.
pub fn error(message: &str) -> Value {
    let says = json!({"message": message, "programmingLanguage": "RUST"});
    facet("1-0-1", "ErrorMessageRunFacet", says)
}

/// A dataset of a version and a type.
fn dataset((namespace, name): (&str, &str), version: &str, kind: &str) -> Value {
    let mut facets = json!({});
    if !kind.is_empty() {
        let says = json!({"datasetType": kind});
        facets["datasetType"] = facet("1-0-1", "DatasetTypeDatasetFacet", says);
    }
    if !version.is_empty() {
        let says = json!({"datasetVersion": version});
        facets["version"] = facet("1-0-1", "DatasetVersionDatasetFacet", says);
    }
    json!({"namespace": namespace, "name": name, "facets": facets})
}

/// A file, or what a query gave.
pub fn source(source: &SourceId, is_query: bool) -> Value {
    let version = match source.hash.as_str() {
        "" => String::new(),
        hash => format!("sha256:{hash}"),
    };
    let unnamed = format!("data/{}", short(&source.hash));
    let (of, kind) = match (source.name.as_str(), is_query) {
        ("", _) => ((NAMESPACE, unnamed.as_str()), ""),
        (name, true) => (("database", name), "QUERY"),
        (name, false) => (("file", name), "FILE"),
    };
    dataset(of, &version, kind)
}

/// A Hive table by its qualified name.
pub fn hive(name: &str) -> Value {
    let (table, cluster) = name.split_once('@').unwrap_or((name, ""));
    dataset((&format!("hive://{cluster}"), table), "", "TABLE")
}

/// A version of a table.
pub fn table(version: &TableVersion) -> Value {
    let name = format!("tables/{}", version.name);
    let mut told = dataset((NAMESPACE, &name), &version.version.to_string(), "TABLE");
    let fields: Vec<Value> = version
        .columns
        .iter()
        .map(|column| {
            let kind = match column.kind {
                Kind::Integer => "BIGINT",
                Kind::Number => "DOUBLE",
                Kind::Text => "STRING",
                Kind::Boolean => "BOOLEAN",
            };
            json!({"name": column.name, "type": kind})
        })
        .collect();
    let says = json!({"fields": fields});
    told["facets"]["schema"] = facet("1-2-0", "SchemaDatasetFacet", says);
    told
}

/// The model of a run.
pub fn run_model(run: &Run) -> Value {
    let hash = run.model_sha256.as_ref();
    let version = hash.map(|hash| format!("sha256:{hash}"));
    let name = format!("runs/{}", run.run);
    dataset((NAMESPACE, &name), &version.unwrap_or_default(), "MODEL")
}

/// A build of a model.
pub fn model(build: &BuildOrigin) -> Value {
    let name = format!("models/{}", build.model);
    dataset((NAMESPACE, &name), &build.version.to_string(), "MODEL")
}

/// A deployment of a model.
pub fn deployment(model: &str, uuid: Uuid) -> Value {
    let name = format!("deployments/{model}");
    dataset((NAMESPACE, &name), &uuid.to_string(), "MODEL")
}

/// An input with its number of rows and, of each column for which that is known, how
/// many of them have no value there.
pub fn measured(mut input: Value, rows: u64, missing: &[(String, u64)]) -> Value {
    let column = |(name, missing): &(String, u64)| (name.clone(), json!({"nullCount": missing}));
    let columns: Map<String, Value> = missing.iter().map(column).collect();
    let says = json!({"rowCount": rows, "columnMetrics": columns});
    let told = facet("1-0-3", "DataQualityMetricsInputDatasetFacet", says);
    input["inputFacets"] = json!({"dataQualityMetrics": told});
    input
}

/// An output with its number of rows.
pub fn written(mut output: Value, rows: u64) -> Value {
    let says = json!({"rowCount": rows});
    let told = facet("1-0-2", "OutputStatisticsOutputDatasetFacet", says);
    output["outputFacets"] = json!({"outputStatistics": told});
    output
}
