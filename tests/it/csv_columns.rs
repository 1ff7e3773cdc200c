//! What the columns of a CSV mean: missing values, targets, 0/1 columns, numbers,
//! columns left out. Each case is read, or refused with the exact words.

use churn_core::dataset::ReadOptions;
use churn_core::{Dataset, Value, progress};

use crate::csv_reading::{PLAIN, good, issues, left_out, options, refusal};

#[test]
fn blank_fields_are_missing() {
    let reading = good("id,Plan,Tenure,Churn\n1,,3,No\n2,full, ,Yes\n3,basic,5,\n4,basic,6,No\n");
    let data = &reading.dataset;
    assert_eq!(data.value(0, 0), Value::Missing);
    assert_eq!(data.value(1, 1), Value::Missing);
    assert_eq!(data.label(2), None);
    assert_eq!(data.complete_rows(), [2, 3]);
    assert!(reading.issues.is_empty());
}

#[test]
fn targets() {
    assert_eq!(
        refusal("id,Plan,Churn\n1,a,No\n2,b,No\n"),
        "Churn: expected two classes, got only 'No'"
    );
    assert_eq!(
        refusal("id,Plan,Churn\n1,a,\n2,b,\n"),
        "Churn: expected two classes, got no value"
    );
    assert_eq!(
        refusal("id,Plan,Churn\n1,a,No\n2,b,Yes\n3,a,Maybe\n"),
        "Churn: expected two classes, got 'Maybe', 'No', 'Yes' and more"
    );
    assert_eq!(
        refusal("id,Plan,Churn\n1,a,stays\n2,b,leaves\n"),
        "Churn: expected a positive class: 'leaves' or 'stays', got 'Yes'"
    );
    let reading = good("id,Plan,Churn\n1,a,0\n2,b,1\n3,a,0\n");
    let target = reading.dataset.schema().target.clone().expect("a target");
    assert!(target.flag, "a 0/1 target");
    assert_eq!(
        (target.negative.as_str(), target.positive.as_str()),
        ("No", "Yes")
    );
    assert_eq!(reading.dataset.label(1), Some(true));
    let options = ReadOptions {
        positive: Some("leaves".into()),
        ..options()
    };
    let text = b"id,Plan,Churn\n1,a,stays\n2,b,leaves\n";
    let reading = Dataset::read_csv(text, &options, &mut progress::ignore).expect("data");
    assert_eq!(reading.dataset.label(1), Some(true));
}

#[test]
fn flags() {
    let reading = good("id,Senior,Plan,Churn\n1,0,a,No\n2,1,b,Yes\n3,,a,No\n");
    let senior = &reading.dataset.schema().features[0];
    assert_eq!(senior.levels(), ["No", "Yes"]);
    assert_eq!(reading.dataset.value(1, 0), Value::Level(1));
    assert_eq!(reading.dataset.value(2, 0), Value::Missing);
    // Under the model's schema every spelling of it is read.
    let text = b"Senior,Plan\n1,a\nYes,a\n1.0,a\n0,a\nNo,a\n2,a\n";
    let schema = reading.dataset.schema();
    let again = Dataset::read_csv_as(text, schema, &mut progress::ignore).expect("data");
    let codes: Vec<Value> = (0..5).map(|row| again.dataset.value(row, 0)).collect();
    assert_eq!(codes, [1, 1, 1, 0, 0].map(Value::Level));
    assert_eq!(
        issues(&again),
        ["line 7, Senior: expected one of 'No', 'Yes', got '2'"]
    );
}

#[test]
fn columns_left_out() {
    let rows: String = (0..60)
        .map(|k| {
            format!(
                "{k},note {k},x,7,,{},{}\n",
                k % 2,
                if k % 3 == 0 { "Yes" } else { "No" }
            )
        })
        .collect();
    let reading = good(format!("id,Note,Same,Seven,Empty,Kept,Churn\n{rows}"));
    assert_eq!(
        left_out(&reading),
        [
            "Note: more than 50 different texts",
            "Same: constant: every value is 'x'",
            "Seven: constant: every value is 7",
            "Empty: empty",
        ]
    );
    assert_eq!(reading.dataset.schema().features.len(), 1);
}

/// A column that is left out costs no row.
#[test]
fn constant_column_with_a_stray_text() {
    let rows: String = (0..20)
        .map(|k| {
            let seven = if k == 4 { "x" } else { "7" };
            format!(
                "{k},{seven},{},{}\n",
                k * k,
                if k % 3 == 0 { "Yes" } else { "No" }
            )
        })
        .collect();
    let reading = good(format!("id,Seven,Square,Churn\n{rows}"));
    assert_eq!(left_out(&reading), ["Seven: constant: every value is 7"]);
    assert_eq!(reading.dataset.rows(), 20);
    assert!(reading.issues.is_empty(), "{:?}", reading.issues);
}

/// What is no finite number in range skips its row.
#[test]
fn numbers() {
    let mut text = "id,Tenure,Churn\n".to_owned();
    let strange = [
        "nan", "inf", "-inf", "1e999", "1_000", "0x10", "12%", "1e300",
    ];
    for (k, cell) in strange.iter().enumerate() {
        text += &format!("s{k},{cell},No\n");
    }
    let fine = ["1e3", "+5", "-0", ".5", "5.", "1E-2"];
    for (k, cell) in fine
        .iter()
        .chain(std::iter::repeat_n(&"3", 100))
        .enumerate()
    {
        text += &format!("f{k},{cell},{}\n", if k % 2 == 0 { "Yes" } else { "No" });
    }
    let reading = good(text);
    let data = &reading.dataset;
    let values: Vec<Value> = (0..6).map(|row| data.value(row, 0)).collect();
    assert_eq!(
        values,
        [1000.0, 5.0, -0.0, 0.5, 5.0, 0.01].map(Value::Number)
    );
    let want: Vec<String> = (2..)
        .zip(strange)
        .map(|(line, cell)| format!("line {line}, Tenure: expected a number, got '{cell}'"))
        .collect();
    assert_eq!(issues(&reading), want);
}

#[test]
fn known_schema() {
    let schema = good(PLAIN).dataset.schema().clone();
    let read = |text: &str| Dataset::read_csv_as(text.as_bytes(), &schema, &mut progress::ignore);
    // Columns in another order, one too many, no target, no id.
    let reading = read("Tenure,More,Plan\n3,x,full\n,x,basic\n").expect("data");
    assert_eq!(
        reading.dataset.row(0).0,
        [Value::Level(1), Value::Number(3.0)]
    );
    assert_eq!(reading.dataset.value(1, 1), Value::Missing);
    assert_eq!(reading.dataset.id(1), "2");
    assert_eq!(left_out(&reading), ["More: not used by the model"]);
    let reading = read("Plan,Tenure,Churn\nfull,3,Perhaps\ngold,3,No\nbasic,x,No\nbasic,1,No\n")
        .expect("data");
    assert_eq!(
        issues(&reading),
        [
            "line 2, Churn: expected 'No' or 'Yes', got 'Perhaps'",
            "line 3, Plan: expected one of 'basic', 'full', got 'gold'",
            "line 4, Tenure: expected a number, got 'x'",
        ]
    );
    let error = read("Plan,Churn\nfull,No\n").expect_err("a column is lacking");
    assert_eq!(
        error.to_string(),
        "Tenure: the data lacks this column: expected it among Plan, Churn"
    );
}
