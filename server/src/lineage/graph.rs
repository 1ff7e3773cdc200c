//! Sources, versions, runs, builds, deployments and predictions, and what came from
//! what.

use std::collections::BTreeMap;

use churn_core::artefact::TrainingRecord;
use churn_core::lineage::{Lineage, LineageEdge, LineageKind, LineageNode};
use churn_core::runs::{Run, Status};

use super::records::{Data, Origin, Records, SourceId, build_name, short};
use crate::store::lineage::{BuildOrigin, DeploymentOrigin, Predicted};

/// All that the store knows of what came from what.
pub fn graph(records: &Records) -> Lineage {
    let mut graph = Graph::default();
    graph.versions(records);
    graph.runs(records);
    graph.builds(records);
    graph.deployments(records);
    let mut lineage = Lineage {
        nodes: graph.nodes.into_values().collect(),
        edges: graph.edges,
        left_out: 0,
    };
    lineage.arrange();
    lineage
}

#[derive(Default)]
struct Graph {
    nodes: BTreeMap<String, LineageNode>,
    edges: Vec<LineageEdge>,
}

impl Graph {
    fn versions(&mut self, records: &Records) {
        for (version, user) in &records.versions {
            let name = format!("{}@{}", version.name, version.version);
            let mut node = node(LineageKind::Table, format!("table:{name}"), name);
            node.hash = Some(version.content.clone());
            node.user.clone_from(user);
            node.from_ms = Some(version.created_ms);
            node.count = Some(version.rows);
            if version.rejected > 0 {
                fact(&mut node, "rejected", version.rejected);
            }
            if version.deleted {
                fact(&mut node, "rows", "deleted");
            }
            let id = self.add(node);
            for source in &version.sources {
                let of = SourceId::of(source, version);
                let from = self.source(&of, source.query.as_deref());
                self.edge(&from, &id);
            }
        }
    }

    fn runs(&mut self, records: &Records) {
        for run in &records.runs {
            let mut node = node(
                LineageKind::Run,
                format!("run:{}", run.run),
                run.run.clone(),
            );
            let mut experiments = records.experiments.iter();
            let of = experiments.find(|experiment| experiment.name == run.experiment);
            node.user = of.and_then(|experiment| experiment.made_by.clone());
            node.hash = Some(run.data.hash.clone());
            node.from_ms = run
                .started_ms
                .or(of.map(|experiment| experiment.created_ms));
            node.to_ms = run.ended_ms;
            node.count = Some(run.data.train_rows);
            facts_of_run(&mut node, run);
            let id = self.add(node);
            let data = self.data(&records.data_of(run));
            self.edge(&data, &id);
        }
    }

    fn builds(&mut self, records: &Records) {
        for (build, origin) in records.builds.iter().zip(records.origins()) {
            let name = build_name(build);
            let mut node = node(LineageKind::Build, format!("build:{name}"), name.clone());
            node.hash = Some(build.sha256.clone());
            node.model = Some(name);
            node.user.clone_from(&build.made_by);
            node.from_ms = Some(build.created_ms);
            if build.deleted {
                fact(&mut node, "document", "deleted");
            }
            let entry = records.entry(&build.model);
            for (name, value) in entry.iter().flat_map(|entry| &entry.metadata) {
                fact(&mut node, &format!("metadata.{name}"), value);
            }
            let id = self.add(node);
            let from = match origin {
                Origin::Run(run) => Some(format!("run:{}", run.run)),
                Origin::Training(training) => Some(self.training(records, build, training)),
                Origin::Unknown => None,
            };
            if let Some(from) = from {
                self.edge(&from, &id);
            }
            for table in entry.iter().flat_map(|entry| &entry.tables) {
                let source = self.source(&SourceId::of_hive(table), None);
                if let (Some(node), Some(entry)) = (self.nodes.get_mut(&source), entry) {
                    node.user.clone_from(&entry.made_by);
                    node.from_ms = Some(entry.created_ms);
                    fact(node, "is", "a Hive table");
                    fact(node, "told by", &entry.file);
                }
                self.edge(&source, &id);
            }
        }
    }

    /// The training that a document tells of. Who did it and when, it does not.
    fn training(
        &mut self,
        records: &Records,
        build: &BuildOrigin,
        training: &TrainingRecord,
    ) -> String {
        let name = format!("training of {}", build_name(build));
        let id = format!("training:{}", short(&build.sha256));
        let mut node = node(LineageKind::Run, id, name);
        node.hash = Some(training.data_hash.clone()).filter(|hash| !hash.is_empty());
        node.count = Some(training.train.rows);
        fact(&mut node, "solver", training.solver.name());
        fact(&mut node, "c", training.c);
        fact(&mut node, "balanced", training.balanced);
        if !training.program.is_empty() {
            fact(&mut node, "program", &training.program);
        }
        let selection = training.table.as_ref();
        if let Some(selection) = selection.and_then(|table| table.selection.as_ref()) {
            fact(&mut node, "selection", selection);
        }
        let id = self.add(node);
        if let Some(data) = records.data_of_training(training) {
            let data = self.data(&data);
            self.edge(&data, &id);
        }
        id
    }

    fn deployments(&mut self, records: &Records) {
        for deployment in &records.deployments {
            let mut builds = records.builds.iter();
            let Some(build) = builds.find(|build| build.id == deployment.build) else {
                continue;
            };
            let DeploymentOrigin { uuid, .. } = deployment;
            let model = build_name(build);
            let mut node = node(
                LineageKind::Deployment,
                format!("deployment:{uuid}"),
                uuid.to_string(),
            );
            node.model = Some(model.clone());
            node.hash = Some(build.sha256.clone());
            node.user.clone_from(&deployment.made_by);
            node.from_ms = Some(deployment.created_ms);
            node.to_ms = deployment.until_ms;
            if let Some(restores) = deployment.restores {
                fact(&mut node, "restores", restores);
            }
            let id = self.add(node);
            self.edge(&format!("build:{model}"), &id);
            if let Some(predicted) = records.predicted.get(&deployment.id) {
                self.predictions(deployment, model, predicted);
                self.edge(&id, &format!("predictions:{uuid}"));
            }
        }
    }

    fn predictions(&mut self, of: &DeploymentOrigin, model: String, predicted: &Predicted) {
        let mut node = node(
            LineageKind::Predictions,
            format!("predictions:{}", of.uuid),
            format!("predictions of {}", of.uuid),
        );
        node.model = Some(model);
        node.from_ms = Some(predicted.first_ms);
        node.to_ms = Some(predicted.last_ms);
        node.count = Some(predicted.count);
        self.add(node);
    }

    /// The id of what was learned from.
    fn data(&mut self, data: &Data<'_>) -> String {
        match data {
            Data::Table(version) => format!("table:{}@{}", version.name, version.version),
            Data::Source(source) => self.source(source, None),
        }
    }

    /// The id of a source, which is added if it is new. Its first name is what it is
    /// called; others are told, too.
    fn source(&mut self, source: &SourceId, query: Option<&str>) -> String {
        let name = match source.name.as_str() {
            "" => format!("data {}", short(&source.hash)),
            name => name.to_owned(),
        };
        let known = self.nodes.entry(source.id.clone()).or_insert_with(|| {
            let mut node = node(LineageKind::Source, source.id.clone(), name.clone());
            node.hash = Some(source.hash.clone()).filter(|hash| !hash.is_empty());
            node.query = query.map(Into::into);
            node
        });
        if known.name != name {
            fact(known, "also called", name);
        }
        source.id.clone()
    }

    fn add(&mut self, node: LineageNode) -> String {
        let id = node.id.clone();
        // Of a training that made builds of several models the first one is told.
        self.nodes.entry(id.clone()).or_insert(node);
        id
    }

    fn edge(&mut self, from: &str, to: &str) {
        self.edges.push(LineageEdge {
            from: from.into(),
            to: to.into(),
        });
    }
}

fn facts_of_run(node: &mut LineageNode, run: &Run) {
    fact(node, "experiment", &run.experiment);
    let status = match run.status {
        Status::Waiting => "waiting",
        Status::Running => "running",
        Status::Finished => "finished",
        Status::Failed => "failed",
    };
    fact(node, "status", status);
    if let Some(error) = &run.error {
        fact(node, "error", error);
    }
    for (name, value) in &run.params {
        fact(node, &format!("params.{name}"), value);
    }
}

fn node(kind: LineageKind, id: String, name: String) -> LineageNode {
    LineageNode {
        id,
        kind,
        name,
        hash: None,
        query: None,
        model: None,
        user: None,
        from_ms: None,
        to_ms: None,
        count: None,
        facts: BTreeMap::new(),
    }
}

fn fact(node: &mut LineageNode, name: &str, value: impl ToString) {
    node.facts.insert(name.into(), value.to_string());
}
