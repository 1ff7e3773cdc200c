//! A query on PostgreSQL as the source of a table.

use serde_json::Value;

use crate::Failure;
use crate::cluster::shared;
use crate::program::Folder;

#[test]
fn a_query_of_postgresql_is_a_source() -> Result<(), Failure> {
    let folder = Folder::new("tables-postgresql")?;
    let url = shared()?.make("shop")?;
    shared()?.run(
        "shop",
        "CREATE TABLE people (id text, age int, price numeric(10, 2), x float8, active bool, \
         since date, code text); \
         INSERT INTO people VALUES ('a', 31, 29.85, 0.1, true, '2026-02-28', '007'), \
         ('b', NULL, 100, 'NaN', false, NULL, 'NaN'), ('c', 47, NULL, -1e-7, NULL, NULL, NULL)",
    )?;
    let place = ["--data-dir", "data", "--tables", "tables"];
    let query = "SELECT * FROM people ORDER BY id -- all of them";
    let arguments = ["ingest", "--query", query, "--from", &url, "--table", "t"];
    let told = folder
        .run(&[&arguments[..], &place].concat())?
        .succeeded()?
        .err();
    assert_eq!(told, "ingested 3 rows, 7 columns: t@1\n");
    let show = [&["table", "show", "t", "--json"], &place[..]].concat();
    let shown: Value = serde_json::from_str(&folder.run(&show)?.succeeded()?.out())?;
    let columns = shown["quality"].as_array().ok_or("no columns")?;
    let kinds: Vec<&str> = columns
        .iter()
        .filter_map(|column| column["kind"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "text", "integer", "number", "number", "boolean", "text", "text"
        ]
    );
    let missing: Vec<u64> = columns
        .iter()
        .filter_map(|column| column["missing"].as_u64())
        .collect();
    assert_eq!(missing, [0, 1, 1, 1, 1, 2, 1]);
    assert!(
        !shown["sources"].to_string().contains("churn@"),
        "{}",
        shown["sources"]
    );

    // The same rows from a file are the same.
    let rows = "id,age,price,x,active,since,code\na,31,29.85,0.1,true,2026-02-28,007\n\
                b,,100.00,,false,,NaN\nc,47,,-1e-7,,,\n";
    folder.write("rows.csv", rows)?;
    let file = [&["ingest", "rows.csv", "--table", "t"], &place[..]].concat();
    let told = folder.run(&file)?.succeeded()?.err();
    assert_eq!(told, "nothing new: t@1 holds these 3 rows\n");

    for (query, told) in [
        ("DELETE FROM people RETURNING id", "the query failed"),
        (
            "SELECT nothing",
            "the query failed: column \"nothing\" does not exist",
        ),
    ] {
        let arguments = ["ingest", "--query", query, "--from", &url, "--table", "u"];
        let refused = folder.run(&[&arguments[..], &place].concat())?.refused()?;
        assert!(refused.contains(told), "{refused}");
    }
    Ok(())
}
