//! What came from what as entities of Apache Atlas: the body of one
//! `POST /api/atlas/v2/entity/bulk`.
//!
//! Models are of the types that Atlas brings along (`4010-ml_model.json`); sources and
//! versions of tables are `DataSet`s, and what made one from another is a `Process`.

mod names;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::records::{Data, Origin, Records, SourceId, build_name, short};
use crate::store::lineage::{BuildOrigin, DeploymentOrigin};

pub use names::{Names, PATTERN};

/// Who did it, where that is not known: Atlas asks for somebody.
const NOBODY: &str = "unknown";

/// All that the store knows.
pub fn entities(records: &Records, names: &Names) -> Value {
    let mut bulk = Bulk {
        names,
        entities: Vec::new(),
        guids: BTreeMap::new(),
    };
    let first = records.builds.iter().map(|build| build.created_ms).min();
    let project = bulk.add(
        "ml_project",
        "project",
        &names.project,
        json!({
            "createTime": first,
        }),
    );
    bulk.process(
        ("ml_project_create_process", "create", &names.project),
        None,
        (vec![], vec![project.clone()]),
        "",
    );
    for (version, user) in &records.versions {
        let name = format!("{}@{}", version.name, version.version);
        let sources: Vec<Value> = version
            .sources
            .iter()
            .map(|source| bulk.source(&SourceId::of(source, version)))
            .collect();
        let table = bulk.dataset("table", &name, &format!("sha256 {}", version.content));
        let query = version
            .sources
            .iter()
            .find_map(|source| source.query.as_deref());
        let about = query.map(|query| format!("query: {query}"));
        bulk.process(
            ("Process", "ingest", &name),
            user.as_deref(),
            (sources, vec![table]),
            &about.unwrap_or_default(),
        );
    }
    for (build, origin) in records.builds.iter().zip(records.origins()) {
        bulk.build(records, build, origin, &project);
    }
    for deployment in &records.deployments {
        let mut builds = records.builds.iter();
        if let Some(build) = builds.find(|build| build.id == deployment.build) {
            let predicted = records.predicted.get(&deployment.id);
            let predicted = predicted.map_or(0, |predicted| predicted.count);
            bulk.deployment(deployment, build, predicted);
        }
    }
    json!({"entities": bulk.entities})
}

struct Bulk<'a> {
    names: &'a Names,
    entities: Vec<Value>,
    /// By qualified names.
    guids: BTreeMap<String, String>,
}

impl Bulk<'_> {
    /// Adds an entity, if it is new; a reference to it.
    fn add(&mut self, of: &str, kind: &str, name: &str, mut attributes: Value) -> Value {
        let qualified = self.names.qualified(kind, name);
        // Atlas gives ids of its own; these stand for them in one request.
        let next = format!("-{}", self.guids.len() + 1);
        let guid = self.guids.entry(qualified.clone()).or_insert_with(|| {
            attributes["qualifiedName"] = json!(qualified);
            attributes["name"] = json!(name);
            if let Value::Object(attributes) = &mut attributes {
                attributes.retain(|_, value| !value.is_null());
            }
            let entity = json!({"typeName": of, "guid": next, "attributes": attributes});
            self.entities.push(entity);
            next
        });
        json!({"guid": guid, "typeName": of})
    }

    fn process(
        &mut self,
        (of, kind, name): (&str, &str, &str),
        user: Option<&str>,
        (inputs, outputs): (Vec<Value>, Vec<Value>),
        about: &str,
    ) {
        let mut attributes = json!({"inputs": inputs, "outputs": outputs});
        match of {
            "Process" => attributes["owner"] = json!(user),
            _ => attributes["userName"] = json!(user.unwrap_or(NOBODY)),
        }
        if !about.is_empty() {
            attributes["description"] = json!(about);
        }
        self.add(of, kind, name, attributes);
    }

    fn dataset(&mut self, kind: &str, name: &str, about: &str) -> Value {
        self.add("DataSet", kind, name, json!({"description": about}))
    }

    fn source(&mut self, source: &SourceId) -> Value {
        let name = match source.name.as_str() {
            "" => "data",
            name => name,
        };
        // Another content is another source.
        let id = source.id.trim_start_matches("source:");
        self.dataset(
            "source",
            &format!("{name}#{id}"),
            &format!("sha256 {}", source.hash),
        )
    }

    fn data(&mut self, data: &Data<'_>) -> Value {
        match data {
            Data::Source(source) => self.source(source),
            Data::Table(version) => {
                let name = format!("{}@{}", version.name, version.version);
                self.dataset("table", &name, &format!("sha256 {}", version.content))
            }
        }
    }

    fn build(
        &mut self,
        records: &Records,
        build: &BuildOrigin,
        origin: Origin<'_>,
        project: &Value,
    ) {
        let name = build_name(build);
        let entry = records.entry(&build.model);
        let mut metadata = BTreeMap::from([("sha256".to_owned(), build.sha256.clone())]);
        let mut inputs = Vec::new();
        let about = match origin {
            Origin::Run(run) => {
                inputs.push(self.data(&records.data_of(run)));
                metadata.extend(run.params.clone());
                format!("run {}", run.run)
            }
            Origin::Training(training) => {
                let data = records.data_of_training(training);
                inputs.extend(data.map(|data| self.data(&data)));
                metadata.insert("solver".into(), training.solver.name().into());
                metadata.insert("c".into(), training.c.to_string());
                "training".into()
            }
            Origin::Unknown => String::new(),
        };
        // What people say of it comes last, and stands.
        metadata.extend(
            entry
                .map(|entry| entry.metadata.clone())
                .unwrap_or_default(),
        );
        for table in entry.iter().flat_map(|entry| &entry.tables) {
            inputs.push(json!({"typeName": "hive_table",
                "uniqueAttributes": {"qualifiedName": table}}));
        }
        let built = self.add(
            "ml_model_build",
            "build",
            &name,
            json!({
                "version": build.version,
                "createTime": build.created_ms,
                "imageHash": short(&build.sha256),
                "metadata": metadata,
            }),
        );
        self.related(&json!({"project": project}));
        let user = build.made_by.as_deref();
        let process = ("ml_model_train_build_process", "train", name.as_str());
        self.process(process, user, (inputs, vec![built]), &about);
    }

    fn deployment(&mut self, deployment: &DeploymentOrigin, build: &BuildOrigin, predicted: u64) {
        let name = build_name(build);
        let built = self.names.qualified("build", &name);
        let Some(guid) = self.guids.get(&built) else {
            return;
        };
        let built = json!({"guid": guid, "typeName": "ml_model_build"});
        let status = match deployment.until_ms {
            None => "deployed",
            Some(_) => "stopped",
        };
        let uuid = deployment.uuid.to_string();
        let restores = deployment.restores.map(|uuid| uuid.to_string());
        let metadata: BTreeMap<&str, String> = [
            ("model", Some(name)),
            ("predictions", Some(predicted.to_string())),
            ("restores", restores),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
        let deployed = self.add(
            "ml_model_deployment",
            "deployment",
            &uuid,
            json!({
                "createTime": deployment.created_ms,
                "deployedTime": deployment.created_ms,
                "status": status,
                // All models answer in the one process of the server.
                "cpuMillicores": 0,
                "replicas": 1,
                "metadata": metadata,
            }),
        );
        self.related(&json!({"build": built}));
        let user = deployment.made_by.as_deref();
        let process = ("ml_model_deploy_process", "deploy", uuid.as_str());
        self.process(process, user, (vec![built], vec![deployed]), "");
    }

    /// Says what the entity that was added last is part of.
    fn related(&mut self, to: &Value) {
        if let Some(last) = self.entities.last_mut() {
            last["relationshipAttributes"] = to.clone();
        }
    }
}
