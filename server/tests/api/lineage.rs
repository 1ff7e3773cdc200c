//! What came from what, over the API and on the command line.

use std::collections::BTreeSet;

use churn_core::artefact::sha256;
use serde_json::{Value, json};

use crate::Failure;
use crate::program::{Folder, SMALL, SMALL_OPTIONS};
use crate::server::{Server, key, small};

const PLACE: [&str; 4] = ["--data-dir", "data", "--tables", "tables"];

/// A table of a file and of a query, an experiment on it, and two builds: of a
/// run, and of a training on the file itself.
pub fn filled(name: &str) -> Result<Folder, Failure> {
    let folder = small(name)?;
    let run = |arguments: &[&str]| folder.run(&[arguments, &PLACE].concat())?.succeeded();
    run(&["ingest", "small.csv", "--table", "t"])?;
    let shop = rusqlite::Connection::open(folder.path().join("shop.db"))?;
    shop.execute_batch("CREATE TABLE people (id, age); INSERT INTO people VALUES ('a', 1)")?;
    let query = "SELECT * FROM people";
    run(&[
        "ingest", "--query", query, "--from", "shop.db", "--table", "q",
    ])?;
    folder.write(
        "grid.toml",
        "[hold-out]\ntest-fraction = 0.5\n[[grid]]\nmodel = \"logistic\"\nc = [0.5, 0.1]\n",
    )?;
    let experiment = ["experiment", "grid.toml", "--table", "t"];
    run(&[&experiment[..], &SMALL_OPTIONS[..4]].concat())?;
    let run = |arguments: &[&str]| folder.run(&[arguments, &PLACE[..2]].concat())?.succeeded();
    run(&["run", "model", "grid-1", "--out", "run.json"])?;
    run(&["deploy", "model.json"])?;
    run(&["model", "add", "run.json", "--name", "model"])?;
    Ok(folder)
}

fn names(lineage: &Value) -> Result<Vec<String>, Failure> {
    let nodes = lineage["nodes"].as_array().ok_or("no nodes")?;
    let name = |node: &Value| Some(node["name"].as_str()?.to_owned());
    Ok(nodes.iter().filter_map(name).collect())
}

/// What there is of a kind.
fn of_kind<'a>(lineage: &'a Value, kind: &str) -> Vec<&'a Value> {
    let nodes = lineage["nodes"].as_array();
    let nodes = nodes.into_iter().flatten();
    nodes.filter(|node| node["kind"] == kind).collect()
}

#[test]
fn predictions_are_found_that_came_from_a_file() -> Result<(), Failure> {
    let folder = filled("lineage-found")?;
    let admin = key(&folder, &["--role", "admin"])?;
    let server = Server::start(&folder, &[])?;
    let mut client = crate::client::Client::new(&server.address, Some(&admin))?;
    let request = json!({"request": {"plan": "free", "spend": 2}});
    let ask = |client: &mut crate::client::Client| -> Result<String, Failure> {
        let told = client.post("/model", &request)?.json(200)?;
        Ok(told["response"]["uuid"]
            .as_str()
            .ok_or("no uuid")?
            .to_owned())
    };
    let first = ask(&mut client)?;
    let promote = "/api/v1/models/model/deployments";
    client.post(promote, &json!({"build": "2"}))?.json(200)?;
    let second = [ask(&mut client)?, ask(&mut client)?];

    let mut get = |path: &str| client.get(&format!("/api/v1/lineage{path}"));
    let all = get("")?.json(200)?;
    let nodes = all["nodes"].as_array().ok_or("no nodes")?.len();
    // 2 sources, 2 versions, 3 runs, 2 builds, 2 deployments with predictions each.
    assert_eq!((nodes, &all["left_out"]), (13, &json!(0)), "{all}");
    let deployments = of_kind(&all, "deployment");
    assert_eq!(deployments[0]["user"], "test");
    assert_eq!(deployments[0]["model"], "model@2");
    assert_eq!(deployments[0]["to_ms"], Value::Null);
    let system = whoami::username()?;
    assert_eq!(deployments[1]["user"], system.as_str());
    assert_eq!(deployments[1]["to_ms"], deployments[0]["from_ms"]);
    for kind in ["table", "build"] {
        for node in of_kind(&all, kind) {
            assert_eq!(node["user"], system.as_str(), "{node}");
        }
    }
    let counts: Vec<&Value> = of_kind(&all, "predictions")
        .iter()
        .map(|it| &it["count"])
        .collect();
    assert_eq!(counts, [2, 1]);

    // The file is one, whether it was ingested or trained on.
    let file = get("?node=small.csv&direction=downstream")?.json(200)?;
    assert_eq!(
        of_kind(&file, "source")[0]["hash"],
        sha256(SMALL.as_bytes())
    );
    assert_eq!(of_kind(&file, "table").len(), 1);
    assert_eq!(of_kind(&file, "build").len(), 2);
    let mut of_file = Vec::new();
    let mut after = String::new();
    loop {
        let page = get(&format!("/predictions?node=small.csv&limit=2{after}"))?.json(200)?;
        for prediction in page["predictions"].as_array().ok_or("no predictions")? {
            of_file.push(prediction["uuid"].as_str().ok_or("no uuid")?.to_owned());
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let expected = BTreeSet::from([first.clone(), second[0].clone(), second[1].clone()]);
    assert_eq!(of_file.len(), 3);
    assert_eq!(BTreeSet::from_iter(of_file), expected);
    let of_run = get("/predictions?node=grid-1")?.json(200)?;
    let uuids: Vec<&Value> = of_run["predictions"]
        .as_array()
        .ok_or("none")?
        .iter()
        .map(|it| &it["uuid"])
        .collect();
    assert_eq!(uuids, [&json!(second[0]), &json!(second[1])]);
    assert_eq!(
        get("/predictions?node=grid-2")?.json(200)?,
        json!({"predictions": [], "next": null})
    );
    let of_deployment = format!(
        "/predictions?node=predictions:{}",
        deployments[1]["name"].as_str().ok_or("no name")?
    );
    assert_eq!(
        get(&of_deployment)?.json(200)?["predictions"][0]["uuid"],
        first.as_str()
    );

    // And the other way.
    let origin = get("?node=model@2&direction=upstream")?.json(200)?;
    assert_eq!(names(&origin)?, ["small.csv", "t@1", "grid-1", "model@2"]);
    assert_eq!(origin["edges"].as_array().map(Vec::len), Some(3));
    let of_query = get("?node=q@1")?.json(200)?;
    let source = of_kind(&of_query, "source")[0];
    assert_eq!(
        (&source["name"], &source["query"]),
        (&json!("shop.db"), &json!("SELECT * FROM people"))
    );
    assert_eq!(source["hash"], of_kind(&of_query, "table")[0]["hash"]);

    // A limit keeps what led to the newest, and says how many are left out.
    let newest = get("?limit=1")?.json(200)?;
    let expected = ["small.csv", "t@1", "grid-1", "model@2"];
    assert_eq!(names(&newest)?[..4], expected);
    assert_eq!(newest["left_out"], 7);
    assert_eq!(get("?node=nothing")?.error(404)?.0, "node.unknown");
    assert_eq!(get("?direction=sideways")?.status, 400);
    assert_eq!(get("?limit=0")?.status, 400);
    Ok(())
}

#[test]
fn who_may_not_read_learns_nothing() -> Result<(), Failure> {
    let folder = small("lineage-roles")?;
    let reading = key(&folder, &["--role", "read"])?;
    let asking = key(&folder, &["--role", "predict"])?;
    let server = Server::start(&folder, &[])?;
    for path in ["/api/v1/lineage", "/api/v1/lineage/predictions?node=x"] {
        let status = |key: &str| -> Result<u16, Failure> {
            let mut client = crate::client::Client::new(&server.address, Some(key))?;
            Ok(client.get(path)?.status)
        };
        assert_eq!(status(&asking)?, 403);
        assert_ne!(status(&reading)?, 403);
    }
    Ok(())
}

#[test]
fn what_a_build_came_from_outlives_its_document() -> Result<(), Failure> {
    let folder = filled("lineage-deleted")?;
    let data = &PLACE[..2];
    let run = |arguments: &[&str]| folder.run(&[arguments, data].concat())?.succeeded();
    run(&["model", "promote", "model@2"])?;
    run(&["model", "delete", "model@1"])?;
    let told = run(&["lineage", "show", "model@1", "--direction", "upstream"])?.out();
    assert!(told.contains("document\tdeleted"), "{told}");
    assert!(
        told.contains("came from\n└─ run training of model@1"),
        "{told}"
    );
    assert!(told.contains("   └─ source small.csv"), "{told}");
    let tree = run(&["lineage", "show"])?.out();
    assert!(tree.starts_with("source small.csv, sha256 "), "{tree}");
    assert!(
        tree.contains("│  └─ run grid-1") || tree.contains("├─ run grid-1"),
        "{tree}"
    );
    let unknown = [&["lineage", "show", "nothing"], data].concat();
    let refused = folder.run(&unknown)?.refused()?;
    assert_eq!(
        refused,
        "error: node: expected a node, by its id or name, got 'nothing'"
    );
    Ok(())
}

#[test]
fn a_lineage_file_names_hive_tables() -> Result<(), Failure> {
    let folder = small("lineage-file")?;
    let run = |arguments: &[&str]| folder.run(&[arguments, &PLACE[..2]].concat());
    run(&["deploy", "model.json"])?.succeeded()?;
    let file = "model:\n  hive_table_qualified_names:\n    - \"default.customers@cm\"\n  \
        metadata:\n    query: \"select 1\"\nother: {}\n";
    folder.write("lineage.yml", file)?;
    let told = run(&["lineage", "read", "lineage.yml"])?.succeeded()?.err();
    let expected = "model: 1 table, 1 fact\n\
        other: 0 tables, 0 facts; there is no such model yet\n";
    assert_eq!(told, expected);
    let server = Server::start(&folder, &["--open"])?;
    let mut client = server.client()?;
    let path = "/api/v1/lineage?node=model@1&direction=upstream";
    let told = client.get(path)?.json(200)?;
    let sources = of_kind(&told, "source");
    let hive = sources
        .iter()
        .find(|node| node["name"] == "default.customers@cm")
        .ok_or("no Hive table")?;
    assert_eq!(hive["facts"]["told by"], "lineage.yml");
    assert_eq!(hive["user"], whoami::username()?.as_str());
    assert_eq!(
        (
            sources.len(),
            of_kind(&told, "build")[0]["facts"]["metadata.query"].as_str()
        ),
        (2, Some("select 1"))
    );

    // What was read last counts, under either name; the same again is not new.
    folder.write("lineage.yaml", "model: {metadata: {query: select 2}}\n")?;
    run(&["lineage", "read", "lineage.yaml"])?.succeeded()?;
    run(&["lineage", "read", "lineage.yaml"])?.succeeded()?;
    let told = client.get(path)?.json(200)?;
    assert_eq!(of_kind(&told, "source").len(), 1);
    assert_eq!(
        of_kind(&told, "build")[0]["facts"]["metadata.query"],
        "select 2"
    );
    let count = "SELECT count(*) FROM lineage_entries";
    let count = crate::server::database(&folder)?.first(count, &[], |row| row.get::<i64>(0))?;
    assert_eq!(count, Some(3));

    // The platform's names are not always names here.
    let named = "Churn Model API Endpoint: {metadata: {query: select 3}}\n";
    folder.write("lineage.yml", named)?;
    run(&["lineage", "read", "lineage.yml", "--model", "model"])?.succeeded()?;
    let told = client.get(path)?.json(200)?;
    assert_eq!(
        of_kind(&told, "build")[0]["facts"]["metadata.query"],
        "select 3"
    );

    // Nothing of a file with a fault is kept.
    folder.write("wrong.yml", "model: {}\nother: {metadata: [1]}\n")?;
    let refused = run(&["lineage", "read", "wrong.yml"])?.refused()?;
    let expected = "error: wrong.yml: line 2, other.metadata: expected mapping start";
    assert_eq!(refused, expected);
    folder.write("lineage.txt", file)?;
    let refused = run(&["lineage", "read", "lineage.txt"])?.refused()?;
    assert!(
        refused.contains("a name that ends in .yml or .yaml"),
        "{refused}"
    );
    Ok(())
}
