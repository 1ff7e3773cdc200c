//! Scores in a table of PostgreSQL.

use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};

use crate::Failure;
use crate::cluster::shared;
use crate::program::{CUSTOMERS, Folder};

const SCORE: [&str; 8] = [
    "score",
    "--model",
    "model.json",
    "--reasons",
    "1",
    "--into",
    "sales.scores",
    "--to",
];

#[test]
fn scores_are_in_a_table_once_each_though_it_was_killed() -> Result<(), Failure> {
    let folder = Folder::new("score-table")?;
    folder
        .run(&["train", CUSTOMERS, "--out", "model.json"])?
        .succeeded()?;
    let text = fs::read_to_string(CUSTOMERS)?;
    let (header, rows) = text.split_once('\n').ok_or("no header")?;
    let mut long = format!("{header}\n");
    for time in 0..80 {
        rows.lines()
            .for_each(|row| long.push_str(&format!("{time}-{row}\n")));
    }
    folder.write("many.csv", &long)?;
    let url = shared()?.make("scores")?;
    shared()?.run("scores", "CREATE SCHEMA sales")?;
    let mut client = Client::connect(&url, NoTls)?;
    let comment = "SELECT obj_description(to_regclass('sales.scores_part'), 'pg_class')";
    let score = [&SCORE[..], &[&url, "many.csv"]].concat();
    let mut run = folder.command(&score).stderr(Stdio::null()).spawn()?;
    let start = Instant::now();
    while client
        .query_one(comment, &[])?
        .get::<_, Option<String>>(0)
        .is_none()
    {
        if let Some(status) = run.try_wait()? {
            return Err(format!("it ended before: {status}").into());
        }
        if start.elapsed() > Duration::from_secs(120) {
            return Err("nothing to go on with after two minutes".into());
        }
        sleep(Duration::from_millis(10));
    }
    run.kill()?;
    run.wait()?;
    let told = folder.run(&score)?.succeeded()?.err();
    assert!(told.starts_with("going on behind the first "), "{told}");
    assert!(
        told.ends_with("scored 563,440 customers: table sales.scores\n"),
        "{told}"
    );
    let sum = "SELECT count(*), count(DISTINCT id), count(reason_1), sum(probability) \
               FROM sales.scores";
    let row = client.query_one(sum, &[])?;
    let [count, ids, reasons]: [i64; 3] = [row.get(0), row.get(1), row.get(2)];
    assert_eq!([count, ids, reasons], [563_440; 3]);
    // Every number as in a file, to the bit.
    let file = [
        "score",
        "--model",
        "model.json",
        "--reasons",
        "1",
        "many.csv",
        "--out",
        "-",
    ];
    let lines = folder.run(&file)?.succeeded()?.out();
    let some = "SELECT id, probability, decision, reason_1, weight_1 FROM sales.scores \
                WHERE id LIKE '7-%' OR id LIKE '79-%'";
    let mut found: Vec<String> = client
        .query(some, &[])?
        .iter()
        .map(|row| {
            let [id, decision, reason]: [&str; 3] = [row.get(0), row.get(2), row.get(3)];
            let [probability, weight]: [f64; 2] = [row.get(1), row.get(4)];
            format!("{id},{probability:?},{decision},{reason},{weight:?}")
        })
        .collect();
    let mut expected: Vec<String> = Vec::new();
    for line in lines.lines().skip(1) {
        if line.starts_with("7-") || line.starts_with("79-") {
            let cells: Vec<&str> = line.split(',').collect();
            let (probability, weight): (f64, f64) = (cells[1].parse()?, cells[4].parse()?);
            expected.push(format!(
                "{},{probability:?},{},{},{weight:?}",
                cells[0], cells[2], cells[3]
            ));
        }
    }
    found.sort();
    expected.sort();
    assert_eq!(found.len(), 14_086);
    assert!(found == expected, "other scores");

    // What is there is replaced only if that is said.
    let again = [&SCORE[..], &[&url, CUSTOMERS]].concat();
    let told = folder.run(&again)?.refused()?;
    assert!(
        told.contains("it is there already; --replace puts another in its place"),
        "{told}"
    );
    assert!(!told.contains("churn@"), "no password: {told}");
    folder
        .run(&[&again[..], &["--replace"]].concat())?
        .succeeded()?;
    let count: i64 = client
        .query_one("SELECT count(*) FROM sales.scores", &[])?
        .get(0);
    assert_eq!(count, 7_043);
    // A table that is not ours stays.
    client.batch_execute("CREATE TABLE sales.scores_part (x int)")?;
    let told = folder
        .run(&[&again[..], &["--replace"]].concat())?
        .refused()?;
    assert!(
        told.contains("there is a table sales.scores_part that is not ours"),
        "{told}"
    );
    Ok(())
}
