//! What a job does, as commands of this program. Values are joined to their options,
//! so that none is taken for an option itself.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use churn_core::jobs::JobWork;
use churn_core::registry::CHAMPION;

/// Where and as what the commands run.
#[derive(Clone, Debug)]
pub struct Context {
    /// Model document that is trained, in a folder that goes when the work is done.
    pub model: PathBuf,
    /// Grid of the work: its name is that of the experiment, the same for each try.
    pub grid: PathBuf,
    /// Name of what each try makes anew.
    pub name: String,
    /// Folder of the data; the environment says where they are else.
    pub data_dir: Option<PathBuf>,
    /// Folder of the files of tables, where it is not that of the data.
    pub tables: Option<PathBuf>,
}

impl Context {
    /// That of a try of a run of a job, with a folder of its own.
    pub fn new(scratch: &Path, job: &str, (run, attempt): (i64, i64)) -> Self {
        Self {
            model: scratch.join("model.json"),
            grid: scratch.join(format!("{job}-{run}.toml")),
            name: format!("{job}-{run}.{attempt}"),
            data_dir: None,
            tables: None,
        }
    }
}

/// A build in the registry: what answers for a model if nothing else is said.
fn build(model: &str) -> String {
    match model.contains('@') {
        true => model.to_owned(),
        false => format!("{model}@{CHAMPION}"),
    }
}

/// The arguments of a command.
struct Step(Vec<String>);

impl Step {
    fn new(command: &[&str]) -> Self {
        Self(command.iter().map(|&word| word.to_owned()).collect())
    }

    fn option(mut self, name: &str, value: impl Display) -> Self {
        self.0.push(format!("--{name}={value}"));
        self
    }

    fn maybe(self, name: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.option(name, value),
            None => self,
        }
    }

    fn flag(mut self, name: &str, is_set: bool) -> Self {
        self.0.extend(is_set.then(|| format!("--{name}")));
        self
    }

    /// Where the data are.
    fn data(self, context: &Context) -> Self {
        self.maybe(
            "data-dir",
            context.data_dir.as_ref().map(|path| path.display()),
        )
    }

    /// Where the data and the files of tables are.
    fn tables(self, context: &Context) -> Self {
        let tables = context.tables.as_ref().map(|path| path.display());
        self.data(context).maybe("tables", tables)
    }

    fn last(mut self, values: impl IntoIterator<Item = String>) -> Vec<String> {
        self.0.push("--".into());
        self.0.extend(values);
        self.0
    }
}

/// The commands of a work, each done when the one before it was.
pub fn steps(work: &JobWork, context: &Context) -> Vec<Vec<String>> {
    let document = context.model.display();
    match work {
        JobWork::Ingest {
            table,
            sources,
            query,
            from,
            from_env,
            schema,
        } => {
            let ingest = Step::new(&["ingest"]).option("table", table);
            let ingest = ingest.maybe("query", query.as_ref());
            let ingest = ingest.maybe("from", from.as_ref());
            let ingest = ingest.maybe("from-env", from_env.as_ref());
            let ingest = ingest.maybe("schema", schema.as_ref()).tables(context);
            vec![ingest.last(sources.iter().cloned())]
        }
        JobWork::Train {
            table,
            selection,
            target,
            id,
            positive,
            c,
            cv,
            balanced,
            model,
            alias,
        } => {
            let train = Step::new(&["train"]).option("table", table);
            let train = train.maybe("where", selection.as_ref());
            let train = train.maybe("target", target.as_ref());
            let train = train.maybe("id", id.as_ref());
            let train = train.maybe("positive", positive.as_ref());
            let train = train
                .maybe("c", *c)
                .maybe("cv", *cv)
                .flag("balanced", *balanced);
            let train = train.option("out", &document).tables(context);
            let add = Step::new(&["model", "add"]).option("name", model);
            let add = add.maybe("alias", alias.as_ref()).data(context);
            vec![train.0, add.last([document.to_string()])]
        }
        JobWork::Experiment {
            table,
            selection,
            target,
            id,
            positive,
            grid: _,
        } => {
            let experiment = Step::new(&["experiment"]).option("table", table);
            let experiment = experiment.maybe("where", selection.as_ref());
            let experiment = experiment.maybe("target", target.as_ref());
            let experiment = experiment.maybe("id", id.as_ref());
            let experiment = experiment.maybe("positive", positive.as_ref());
            let grid = context.grid.display().to_string();
            vec![experiment.tables(context).last([grid])]
        }
        JobWork::Score {
            table,
            selection,
            model,
            reasons,
            out,
            into,
            replace,
        } => {
            let score = Step::new(&["score"]).option("table", table);
            let score = score.maybe("where", selection.as_ref());
            let score = score
                .option("build", build(model))
                .option("reasons", reasons);
            let score = score
                .maybe("out", out.as_ref())
                .maybe("into", into.as_ref());
            vec![score.flag("replace", *replace).tables(context).0]
        }
        JobWork::Evaluate {
            table,
            selection,
            model,
        } => {
            let evaluate = Step::new(&["evaluate"]).option("table", table);
            let evaluate = evaluate.maybe("where", selection.as_ref());
            vec![evaluate.option("build", build(model)).tables(context).0]
        }
        JobWork::Retrain { model } => {
            let retrain = Step::new(&["retrain", "run"]).data(context);
            vec![retrain.last([model.clone()])]
        }
        JobWork::Backup { folder } => {
            let file = Path::new(folder).join(format!("{}.db", context.name));
            let backup = Step::new(&["backup"]).tables(context);
            vec![backup.last([file.display().to_string()])]
        }
    }
}
