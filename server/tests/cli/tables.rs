//! `churn ingest`, `churn table`, and models on tables; with either database.

use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use churn_core::artefact::sha256;
use serde_json::{Value, json};

use crate::Failure;
use crate::program::{CUSTOMERS, Folder, Run};

const PLACE: [&str; 4] = ["--data-dir", "data", "--tables", "tables"];

/// Three customers, with what is missing, quoted and written in many digits.
const ROWS: &str = "id,plan,spend,active\n\
    a,\"free, for now\",1.50,True\nb,paid,,False\nc,,20.00,True\n";

fn run(folder: &Folder, arguments: &[&str]) -> Result<Run, Failure> {
    folder.run(&[arguments, &PLACE].concat())
}

fn ingest(folder: &Folder, source: &str) -> Result<String, Failure> {
    let run = run(folder, &["ingest", source, "--table", "t"])?;
    Ok(run.succeeded()?.err())
}

/// A version and what is in its columns.
fn content(folder: &Folder, version: &str) -> Result<Value, Failure> {
    let shown = run(folder, &["table", "show", version, "--json"])?;
    Ok(serde_json::from_str(&shown.succeeded()?.out())?)
}

fn show(folder: &Folder, version: &str) -> Result<Value, Failure> {
    Ok(content(folder, version)?["version"].take())
}

/// How many versions there are of all tables.
fn versions(folder: &Folder) -> Result<usize, Failure> {
    let list = run(folder, &["table", "list", "--json"])?.succeeded()?;
    let list: Value = serde_json::from_str(&list.out())?;
    Ok(list["versions"].as_array().ok_or("no versions")?.len())
}

/// Names of the files of tables, sorted.
fn files(folder: &Folder) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder.path().join("tables"))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

#[test]
fn the_same_rows_make_one_version() -> Result<(), Failure> {
    let folder = Folder::new("tables-same")?;
    folder.write("rows.csv", ROWS)?;
    let told = ingest(&folder, "rows.csv")?;
    assert_eq!(told, "ingested 3 rows, 4 columns: t@1\n");
    let nothing = "nothing new: t@1 holds these 3 rows\n";
    assert_eq!(ingest(&folder, "rows.csv")?, nothing);

    // In two files of a folder, with columns in another order and other digits.
    fs::create_dir(folder.path().join("parts"))?;
    folder.write(
        "parts/1.csv",
        "id,plan,spend,active\r\na,\"free, for now\",1.5,true\r\n",
    )?;
    folder.write(
        "parts/2.csv",
        "active,spend,plan,id\nFALSE,, paid ,b\nTRUE,2e1,,c\n",
    )?;
    folder.write("parts/notes.txt", "not a source")?;
    assert_eq!(ingest(&folder, "parts")?, nothing);

    // As Parquet: a version's own file.
    let file = show(&folder, "t")?["file"]
        .as_str()
        .ok_or("no file")?
        .to_owned();
    let tables = folder.path().join("tables");
    fs::copy(
        tables.join(format!("{file}.parquet")),
        folder.path().join("rows.parquet"),
    )?;
    assert_eq!(ingest(&folder, "rows.parquet")?, nothing);
    assert_eq!(
        files(&folder)?,
        [".lock".to_owned(), format!("{file}.parquet")]
    );

    // Other rows, and the first ones again: of these there is one file.
    folder.write("other.csv", ROWS.replace("paid", "free"))?;
    assert!(ingest(&folder, "other.csv")?.ends_with(": t@2\n"));
    assert!(ingest(&folder, "rows.csv")?.ends_with(": t@3\n"));
    assert_eq!(show(&folder, "t@3")?["file"], file.as_str());
    assert_eq!(files(&folder)?.len(), 3);
    let refused = run(&folder, &["table", "show", "t@4"])?.refused()?;
    assert_eq!(
        refused,
        "error: table: expected a version of 't' up to 3, got 4"
    );
    let refused = run(&folder, &["table", "show", "u"])?.refused()?;
    assert_eq!(refused, "error: table: expected one of t, got 'u'");
    Ok(())
}

#[test]
fn deleted_rows_free_their_space_and_leave_the_history() -> Result<(), Failure> {
    let folder = Folder::new("tables-deleted")?;
    folder.write("rows.csv", ROWS)?;
    folder.write("other.csv", ROWS.replace("paid", "free"))?;
    for source in ["rows.csv", "other.csv", "rows.csv"] {
        ingest(&folder, source)?;
    }
    let delete = |version: &str| run(&folder, &["table", "delete", version])?.succeeded();
    let shared = show(&folder, "t@1")?["file"].to_string();
    let is_there = || {
        let name = format!("{}.parquet", shared.trim_matches('"'));
        Ok::<bool, Failure>(files(&folder)?.contains(&name))
    };
    assert_eq!(delete("t@1")?.err(), "deleted the rows of t@1\n");
    // The third version has the same.
    assert!(is_there()?);
    assert_eq!(show(&folder, "t@3")?["rows"], 3);
    let refused = run(&folder, &["table", "show", "t@1"])?.refused()?;
    let told = "error: table: the rows of t@1 were deleted; name another version";
    assert_eq!(refused, told);
    for _ in 0..2 {
        delete("t@3")?;
        assert!(!is_there()?);
    }
    assert_eq!(versions(&folder)?, 3);
    let refused = run(&folder, &["train", "--table", "t", "--out", "m.json"])?.refused()?;
    assert!(refused.contains("t@3 were deleted"), "{refused}");

    // They can come again.
    assert!(ingest(&folder, "rows.csv")?.ends_with(": t@4\n"));
    assert!(is_there()?);
    Ok(())
}

#[test]
fn rows_that_do_not_fit_are_kept_aside() -> Result<(), Failure> {
    let folder = Folder::new("tables-rejected")?;
    folder.write("rows.csv", ROWS)?;
    ingest(&folder, "rows.csv")?;
    let bad = "d,free,much,True\ne,free\nf,free,1,maybe\ng,paid,3,False\n";
    folder.write("more.csv", format!("{ROWS}{bad}"))?;
    let told = ingest(&folder, "more.csv")?;
    assert!(
        told.starts_with(
            "skipped 3 rows:\n  line 5, spend: expected a number, got 'much'\n  \
             line 6: expected 4 fields, got 2 fields\n  \
             line 7, active: expected true or false, got 'maybe'\n\
             kept the skipped rows: tables"
        ),
        "{told}"
    );
    assert!(
        told.ends_with("\ningested 4 rows, 4 columns: t@2\n"),
        "{told}"
    );
    let kept = folder.read("tables/t@2.rejected.ndjson")?;
    let kept: Vec<Value> = kept
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let expected = [
        json!({"source": "more.csv", "line": 5, "column": "spend", "expected": "a number",
            "got": "'much'", "cells": ["d", "free", "much", "True"]}),
        json!({"source": "more.csv", "line": 6, "column": null, "expected": "4 fields",
            "got": "2 fields", "cells": ["e", "free"]}),
        json!({"source": "more.csv", "line": 7, "column": "active",
            "expected": "true or false", "got": "'maybe'", "cells": ["f", "free", "1", "maybe"]}),
    ];
    assert_eq!(kept, expected);
    let shown = show(&folder, "t")?;
    assert_eq!(shown["rejected"], 3);
    let hash = sha256(folder.read("more.csv")?.as_bytes());
    let sources = json!([{"from": "more.csv", "rows": 4, "rejected": 3, "sha256": hash}]);
    assert_eq!(shown["sources"], sources);
    let reason = json!({"column": "spend", "expected": "a number", "rows": 1});
    assert_eq!(shown["reasons"][0], reason);

    folder.write("none.csv", "id,plan,spend,active\nd,free,much,True\n")?;
    let refused = run(&folder, &["ingest", "none.csv", "--table", "t"])?.refused()?;
    assert!(
        refused.contains("no row fits the table; the first problem"),
        "{refused}"
    );
    assert_eq!((versions(&folder)?, files(&folder)?.len()), (2, 4));
    Ok(())
}

#[test]
fn other_columns_are_refused_until_they_are_wanted() -> Result<(), Failure> {
    let folder = Folder::new("tables-columns")?;
    folder.write("rows.csv", ROWS)?;
    ingest(&folder, "rows.csv")?;
    folder.write("fewer.csv", "id,plan,spend\na,free,1\n")?;
    folder.write("more.csv", "id,plan,spend,active,age\na,free,1,true,007\n")?;
    for (source, told) in [
        (
            "fewer.csv",
            "fewer.csv: active: the source lacks this column; if that is meant, give",
        ),
        (
            "more.csv",
            "more.csv: age: the table has no such column; if that is meant, give",
        ),
    ] {
        let refused = run(&folder, &["ingest", source, "--table", "t"])?.refused()?;
        assert!(refused.contains(told), "{refused}");
    }
    let schema = json!({"columns": [{"name": "id", "kind": "text"},
        {"name": "age", "kind": "integer"}, {"name": "spend", "kind": "text"},
        {"name": "plan", "kind": "text"}, {"name": "active", "kind": "boolean"}]});
    folder.write("schema.json", schema.to_string())?;
    let arguments = [
        "ingest",
        "more.csv",
        "--table",
        "t",
        "--schema",
        "schema.json",
    ];
    run(&folder, &arguments)?.succeeded()?;
    assert_eq!(show(&folder, "t@2")?["columns"], schema["columns"]);
    let arguments = ["table", "diff", "t@1", "t@2", "--json"];
    let diff: Value = serde_json::from_str(&run(&folder, &arguments)?.succeeded()?.out())?;
    assert_eq!(diff["added_columns"], json!(["age"]));
    let changed = json!([{"name": "spend", "kinds": ["number", "text"]}]);
    assert_eq!(diff["changed_columns"], changed);

    let both = ["ingest", "rows.csv", "fewer.csv", "--table", "u"];
    let refused = run(&folder, &both)?.refused()?;
    assert!(
        refused.contains("expected the first source's columns id, plan, spend"),
        "{refused}"
    );
    for (name, told) in [
        ("../t", "a name of up to 100"),
        ("t@1", "a name of up to 100"),
    ] {
        let refused = run(&folder, &["ingest", "rows.csv", "--table", name])?.refused()?;
        assert!(refused.contains(told), "{refused}");
    }
    Ok(())
}

/// `parquet/make.py` has made the file with pyarrow.
#[test]
fn parquet_of_others_is_read() -> Result<(), Failure> {
    let folder = Folder::new("tables-parquet")?;
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/cli/parquet/types.parquet"
    );
    ingest(&folder, file)?;
    let shown = content(&folder, "t")?;
    let columns = shown["quality"].as_array().ok_or("no columns")?;
    let told = |name: &str| {
        let column = columns.iter().find(|column| column["name"] == name);
        let values = column.and_then(|column| column["frequent"].as_array());
        let values = values
            .into_iter()
            .flatten()
            .map(|count| count["value"].as_str().unwrap_or(""));
        let mut values: Vec<&str> = values.collect();
        values.sort_unstable();
        let kind = column.map(|column| column["kind"].as_str().unwrap_or(""));
        (kind.unwrap_or("none"), values.join(" "))
    };
    for (name, kind, values) in [
        ("id", "text", "a b c"),
        ("small", "integer", "-2 1 4"),
        ("large", "integer", "-1 0 9007199254740993"),
        ("unsigned", "integer", "0 1 4294967295"),
        ("single", "number", "0.1 2.5"),
        ("double", "number", "-0.0000001 1.0000000 29.8500000"),
        ("price", "number", "-0.05 100.00 29.85"),
        ("flag", "boolean", "false true"),
        ("level", "text", "DSL No"),
        ("day", "text", "2026-02-28"),
        ("moment", "text", "2026-02-28T13:05:07.250Z"),
        (
            "nanos",
            "text",
            "1970-01-01T00:00:00.000000001Z 1970-01-01T00:00:00.000000002Z \
             1970-01-01T00:00:00.000000003Z",
        ),
    ] {
        assert_eq!(told(name), (kind, values.to_owned()), "{name}");
    }
    let missing = |name: &str| {
        let column = columns.iter().find(|column| column["name"] == name);
        column.map(|column| column["missing"].clone())
    };
    assert_eq!(missing("single"), Some(json!(2)));
    assert_eq!(missing("flag"), Some(json!(1)));

    let bytes = fs::read(file)?;
    folder.write("cut.parquet", &bytes[..bytes.len() / 2])?;
    let refused = run(&folder, &["ingest", "cut.parquet", "--table", "t"])?.refused()?;
    assert!(
        refused.contains("cut.parquet: the Parquet file cannot be read"),
        "{refused}"
    );
    Ok(())
}

#[test]
fn a_query_of_sqlite_is_a_source() -> Result<(), Failure> {
    let folder = Folder::new("tables-sqlite")?;
    let database = rusqlite::Connection::open(folder.path().join("shop.db"))?;
    database.execute_batch(
        "CREATE TABLE people (id TEXT, age, spend REAL, note); \
         INSERT INTO people VALUES ('a', 31, 1.5, 'x'), ('b', NULL, 20, 'it''s'), \
         ('c', 47, 0.1, NULL)",
    )?;
    let query = "SELECT id, age, spend, note AS \"the note\" FROM people ORDER BY id; ";
    let arguments = [
        "ingest", "--query", query, "--from", "shop.db", "--table", "t",
    ];
    let told = run(&folder, &arguments)?.succeeded()?.err();
    assert_eq!(told, "ingested 3 rows, 4 columns: t@1\n");
    let shown = content(&folder, "t")?;
    let kinds: Vec<&Value> = (0..4).map(|at| &shown["quality"][at]["kind"]).collect();
    assert_eq!(kinds, ["text", "integer", "number", "text"]);
    assert_eq!(shown["version"]["sources"][0]["from"], "shop.db");
    assert_eq!(
        shown["version"]["sources"][0]["query"],
        query.trim().trim_end_matches(';')
    );
    // What is asked can be said by a variable, where nobody sees it.
    let hidden = [
        "ingest",
        "--query",
        query,
        "--from-env",
        "SHOP",
        "--table",
        "t",
    ];
    let mut command = folder.command(&[&hidden[..], &PLACE].concat());
    let told = Run(command.env("SHOP", "shop.db").output()?).succeeded()?;
    assert_eq!(told.err(), "nothing new: t@1 holds these 3 rows\n");
    assert_eq!(
        run(&folder, &hidden)?.refused()?,
        "error: --from-env: expected a variable of the environment that has an address, got 'SHOP'"
    );
    folder.write(
        "same.csv",
        "id,age,spend,the note\na,31,1.5,x\nb,,20,it's\nc,47,0.1,\n",
    )?;
    assert_eq!(
        ingest(&folder, "same.csv")?,
        "nothing new: t@1 holds these 3 rows\n"
    );

    for (query, told) in [
        (
            "SELECT height FROM people",
            "shop.db: the query failed: no such column",
        ),
        (
            "SELECT id, id FROM people",
            "a name of its own for every column of the query",
        ),
        ("DELETE FROM people", "shop.db: the query failed"),
        (
            "SELECT x'00' AS blob",
            "expected numbers or texts, got a blob",
        ),
    ] {
        let arguments = [
            "ingest", "--query", query, "--from", "shop.db", "--table", "u",
        ];
        let refused = run(&folder, &arguments)?.refused()?;
        assert!(refused.contains(told), "{refused}");
    }
    Ok(())
}

#[test]
fn a_model_of_a_table_is_that_of_its_file() -> Result<(), Failure> {
    let folder = Folder::with_model("tables-train")?;
    ingest(&folder, CUSTOMERS)?;
    run(&folder, &["train", "--table", "t", "--out", "table.json"])?.succeeded()?;
    let source = json!({"name": "t", "version": 1});
    let content = show(&folder, "t")?["content"].clone();
    let mut model: Value = serde_json::from_str(&folder.read("table.json")?)?;
    let training = model["training"].as_object_mut().ok_or("no record")?;
    assert_eq!(training.remove("table"), Some(source));
    assert_eq!(training["data_hash"], content);
    let of_file: Value = serde_json::from_str(&folder.read("model.json")?)?;
    training.insert("data_hash".into(), of_file["training"]["data_hash"].clone());
    // To the bit: numbers are written so that they read back as they are.
    assert_eq!(model.to_string(), of_file.to_string());

    let score = |data: &[&str], out: &str| {
        let arguments = [&["score", "--model", "table.json", "--out", out], data].concat();
        let run = folder.run(&arguments)?.succeeded()?;
        Ok::<_, Failure>((folder.read(out)?, run.err()))
    };
    let (of_file, _) = score(&[CUSTOMERS], "file.csv")?;
    let table = [&["--table", "t@1"], &PLACE[..]].concat();
    let (of_table, told) = score(&table, "table.csv")?;
    assert_eq!(of_table, of_file);
    assert!(
        told.ends_with("scored 7,043 customers: table.csv\n"),
        "{told}"
    );

    let condition = "Contract = 'Month-to-month' and tenure < 6";
    let some = [&["--where", condition], &table[..]].concat();
    let (few, told) = score(&some, "some.csv")?;
    let wanted = few.lines().count() - 1;
    assert!(told.contains("scored 1,3"), "{told}");
    assert!(wanted > 1000 && few.lines().all(|line| of_file.contains(line)));

    let evaluate = ["evaluate", "--model", "table.json", "--json"];
    let evaluate = |data: &[&str]| {
        let out = folder
            .run(&[&evaluate[..], data].concat())?
            .succeeded()?
            .out();
        Ok::<Value, Failure>(serde_json::from_str(&out)?)
    };
    let all = evaluate(&table)?;
    assert_eq!(
        (&all["rows"], &all["metrics"]["rows"]),
        (&json!("held_out"), &json!(1758))
    );
    let part = evaluate(&some)?;
    assert_eq!(part["rows"], "held_out");
    let rows = part["metrics"]["rows"].as_u64().ok_or("no rows")?;
    assert!((200..500).contains(&rows), "{rows}");

    let explain = ["explain", "--model", "table.json", "--out", "-"];
    let one = ["--where", "customerID = '7590-VHVEG'"];
    let arguments = [&explain[..], &table, &one].concat();
    let explained = folder.run(&arguments)?.succeeded()?.out();
    assert!(
        explained.starts_with("{\"id\":\"7590-VHVEG\""),
        "{explained}"
    );

    // A model of some rows says which, and knows which of them it has not seen.
    let arguments = [&["train", "--out", "some.json"], &some[..]].concat();
    folder.run(&arguments)?.succeeded()?;
    let model: Value = serde_json::from_str(&folder.read("some.json")?)?;
    assert_eq!(model["training"]["table"]["selection"], condition);
    assert_eq!(model["training"]["rows"], wanted);

    for (condition, told) in [
        (
            "tenure < 'x'",
            "--where, character 10: expected a number, got 'x'",
        ),
        (
            "tenure < 0",
            "t@1: expected rows that are selected, got none",
        ),
    ] {
        let arguments = [
            &[
                "score",
                "--model=table.json",
                "--out=-",
                "--where",
                condition,
            ],
            &table[..],
        ];
        let refused = folder.run(&arguments.concat())?.refused()?;
        assert!(refused.contains(told), "{refused}");
    }
    Ok(())
}

#[test]
fn versions_are_compared() -> Result<(), Failure> {
    let folder = Folder::new("tables-diff")?;
    let rows = |count: usize, level: &str, more: usize| -> String {
        let row = |at: usize| format!("{at},{level},{}\n", at % 10 + more);
        (0..count).map(row).collect()
    };
    folder.write("a.csv", format!("key,plan,spend\n{}", rows(100, "free", 0)))?;
    ingest(&folder, "a.csv")?;
    // The first twenty as they were, the next ones changed, some new.
    let same = rows(20, "free", 0);
    let changed: String = rows(120, "paid", 5)
        .lines()
        .skip(30)
        .map(|line| format!("{line}\n"))
        .collect();
    folder.write("b.csv", format!("key,plan,spend\n{same}{changed}"))?;
    ingest(&folder, "b.csv")?;
    let out = run(&folder, &["table", "diff", "t@1", "t@2", "--json"])?
        .succeeded()?
        .out();
    let diff: Value = serde_json::from_str(&out)?;
    assert_eq!(diff["rows"], json!([100, 110]));
    let ids = json!({"column": "key", "added": 20, "removed": 10, "changed": 70});
    assert_eq!(diff["ids"], ids);
    let drift = |at: usize, figure: usize| diff["columns"][at]["drift"][figure].clone();
    assert_eq!(drift(1, 0)["method"], "psi");
    assert_eq!(drift(2, 0)["method"], "wasserstein");
    assert!(drift(1, 0)["value"].as_f64() > Some(1.0), "{diff}");
    // Most numbers have moved by five.
    assert!(drift(2, 1)["value"].as_f64() > Some(0.3), "{diff}");
    let text = run(&folder, &["table", "diff", "t@1", "t@2"])?
        .succeeded()?
        .out();
    assert!(
        text.contains("by key\t20 added, 10 removed, 70 changed\n"),
        "{text}"
    );

    // Against itself nothing has.
    let out = run(&folder, &["table", "diff", "t@2", "t", "--json"])?
        .succeeded()?
        .out();
    let diff: Value = serde_json::from_str(&out)?;
    let none = json!({"column": "key", "added": 0, "removed": 0, "changed": 0});
    assert_eq!(diff["ids"], none);
    assert_eq!(diff["columns"][1]["drift"][0]["value"], 0.0);
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_killed_ingest_leaves_no_half_table() -> Result<(), Failure> {
    let folder = Folder::new("tables-killed")?;
    folder.write("rows.csv", ROWS)?;
    ingest(&folder, "rows.csv")?;
    let whole = files(&folder)?;
    let many: String = (0..100_000)
        .map(|at| format!("{at},plan {at},{at}.5,true\n"))
        .collect();
    folder.write(
        "many.csv",
        format!("id,plan,spend,active\n{many}x,y,z,true\n"),
    )?;
    let part = folder.path().join("tables/.ingest.parquet");
    let arguments = [&["ingest", "many.csv", "--table", "t"], &PLACE[..]].concat();
    let mut child = folder.command(&arguments).stderr(Stdio::null()).spawn()?;
    // Until some of the rows are in the file.
    while fs::metadata(&part).map_or(0, |file| file.len()) < 10_000 {
        assert_eq!(child.try_wait()?, None, "it came to its end");
        sleep(Duration::from_millis(1));
    }
    child.kill()?;
    assert!(!child.wait()?.success());

    assert!(part.exists());
    assert_eq!(versions(&folder)?, 1);
    assert_eq!(show(&folder, "t")?["rows"], 3);
    // The next one, whatever it is, cleans up.
    assert!(ingest(&folder, "rows.csv")?.starts_with("nothing new"));
    assert_eq!(files(&folder)?, whole);
    let told = ingest(&folder, "many.csv")?;
    assert!(
        told.contains("ingested 100,000 rows, 4 columns: t@2\n"),
        "{told}"
    );
    assert_eq!(show(&folder, "t")?["rejected"], 1);
    Ok(())
}
