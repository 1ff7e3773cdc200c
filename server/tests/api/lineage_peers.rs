//! What came from what, read back by those for whom it is written: the classes of
//! openlineage-python and apache-atlas.

use std::collections::BTreeMap;
use std::env;
use std::io::Write as _;
use std::process::Command;

use churn_server::store::experiments::{self, ExperimentRecord};
use churn_server::store::runs;
use serde_json::{Value, json};

use crate::Failure;
use crate::lineage::filled;
use crate::program::Folder;
use crate::server::database;

/// What a peer reads of a file; nothing where there are no peers.
///
/// `CHURN_LINEAGE` is a Python interpreter that has them; `cargo xtask test` sees to
/// that.
fn read_back(folder: &Folder, format: &str, file: &str) -> Result<Option<Value>, Failure> {
    let Some(python) = env::var_os("CHURN_LINEAGE") else {
        // Past the test harness, which keeps what a test prints to itself.
        let skipped = "\nskipped reading lineage back: CHURN_LINEAGE names no Python";
        let _ = writeln!(std::io::stderr(), "{skipped}");
        return Ok(None);
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/lineage_peers.py");
    let read = Command::new(python)
        .args([script, format])
        .arg(folder.path().join(file))
        .output()?;
    if !read.status.success() {
        return Err(String::from_utf8_lossy(&read.stderr).into());
    }
    Ok(Some(serde_json::from_slice(&read.stdout)?))
}

/// The same with an experiment of which one run was broken off, begun anew and
/// failed, and the other goes on; and with what a lineage file says.
fn with_setbacks(name: &str) -> Result<Folder, Failure> {
    let folder = filled(name)?;
    let mut connection = database(&folder)?;
    let record = ExperimentRecord {
        name: "broken".into(),
        plan: "{}".into(),
        data_name: "small.csv".into(),
        data_hash: "ab".repeat(32),
        train_rows: 4,
        held_out: Vec::new(),
        made_by: None,
    };
    let params = [r#"{"c":"1"}"#.to_owned(), r#"{"c":"2"}"#.to_owned()];
    let id = experiments::add(&mut connection, &record, &params)?;
    let open = runs::open(&mut connection, id)?;
    runs::begin(&mut connection, open[0].0, "{}")?;
    runs::break_off(&mut connection, id)?;
    // Attempts of one run are told apart by their times.
    std::thread::sleep(std::time::Duration::from_millis(2));
    runs::begin(&mut connection, open[0].0, "{}")?;
    runs::tag(&mut connection, open[0].0, "team", Some("größe \"x\""))?;
    runs::fail(&mut connection, open[0].0, "it did not converge")?;
    runs::begin(&mut connection, open[1].0, "{}")?;
    folder.write(
        "lineage.yml",
        "model:\n  hive_table_qualified_names: [\"default.t@cm\"]\n  metadata: {query: q}\n",
    )?;
    folder
        .run(&["lineage", "read", "lineage.yml", "--data-dir", "data"])?
        .succeeded()?;
    Ok(folder)
}

#[test]
fn every_event_is_one_of_openlineage() -> Result<(), Failure> {
    let folder = with_setbacks("lineage-openlineage")?;
    let export = |file: &str| -> Result<String, Failure> {
        let export = [
            "lineage",
            "export",
            "--openlineage",
            file,
            "--data-dir",
            "data",
        ];
        let tables = ["--tables", "tables"];
        folder.run(&[&export[..], &tables].concat())?.succeeded()?;
        folder.read(file)
    };
    let events = export("events.ndjson")?;
    // The same run has the same id, whenever it is told.
    assert_eq!(export("again.ndjson")?, events);
    let events: Vec<Value> = events
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let of = |job: &str, kind: &str| -> Vec<&Value> {
        let events = events.iter();
        events
            .filter(|event| event["job"]["name"] == job && event["eventType"] == kind)
            .collect()
    };
    let [failed] = of("experiment.broken.1", "FAIL")[..] else {
        return Err("not failed once".into());
    };
    let facets = &failed["run"]["facets"];
    assert_eq!(facets["errorMessage"]["message"], "it did not converge");
    assert_eq!(facets["tags"]["tags"][0]["value"], "größe \"x\"");
    assert_eq!(
        facets["executionParameters"]["parameters"][0],
        json!({"key": "c", "value": "1"})
    );
    let parent = of("experiment.broken", "START")[0];
    assert_eq!(facets["parent"]["run"]["runId"], parent["run"]["runId"]);
    assert!(of("experiment.broken", "COMPLETE").is_empty());
    let aborted = of("experiment.broken.1", "ABORT")[0];
    assert_ne!(aborted["run"]["runId"], failed["run"]["runId"]);
    let trained = of("experiment.grid.1", "COMPLETE")[0];
    let input = &trained["inputs"][0];
    assert_eq!(
        (&input["namespace"], &input["name"]),
        (&json!("churn"), &json!("tables/t"))
    );
    let measured = &input["inputFacets"]["dataQualityMetrics"];
    assert_eq!(measured["columnMetrics"]["spend"]["nullCount"], 0);
    assert_eq!(input["facets"]["schema"]["fields"][2]["type"], "DOUBLE");
    let query = &of("ingest.q", "COMPLETE")[0]["job"]["facets"]["sql"]["query"];
    assert_eq!(query, "SELECT * FROM people");
    let built = of("build.model", "COMPLETE")[0];
    let hive = built["inputs"].as_array().and_then(|inputs| inputs.last());
    assert_eq!(
        hive.map(|hive| &hive["namespace"]),
        Some(&json!("hive://cm"))
    );

    let Some(read) = read_back(&folder, "openlineage", "events.ndjson")? else {
        return Ok(());
    };
    let starts = read["kinds"]["START"].as_u64();
    // 2 ingests, 2 experiments, 5 attempts, 2 builds, 1 deployment.
    assert_eq!((starts, &read["runs"]), (Some(12), &json!(12)), "{read}");
    assert_eq!(
        (&read["kinds"]["FAIL"], &read["kinds"]["ABORT"]),
        (&json!(1), &json!(1))
    );
    // An experiment and a run of it go on.
    assert_eq!(read["kinds"]["COMPLETE"], 8);
    let facets: BTreeMap<String, u64> = serde_json::from_value(read["facets"].clone())?;
    for facet in [
        "DataQualityMetricsInputDatasetFacet",
        "DatasetTypeDatasetFacet",
        "DatasetVersionDatasetFacet",
        "ErrorMessageRunFacet",
        "ExecutionParametersRunFacet",
        "JobTypeJobFacet",
        "ParentRunFacet",
        "SchemaDatasetFacet",
        "TagsRunFacet",
    ] {
        assert!(facets.contains_key(facet), "no {facet}: {facets:?}");
    }
    Ok(())
}

#[test]
fn every_entity_is_one_of_atlas() -> Result<(), Failure> {
    let folder = with_setbacks("lineage-atlas")?;
    let data = ["--data-dir", "data"];
    let run = |arguments: &[&str]| folder.run(&[arguments, &data].concat());
    run(&["model", "promote", "model@2"])?.succeeded()?;
    let export = ["lineage", "export", "--atlas", "bulk.json"];
    let named = [
        "--project",
        "telco",
        "--qualified-name",
        "{project}.{kind}.{name}@cl1",
    ];
    run(&[&export[..], &named].concat())?.succeeded()?;
    let bulk: Value = serde_json::from_str(&folder.read("bulk.json")?)?;
    let of = |kind: &str| -> Vec<&Value> {
        let entities = bulk["entities"].as_array().into_iter().flatten();
        entities
            .filter(|entity| entity["typeName"] == kind)
            .collect()
    };
    let builds = of("ml_model_build");
    assert_eq!(
        builds[1]["attributes"]["qualifiedName"],
        "telco.build.model@2@cl1"
    );
    assert_eq!(builds[1]["attributes"]["version"], 2);
    assert_eq!(builds[1]["attributes"]["metadata"]["query"], "q");
    assert_eq!(
        builds[0]["relationshipAttributes"]["project"]["guid"],
        of("ml_project")[0]["guid"]
    );
    let train = of("ml_model_train_build_process")[1];
    let hive = json!({"typeName": "hive_table",
        "uniqueAttributes": {"qualifiedName": "default.t@cm"}});
    assert_eq!(train["attributes"]["inputs"][1], hive);
    assert_eq!(train["attributes"]["outputs"][0]["guid"], builds[1]["guid"]);
    let status: Vec<&Value> = of("ml_model_deployment")
        .iter()
        .map(|deployment| &deployment["attributes"]["status"])
        .collect();
    assert_eq!(status, ["stopped", "deployed"]);
    let refused = run(&[&export[..], &["--qualified-name", "{name}"]].concat())?.refused()?;
    assert_eq!(
        refused,
        "error: --qualified-name: expected {kind} in it, got '{name}'"
    );

    let Some(read) = read_back(&folder, "atlas", "bulk.json")? else {
        return Ok(());
    };
    let expected = json!({"ml_project": 1, "ml_project_create_process": 1, "DataSet": 4,
        "Process": 2, "ml_model_build": 2, "ml_model_train_build_process": 2,
        "ml_model_deployment": 2, "ml_model_deploy_process": 2});
    assert_eq!(read["kinds"], expected);
    Ok(())
}
