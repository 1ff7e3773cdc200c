//! A run to tell of, the outbox that it waits in, and the commands that send it.

use std::collections::BTreeMap;

use churn_core::artefact::sha256;
use churn_core::runs::{Metric, Run, RunData, Status};
use churn_server::mlflow;
use churn_server::store::outbox::{self, Counts, Peer};
use churn_server::store::postgresql::Server as PostgresqlServer;
use churn_server::store::{Folder as DataFolder, Place};

use crate::Failure;
use crate::program::Folder;

pub const SEND: [&str; 4] = ["mlflow", "send", "--data-dir", "data"];
pub const STATUS: [&str; 4] = ["mlflow", "status", "--data-dir", "data"];
pub const DOCUMENT: &str = "{\"format\": 1, \"größe\": [0.1]}\n";

pub fn run(experiment: &str, number: i64) -> Run {
    let text = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        let own = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        pairs.iter().map(own).collect()
    };
    let metric = |name: &str, step, value| Metric {
        name: name.into(),
        step,
        value,
    };
    Run {
        run: format!("{experiment}-{number}"),
        experiment: experiment.into(),
        number,
        status: Status::Finished,
        error: None,
        params: text(&[("kernel", "linear"), ("C", "0.1"), ("left out", "")]),
        metrics: vec![
            metric("test_score", 0, 0.803_406_671_398_154_7),
            metric("loss", 1, 0.7),
            metric("loss", 2, f64::NAN),
            metric("loss", 3, f64::INFINITY),
            metric("loss", 4, f64::NEG_INFINITY),
        ],
        tags: text(&[("team", "größe & \"x\""), ("a[0]", "odd")]),
        data: RunData {
            name: "customers@3".into(),
            hash: sha256(b"rows"),
            train_rows: 5634,
            test_rows: 1409,
        },
        environment: text(&[("churn", "0.1.0")]),
        started_ms: Some(1_795_435_129_169 + number),
        ended_ms: Some(1_795_435_130_001 + number),
        model_sha256: Some(sha256(DOCUMENT.as_bytes())),
    }
}

pub fn place(folder: &Folder) -> Result<Place, Failure> {
    Ok(match folder.database_url() {
        Some(url) => Place::Server(Box::new(PostgresqlServer::new(url)?)),
        None => Place::Folder(DataFolder::open(&folder.path().join("data"))?),
    })
}

/// Adds runs to the outbox, each with the document.
pub fn add(folder: &Folder, uri: &str, runs: &[Run]) -> Result<(), Failure> {
    let mut connection = place(folder)?.open()?;
    for run in runs {
        assert!(mlflow::add(
            &mut connection,
            uri,
            run,
            Some(DOCUMENT),
            None
        )?);
    }
    Ok(())
}

pub fn counts(folder: &Folder) -> Result<[u64; 3], Failure> {
    let Counts {
        sent,
        waiting,
        refused,
    } = outbox::counts(&mut place(folder)?.open()?, Peer::Mlflow)?;
    Ok([sent, waiting, refused])
}
