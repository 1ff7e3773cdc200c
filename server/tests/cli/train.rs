//! `churn train`.

use churn_core::ModelArtefact;
use churn_core::train::Solver;

use crate::Failure;
use crate::program::{CUSTOMERS, Folder, SMALL, SMALL_OPTIONS};

#[test]
fn learns_the_known_customers_without_options() -> Result<(), Failure> {
    let folder = Folder::new("train-known")?;
    let run = folder
        .run(&["train", CUSTOMERS, "--out", "model.json"])?
        .succeeded()?;
    assert!(run.out().is_empty());
    for told in [
        "7,043 rows, 11 incomplete, 0 skipped",
        "19: 3 numeric, 16 categorical",
        "newton-cholesky, C = 1",
        "converged",
        "1,758 rows: accuracy 0.79",
        "wrote     model.json",
    ] {
        assert!(run.err().contains(told), "{told} in {}", run.err());
    }
    let artefact = ModelArtefact::from_json(&folder.read("model.json")?)?;
    assert_eq!(artefact.training.held_out.len(), 1758);
    assert_eq!(artefact.training.seed, Some(42));
    assert_eq!(folder.names()?, ["model.json"]);
    Ok(())
}

#[test]
fn writes_to_standard_output_and_repeats_itself() -> Result<(), Failure> {
    let folder = Folder::with_model("train-stdout")?;
    let run = folder
        .run(&["train", CUSTOMERS, "--out", "-"])?
        .succeeded()?;
    assert_eq!(run.out(), folder.read("model.json")?);
    assert!(run.err().contains("wrote     standard output"));
    Ok(())
}

#[test]
fn takes_its_options() -> Result<(), Failure> {
    let folder = Folder::new("train-options")?;
    let run = folder
        .run(&[
            "train",
            CUSTOMERS,
            "--solver=lbfgs",
            "--cv=3",
            "--scoring=roc_auc",
            "--test-fraction=0.1",
            "--seed=7",
            "--out=model.json",
        ])?
        .succeeded()?;
    assert!(run.err().contains("chosen by 3 folds"), "{}", run.err());
    let record = ModelArtefact::from_json(&folder.read("model.json")?)?.training;
    assert_eq!((record.solver, record.seed), (Solver::Lbfgs, Some(7)));
    assert_eq!(record.held_out.len(), 704);

    folder
        .run(&["train", CUSTOMERS, "--balanced", "--out=model.json"])?
        .succeeded()?;
    let record = ModelArtefact::from_json(&folder.read("model.json")?)?.training;
    assert!(record.balanced);
    Ok(())
}

#[test]
fn holds_out_the_ids_of_a_file() -> Result<(), Failure> {
    let folder = Folder::new("train-ids")?;
    folder.write("ids.txt", "\u{feff}5575-GNVDE\r\n\r\n7590-VHVEG\r\n")?;
    folder
        .run(&[
            "train",
            CUSTOMERS,
            "--holdout-ids=ids.txt",
            "--out=model.json",
        ])?
        .succeeded()?;
    let record = ModelArtefact::from_json(&folder.read("model.json")?)?.training;
    assert_eq!((record.held_out, record.seed), (vec![0, 1], None));

    folder.write("ids.txt", "nobody\n")?;
    let refused = folder
        .run(&["train", CUSTOMERS, "--holdout-ids=ids.txt", "--out=x.json"])?
        .refused()?;
    assert!(refused.contains("'nobody'"), "{refused}");
    Ok(())
}

#[test]
fn an_unknown_table_needs_a_target() -> Result<(), Failure> {
    let folder = Folder::new("train-unknown")?;
    folder.write("small.csv", SMALL)?;
    let refused = folder
        .run(&["train", "small.csv", "--out", "model.json"])?
        .refused()?;
    assert_eq!(
        refused,
        "error: name the column to predict with --target: \
         expected one of key, plan, spend, left"
    );
    let arguments = [
        &["train", "small.csv", "--out", "model.json"],
        &SMALL_OPTIONS[..],
    ]
    .concat();
    let run = folder.run(&arguments)?.succeeded()?;
    assert!(run.err().contains("nothing was held out"), "{}", run.err());
    let schema = ModelArtefact::from_json(&folder.read("model.json")?)?.schema;
    assert_eq!(schema.id.as_deref(), Some("key"));
    Ok(())
}

#[test]
fn tells_ten_skipped_rows_and_counts_the_others() -> Result<(), Failure> {
    let folder = Folder::new("train-skipped")?;
    let table = format!("{SMALL}{}", "x,free\n".repeat(12));
    folder.write("small.csv", table)?;
    let arguments = [
        &["train", "small.csv", "--out", "model.json"],
        &SMALL_OPTIONS[..],
    ]
    .concat();
    let told = folder.run(&arguments)?.succeeded()?.err();
    assert!(told.contains("8 rows, 0 incomplete, 12 skipped"), "{told}");
    assert!(
        told.contains("  line 10: expected 4 fields, got 2 fields"),
        "{told}"
    );
    assert!(told.contains("  line 19: "), "{told}");
    assert!(!told.contains("  line 20: "), "{told}");
    assert!(told.contains("  and 2 more"), "{told}");
    Ok(())
}
