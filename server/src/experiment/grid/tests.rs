//! Grids as they are read and refused.

use super::*;

fn choices(text: &str) -> Result<Vec<Choice>> {
    Grid::parse(text)?.choices()
}

fn refused(text: &str) -> String {
    let told = choices(text).err().map(|error| error.to_string());
    told.unwrap_or_default()
}

#[test]
fn a_grid_is_the_product_of_its_lists() -> Result<()> {
    let text = "[[grid]]\nmodel = \"logistic\"\nc = [0.1, 1]\nbalanced = [false, true]\n\
                leave-out = [[], [\"tenure\"]]\n[[grid]]\nmodel = \"svm\"\nkernel = [\"linear\", \"rbf\"]\n";
    let choices = choices(text)?;
    assert_eq!(choices.len(), 10);
    let told = |at: usize, name: &str| choices[at].params().get(name).cloned();
    assert_eq!(told(0, "c").as_deref(), Some("0.1"));
    assert_eq!(told(0, "leave_out"), None);
    assert_eq!(told(1, "leave_out").as_deref(), Some("tenure"));
    assert_eq!(told(2, "balanced").as_deref(), Some("true"));
    assert_eq!(told(4, "c").as_deref(), Some("1"));
    assert_eq!(told(9, "kernel").as_deref(), Some("rbf"));
    assert_eq!(told(9, "solver"), None);
    Ok(())
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let logistic = |more: &str| refused(&format!("[[grid]]\nmodel = \"logistic\"\n{more}\n"));
    let told = logistic("colour = [1]");
    assert!(
        told.starts_with("line 3: not a grid: unknown field `colour`, expected one of"),
        "{told}"
    );
    let told = logistic("c = [\"x\"]");
    assert!(
        told.starts_with("line 3: not a grid: invalid type: string \"x\", expected f64"),
        "{told}"
    );
    for (more, expected) in [
        (
            "c = [1]\ncv = [5]",
            "grid 1, cv: expected either c or cv, got both",
        ),
        (
            "scoring = [\"accuracy\"]",
            "grid 1, scoring: expected cv beside it, got none",
        ),
        (
            "kernel = [\"rbf\"]",
            "grid 1, kernel: expected no such field for a logistic regression, got kernel",
        ),
        (
            "solver = [\"saga\"]",
            "grid 1, solver: expected newton-cholesky or lbfgs, got 'saga'",
        ),
        ("c = []", "grid 1, c: expected at least one value, got none"),
        (
            "c = [1, 1.0]",
            "grid 1: expected each run once, got runs 1 and 2 alike",
        ),
        (
            "cv = [5]\nscoring = [\"f1\"]",
            "grid 1, scoring: expected accuracy, log_loss or roc_auc, got 'f1'",
        ),
    ] {
        assert_eq!(logistic(more), expected);
    }
    let told = refused("[[grid]]\nmodel = \"svm\"\nmax-iterations = [10]\n");
    assert!(
        told.starts_with("grid 1, max-iterations: expected tolerance instead"),
        "{told}"
    );
    let told = refused("[[grid]]\nmodel = \"svm\"\nc = [0.0]\n");
    assert_eq!(told, "grid 1, c: expected a number above 0, got 0");
    assert!(refused("name = \"x\"\n").contains("missing field `grid`"));
}
