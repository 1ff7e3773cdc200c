//! What the store knows of where things came from.

use std::collections::HashMap;

use churn_core::artefact::{TableRecord, TrainingRecord, sha256};
use churn_core::runs::Run;
use churn_core::tables::{SourceRecord, TableVersion};

use crate::clock::rfc3339;
use crate::store::lineage::{
    self, AttemptOrigin, BuildOrigin, DeploymentOrigin, EntryRecord, ExperimentOrigin, Predicted,
};
use crate::store::{Connection, SqlError, SqlResult, retraining, runs, tables};
use crate::table::folder::TableFolder;
use crate::table::parquet_file::ParquetFile;

/// Digits of a hash that are enough for a name.
const SHORT: usize = 16;

/// What the store knows, as of one moment.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// Versions of tables, in order of names and versions, and who ingested each.
    pub versions: Vec<(TableVersion, Option<String>)>,
    /// The first one first.
    pub experiments: Vec<ExperimentOrigin>,
    /// Those of the newest experiment first.
    pub runs: Vec<Run>,
    /// Each time that one was begun, in the order in which that happened.
    pub attempts: Vec<AttemptOrigin>,
    /// In the order in which they were added.
    pub builds: Vec<BuildOrigin>,
    /// In the order in which they were made.
    pub deployments: Vec<DeploymentOrigin>,
    /// By the number of the deployment.
    pub predicted: HashMap<i64, Predicted>,
    /// What lineage files say.
    pub entries: Vec<EntryRecord>,
    /// What the outcomes are called that builds were trained on, by their hash.
    pub outcomes: HashMap<String, String>,
    /// Rows without a value in each column, by the hash of the content of a version,
    /// where its file was looked into.
    pub missing: HashMap<String, Vec<(String, u64)>>,
}

/// What a run or a training learned from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data<'a> {
    /// A version of a table that is known here.
    Table(&'a TableVersion),
    /// Something else.
    Source(SourceId),
}

/// A file, or the rows of a query, by what was in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceId {
    /// Names it alone.
    pub id: String,
    /// What it was called; empty where nobody said.
    pub name: String,
    /// Hash of the file, or of the rows.
    pub hash: String,
}

/// Where a build came from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// A run of an experiment.
    Run(&'a Run),
    /// A training of its own.
    Training(&'a TrainingRecord),
    /// Nobody knows.
    Unknown,
}

impl Records {
    /// Reads all. That takes the longer, the more predictions are kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn read(connection: &mut Connection) -> SqlResult<Self> {
        let predicted = lineage::predicted(connection)?;
        Ok(Self {
            predicted,
            ..Self::made(connection)?
        })
    }

    /// Reads all but the predictions.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn made(connection: &mut Connection) -> SqlResult<Self> {
        // What came from something is read before it, so that all of that is known.
        let deployments = lineage::deployments(connection)?;
        let builds = lineage::builds(connection)?;
        let attempts = lineage::attempts(connection)?;
        let runs = runs::all(connection, None)?;
        let experiments = lineage::experiments(connection)?;
        let retrained = retraining::made_builds(connection)?.into_iter();
        let outcomes = retrained.filter_map(|(version, check)| {
            let is_it =
                |build: &&BuildOrigin| build.model == check.model && build.version == version;
            let training = builds.iter().find(is_it)?.training.as_ref()?;
            let until = rfc3339(check.at_ms);
            let name = format!("outcomes of {} until {until}", check.model);
            Some((training.data_hash.clone(), name))
        });
        let outcomes = outcomes.collect();
        let versions = tables::all(connection)?.into_iter().map(|record| {
            let told = record.told();
            let told = told.map_err(|_| SqlError::Value("a version of a table"))?;
            Ok((told, record.made_by))
        });
        Ok(Self {
            versions: versions.collect::<SqlResult<_>>()?,
            experiments,
            runs: runs.into_iter().map(|record| record.run).collect(),
            attempts,
            builds,
            deployments,
            entries: lineage::entries(connection)?,
            outcomes,
            predicted: HashMap::new(),
            missing: HashMap::new(),
        })
    }

    /// Looks into the files of versions that are not known yet, as far as these are
    /// there: what is missing in their columns stands at the end of each.
    pub fn look_into(&mut self, folder: &TableFolder) {
        for (version, _) in &self.versions {
            if self.missing.contains_key(&version.content) {
                continue;
            }
            let opened = ParquetFile::open(&folder.file(&version.file));
            if let Some(missing) = opened.ok().and_then(|file| file.missing()) {
                let names = version.columns.iter().map(|column| column.name.clone());
                let missing = names.zip(missing).collect();
                self.missing.insert(version.content.clone(), missing);
            }
        }
    }

    /// What a run learned from.
    pub fn data_of(&self, run: &Run) -> Data<'_> {
        let (name, hash) = (&run.data.name, &run.data.hash);
        let is_it = |version: &&TableVersion| {
            version.content == *hash && *name == format!("{}@{}", version.name, version.version)
        };
        match self.versions().find(is_it) {
            Some(version) => Data::Table(version),
            None => Data::Source(SourceId::of_hash(name, hash)),
        }
    }

    /// What a training learned from, if it says so.
    pub fn data_of_training(&self, training: &TrainingRecord) -> Option<Data<'_>> {
        let hash = &training.data_hash;
        let name = match &training.table {
            Some(TableRecord { name, version, .. }) => {
                let is_it = |known: &&TableVersion| {
                    known.name == *name && known.version == *version && known.content == *hash
                };
                if let Some(version) = self.versions().find(is_it) {
                    return Some(Data::Table(version));
                }
                format!("{name}@{version}")
            }
            None => self.name_of(hash).unwrap_or_default(),
        };
        (!hash.is_empty()).then(|| Data::Source(SourceId::of_hash(&name, hash)))
    }

    /// Where each build came from, in their order: from the newest run with the same
    /// document that had ended when the build was added.
    pub fn origins(&self) -> Vec<Origin<'_>> {
        let mut by_document: HashMap<&str, Vec<&Run>> = HashMap::new();
        for run in &self.runs {
            if let Some(sha256) = &run.model_sha256 {
                by_document.entry(sha256).or_default().push(run);
            }
        }
        let builds = self.builds.iter().map(|build| {
            let runs = by_document.get(build.sha256.as_str());
            let had_ended = |run: &&&Run| run.ended_ms.is_some_and(|at| at <= build.created_ms);
            let run = runs.into_iter().flatten().filter(had_ended);
            match (run.max_by_key(|run| run.ended_ms), &build.training) {
                (Some(run), _) => Origin::Run(run),
                (None, Some(training)) => Origin::Training(training),
                (None, None) => Origin::Unknown,
            }
        });
        builds.collect()
    }

    /// What a lineage file says of a model.
    pub fn entry(&self, model: &str) -> Option<&EntryRecord> {
        self.entries.iter().find(|entry| entry.model == model)
    }

    /// What data of a hash are called elsewhere.
    fn name_of(&self, hash: &str) -> Option<String> {
        let sources = self.versions().flat_map(|version| &version.sources);
        let mut sources = sources.filter(|source| source.sha256.as_deref() == Some(hash));
        let of_source = sources.next().map(|source| source.from.clone());
        let mut runs = self.runs.iter().filter(|run| run.data.hash == hash);
        of_source
            .or_else(|| runs.next().map(|run| run.data.name.clone()))
            .or_else(|| self.outcomes.get(hash).cloned())
    }

    fn versions(&self) -> impl Iterator<Item = &TableVersion> {
        self.versions.iter().map(|(version, _)| version)
    }
}

impl SourceId {
    /// A file or anything else that is known by a hash of it.
    fn of_hash(name: &str, hash: &str) -> Self {
        Self {
            id: format!("source:{}", short(hash)),
            name: name.into(),
            hash: hash.into(),
        }
    }

    /// A source of a version. Rows of a query, and files that were not hashed then,
    /// are known by the version that they became.
    pub fn of(source: &SourceRecord, version: &TableVersion) -> Self {
        match &source.sha256 {
            Some(sha256) => Self::of_hash(&source.from, sha256),
            None => {
                let parts = [
                    source.from.as_str(),
                    source.query.as_deref().unwrap_or_default(),
                    version.content.as_str(),
                ];
                Self {
                    id: format!("source:{}", short(&sha256(parts.join("\n").as_bytes()))),
                    name: source.from.clone(),
                    hash: match version.sources.len() {
                        1 => version.content.clone(),
                        _ => String::new(),
                    },
                }
            }
        }
    }

    /// A Hive table that a lineage file names.
    pub fn of_hive(name: &str) -> Self {
        Self {
            id: format!(
                "source:{}",
                short(&sha256(format!("hive\n{name}").as_bytes()))
            ),
            name: name.into(),
            hash: String::new(),
        }
    }
}

/// The beginning of a hash.
pub fn short(hash: &str) -> &str {
    hash.get(..SHORT).unwrap_or(hash)
}

/// What a build is called.
pub fn build_name(build: &BuildOrigin) -> String {
    format!("{}@{}", build.model, build.version)
}
