//! Wrong input: one line on standard error, exit code 2, nothing written.

use crate::Failure;
use crate::program::{CUSTOMERS, Folder, SMALL, SMALL_OPTIONS};

/// Runs the program, which must refuse, and compare what it says.
fn refuses(folder: &Folder, arguments: &[&str], told: &str) -> Result<(), Failure> {
    let before = folder.names()?;
    let refused = folder.run(arguments)?.refused()?;
    assert!(refused.contains(told), "{arguments:?}: {refused}");
    assert_eq!(folder.names()?, before, "{arguments:?}");
    Ok(())
}

#[test]
fn wrong_options() -> Result<(), Failure> {
    let folder = Folder::new("wrong-options")?;
    let train = |options: &[&str], told: &str| {
        let arguments = [&["train", CUSTOMERS, "--out", "model.json"], options].concat();
        refuses(&folder, &arguments, told)
    };
    train(
        &["--solver=magic"],
        "[possible values: newton-cholesky, lbfgs]",
    )?;
    train(&["--target=Left"], "Left: the data lacks this column")?;
    train(&["--id=Number"], "Number: the data lacks this column")?;
    train(
        &["--positive=Maybe"],
        "expected a positive class: 'No' or 'Yes', got 'Maybe'",
    )?;
    train(&["--target=Contract"], "Contract: expected two classes")?;
    train(&["--c=0"], "C: expected a number above 0, got 0")?;
    train(&["--c=nan"], "C: expected a number above 0, got NaN")?;
    train(&["--c=1", "--cv=5"], "cannot be used with")?;
    train(&["--cv=1"], "cross-validation: expected 2 to")?;
    train(&["--scoring=accuracy"], "--cv <FOLDS>")?;
    train(
        &["--test-fraction=1"],
        "test fraction: expected 0 up to below 1, got 1",
    )?;
    train(
        &["--balanced", "--solver=lbfgs"],
        "solver: weights need the solver",
    )?;
    train(&["--holdout-ids=none.txt"], "cannot read none.txt")?;
    refuses(&folder, &["train", CUSTOMERS], "--out <FILE>")?;
    refuses(&folder, &["dance"], "unrecognized subcommand 'dance'")
}

#[test]
fn wrong_files() -> Result<(), Failure> {
    let folder = Folder::new("wrong-files")?;
    let train =
        |data: &str, out: &str, told: &str| refuses(&folder, &["train", data, "--out", out], told);
    train(
        "none.csv",
        "model.json",
        "cannot read none.csv: No such file",
    )?;
    train(".", "model.json", "cannot read .: ")?;
    train(
        CUSTOMERS,
        "none/model.json",
        "cannot write none/model.json: No such file",
    )?;
    train(CUSTOMERS, ".", "cannot write .: it is a folder")?;
    folder.write("empty.csv", "")?;
    train(
        "empty.csv",
        "model.json",
        "empty.csv: line 1: expected a header line",
    )?;
    folder.write("utf16.csv", b"\xff\xfea\0,\0b\0\n\0")?;
    train(
        "utf16.csv",
        "model.json",
        "utf16.csv: expected UTF-8 text, got UTF-16",
    )
}

#[test]
fn wrong_tables() -> Result<(), Failure> {
    let folder = Folder::new("wrong-tables")?;
    let header = SMALL.lines().next().unwrap_or_default();
    for (table, told) in [
        (
            format!("{header}\n"),
            "expected rows below the header, got none",
        ),
        (
            format!("{header}\na,free\n"),
            "expected 4 fields, got 2 fields",
        ),
        (
            SMALL.replace("yes", "no"),
            "left: expected two classes, got only 'no'",
        ),
        (
            SMALL.replace(",left", ",plan"),
            "expected distinct column names",
        ),
    ] {
        folder.write("small.csv", table)?;
        let arguments = ["train", "small.csv", "--out", "model.json"];
        refuses(&folder, &[&arguments[..], &SMALL_OPTIONS].concat(), told)?;
    }
    Ok(())
}

#[test]
fn wrong_models() -> Result<(), Failure> {
    let folder = Folder::with_model("wrong-models")?;
    let model = folder.read("model.json")?;
    let score = |told: &str| {
        let arguments = [
            "score",
            "--model=broken.json",
            CUSTOMERS,
            "--out=scores.csv",
        ];
        refuses(&folder, &arguments, told)
    };
    score("cannot read broken.json")?;
    for (broken, told) in [
        ("{".to_owned(), "broken.json: not a model document: EOF"),
        (
            model.replace("\"version\":1", "\"version\":2"),
            "broken.json: version: expected 1, got 2",
        ),
        (
            model.replacen("\"coefficients\":[", "\"coefficients\":[0,", 1),
            "broken.json: model.coefficients: expected ",
        ),
    ] {
        folder.write("broken.json", broken)?;
        score(told)?;
    }
    Ok(())
}

#[test]
fn wrong_customers() -> Result<(), Failure> {
    let folder = Folder::with_model("wrong-customers")?;
    folder.write("small.csv", SMALL)?;
    for command in ["score", "explain"] {
        let arguments = [command, "--model=model.json", "small.csv", "--out=result"];
        refuses(
            &folder,
            &arguments,
            "small.csv: gender: the data lacks this column",
        )?;
    }
    let explain = |options: &str, told: &str| {
        let arguments = [
            "explain",
            "--model=model.json",
            CUSTOMERS,
            "--out=result",
            options,
        ];
        refuses(&folder, &arguments, told)
    };
    explain(
        "--method=guess",
        "[possible values: exact, sampled, contributions]",
    )?;
    explain("--top=0", "expected a number from 1 up, or all")?;
    let arguments = [
        "explain",
        "--model=model.json",
        CUSTOMERS,
        "--method=sampled",
        "--samples=1",
        "--out=result",
    ];
    refuses(
        &folder,
        &arguments,
        "samples: expected 10 to 1000000, got 1",
    )
}

#[test]
fn help_is_no_error() -> Result<(), Failure> {
    let folder = Folder::new("help")?;
    for arguments in [&["--help"][..], &["help", "train"], &["--version"]] {
        let run = folder.run(arguments)?.succeeded()?;
        assert!(!run.out().is_empty() && run.err().is_empty());
    }
    Ok(())
}

#[test]
fn wrong_addresses() -> Result<(), Failure> {
    let folder = Folder::new("wrong-addresses")?;
    let simulate =
        |options: &[&str], told: &str| refuses(&folder, &[&["simulate"], options].concat(), told);
    let expected = "--url: expected an address such as http://127.0.0.1:8080";
    simulate(&["--url=127.0.0.1:8080"], expected)?;
    simulate(&["--url=ftp://127.0.0.1"], expected)?;
    for scheme in ["http", "https"] {
        let address = format!("{scheme}://127.0.0.1:1");
        simulate(&["--url", &address], &format!("{address}: "))?;
    }
    simulate(&["--url=http://127.0.0.1:1", "--drift=much"], "'much'")
}
