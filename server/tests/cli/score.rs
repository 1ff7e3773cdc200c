//! `churn score`.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use churn_core::{Dataset, ModelArtefact, Predictor, progress};

use crate::Failure;
use crate::program::{CUSTOMERS, Folder, Run};

#[test]
fn scores_every_customer_as_the_model_does() -> Result<(), Failure> {
    let folder = Folder::with_model("score-all")?;
    let run = folder
        .run(&[
            "score",
            "--model",
            "model.json",
            CUSTOMERS,
            "--out",
            "scores.csv",
        ])?
        .succeeded()?;
    assert_eq!(
        run.err(),
        "filled in missing values of 11 rows: TotalCharges 11\n\
         scored 7,043 customers: scores.csv\n"
    );
    let predictor = Predictor::new(ModelArtefact::from_json(&folder.read("model.json")?)?)?;
    let bytes = std::fs::read(CUSTOMERS)?;
    let schema = &predictor.artefact().schema;
    let reading = Dataset::read_csv_as(&bytes, schema, &mut progress::ignore)?;
    let (data, _) = predictor.complete_all(&reading.dataset);
    let expected: Vec<String> = predictor
        .probabilities(&data)
        .iter()
        .enumerate()
        .map(|(row, p)| {
            let decision = if *p >= 0.5 { "Yes" } else { "No" };
            format!("{},{p},{decision}", data.id(row))
        })
        .collect();
    let scores = folder.read("scores.csv")?;
    let mut lines = scores.lines();
    assert_eq!(lines.next(), Some("id,probability,decision"));
    assert!(lines.eq(expected));
    assert_eq!(folder.names()?, ["model.json", "scores.csv"]);
    Ok(())
}

#[test]
fn reasons_are_those_of_the_explanation() -> Result<(), Failure> {
    let folder = Folder::with_model("score-reasons")?;
    let score = ["score", "--model", "model.json", CUSTOMERS, "--out", "-"];
    let plain = folder.run(&score)?.succeeded()?.out();
    let told = folder.run(&[&score[..], &["--reasons", "2"]].concat())?;
    let told = told.succeeded()?.out();
    let explain = [
        "explain",
        "--model",
        "model.json",
        CUSTOMERS,
        "--top",
        "2",
        "--out",
        "-",
    ];
    let explained = folder.run(&explain)?.succeeded()?.out();
    let head = "id,probability,decision,reason_1,weight_1,reason_2,weight_2";
    assert_eq!(told.lines().next(), Some(head));
    let lines = told
        .lines()
        .skip(1)
        .zip(plain.lines().skip(1))
        .zip(explained.lines());
    let mut count = 0;
    for ((told, plain), explained) in lines {
        let reasons = told.strip_prefix(plain).ok_or("another score")?;
        let reasons: Vec<&str> = reasons.split(',').skip(1).collect();
        let explained: serde_json::Value = serde_json::from_str(explained)?;
        for pair in reasons.chunks(2) {
            let weight: f64 = pair[1].parse()?;
            assert_eq!(
                explained["weights"][pair[0]].as_f64(),
                Some(weight),
                "{told}"
            );
        }
        assert_eq!(reasons.len(), 4);
        count += 1;
    }
    assert_eq!(count, 7043);
    Ok(())
}

#[test]
fn skips_bad_rows_and_says_so() -> Result<(), Failure> {
    let folder = Folder::with_model("score-bad")?;
    let customers = std::fs::read_to_string(CUSTOMERS)?;
    let mut lines: Vec<String> = customers.lines().take(5).map(str::to_owned).collect();
    lines[2] = lines[2].replace(",DSL,", ",Carrier pigeon,");
    lines[4] = "a ragged row".into();
    folder.write("some.csv", lines.join("\n"))?;
    let run = folder
        .run(&["score", "--model", "model.json", "some.csv", "--out", "-"])?
        .succeeded()?;
    assert_eq!(run.out().lines().count(), 3);
    assert_eq!(
        run.err(),
        "skipped 2 rows:\n  \
         line 3, InternetService: expected one of 'DSL', 'Fiber optic', 'No', \
         got 'Carrier pigeon'\n  \
         line 5: expected 21 fields, got 1 field\n\
         scored 2 customers: standard output\n"
    );
    Ok(())
}

#[test]
fn a_file_without_a_usable_row_is_refused_and_nothing_written() -> Result<(), Failure> {
    let folder = Folder::with_model("score-none")?;
    let customers = std::fs::read_to_string(CUSTOMERS)?;
    let header = customers.lines().next().unwrap_or_default();
    folder.write("kept.csv", "as it was")?;
    let arguments = [
        "score",
        "--model",
        "model.json",
        "none.csv",
        "--out",
        "kept.csv",
    ];
    for (rows, told) in [
        ("", "none.csv: expected rows below the header, got none"),
        (
            "ragged",
            "no row fits the model; the first problem: expected 21",
        ),
    ] {
        folder.write("none.csv", format!("{header}\n{rows}"))?;
        let refused = folder.run(&arguments)?.refused()?;
        assert!(refused.contains(told), "{refused}");
    }
    assert_eq!(folder.read("kept.csv")?, "as it was");
    assert_eq!(folder.names()?, ["kept.csv", "model.json", "none.csv"]);
    Ok(())
}

#[test]
fn a_reader_that_has_enough_is_no_error() -> Result<(), Failure> {
    let folder = Folder::with_model("score-head")?;
    let mut child = folder
        .command(&["score", "--model", "model.json", CUSTOMERS, "--out", "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut first = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::with_capacity(64, out).read_line(&mut first)?;
    }
    let run = Run(child.wait_with_output()?).succeeded()?;
    assert_eq!(
        (first.as_str(), run.err().as_str()),
        ("id,probability,decision\n", "")
    );
    Ok(())
}
