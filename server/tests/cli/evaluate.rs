//! `churn evaluate`.

use serde_json::Value;

use crate::Failure;
use crate::program::{CUSTOMERS, Folder};

const JSON: [&str; 5] = ["evaluate", "--model", "model.json", CUSTOMERS, "--json"];

#[test]
fn measures_the_rows_held_out_of_the_same_data() -> Result<(), Failure> {
    let folder = Folder::with_model("evaluate-held-out")?;
    let evaluation: Value = serde_json::from_str(&folder.run(&JSON)?.succeeded()?.out())?;
    let model: Value = serde_json::from_str(&folder.read("model.json")?)?;
    assert_eq!(evaluation["rows"], "held_out");
    assert_eq!(evaluation["imputed_rows"], 0);
    let (measured, recorded) = (&evaluation["metrics"], &model["training"]["test"]);
    assert_eq!(measured["confusion"], recorded["confusion"]);
    let rows = |cell: &str| recorded["confusion"][cell].as_u64().ok_or("no count");
    let left = rows("true_positives")? + rows("false_negatives")?;
    assert_eq!(evaluation["report"]["positive"]["support"], left);
    for score in ["roc_auc", "average_precision", "log_loss", "brier", "ece"] {
        let of = |metrics: &Value| metrics[score].as_f64().ok_or(score);
        // The rows come in another order, so sums may differ in the last digits.
        let difference = (of(measured)? - of(recorded)?).abs();
        assert!(difference < 1e-12, "{score}: {difference}");
    }

    let table = folder
        .run(&["evaluate", "--model", "model.json", CUSTOMERS])?
        .succeeded()?
        .out();
    assert!(
        table.starts_with("1,758 customers held out of training\n"),
        "{table}"
    );
    assert!(table.contains("rated Yes"), "{table}");
    Ok(())
}

#[test]
fn measures_all_rows_of_other_data() -> Result<(), Failure> {
    let folder = Folder::with_model("evaluate-all")?;
    // One blank line less or more makes another file of the same customers.
    let customers = std::fs::read_to_string(CUSTOMERS)?;
    folder.write("other.csv", format!("{customers}\n"))?;
    let run = folder
        .run(&["evaluate", "--model", "model.json", "other.csv", "--json"])?
        .succeeded()?;
    let evaluation: Value = serde_json::from_str(&run.out())?;
    assert_eq!(evaluation["rows"], "all");
    assert_eq!(evaluation["metrics"]["rows"], 7043);
    assert_eq!(evaluation["imputed_rows"], 11);
    assert_eq!(
        run.err(),
        "filled in missing values of 11 rows: TotalCharges 11\n"
    );
    Ok(())
}

#[test]
fn measures_the_given_ids() -> Result<(), Failure> {
    let folder = Folder::with_model("evaluate-ids")?;
    folder.write("ids.txt", "7590-VHVEG\n5575-GNVDE\n")?;
    let with_ids = [&JSON[..], &["--ids", "ids.txt"]].concat();
    let evaluation: Value = serde_json::from_str(&folder.run(&with_ids)?.succeeded()?.out())?;
    assert_eq!(evaluation["rows"], "ids");
    assert_eq!(evaluation["metrics"]["rows"], 2);

    folder.write("ids.txt", "7590-VHVEG\nnobody\n")?;
    let refused = folder.run(&with_ids)?.refused()?;
    assert!(refused.contains("got 'nobody' and 0 more"), "{refused}");
    Ok(())
}

#[test]
fn needs_labels() -> Result<(), Failure> {
    let folder = Folder::with_model("evaluate-labels")?;
    let customers = std::fs::read_to_string(CUSTOMERS)?;
    let unlabelled: String = customers
        .lines()
        .take(3)
        .filter_map(|line| line.rsplit_once(','))
        .map(|(features, _)| format!("{features}\n"))
        .collect();
    folder.write("unlabelled.csv", unlabelled)?;
    let refused = folder
        .run(&["evaluate", "--model", "model.json", "unlabelled.csv"])?
        .refused()?;
    assert_eq!(
        refused,
        "error: unlabelled.csv: Churn: no row has a label: expected 'No' or 'Yes'"
    );
    Ok(())
}
