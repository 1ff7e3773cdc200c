//! CSV as people have it: each case is read, or refused with the exact words.

use churn_core::dataset::ReadOptions;
use churn_core::{Dataset, Error, FeatureKind, Reading, Value, progress};

fn options() -> ReadOptions {
    ReadOptions {
        target: Some("Churn".into()),
        ..ReadOptions::default()
    }
}

fn read(bytes: impl AsRef<[u8]>) -> Result<Reading, Error> {
    Dataset::read_csv(bytes.as_ref(), &options(), &mut progress::ignore)
}

#[track_caller]
fn good(bytes: impl AsRef<[u8]>) -> Reading {
    read(bytes).unwrap_or_else(|error| panic!("refused: {error}"))
}

/// The whole message of the refusal.
#[track_caller]
fn refusal(bytes: impl AsRef<[u8]>) -> String {
    match read(bytes) {
        Ok(reading) => panic!("read as {:?}", reading.dataset.schema()),
        Err(error) => error.to_string(),
    }
}

/// Skipped rows, in the words of the terminal.
fn issues(reading: &Reading) -> Vec<String> {
    let text = |issue| Error::from(issue).to_string();
    reading.issues.iter().map(text).collect()
}

/// Columns left out, with the reason.
fn left_out(reading: &Reading) -> Vec<String> {
    let text = |left: &churn_core::dataset::LeftOut| format!("{}: {}", left.column, left.reason);
    reading.left_out.iter().map(text).collect()
}

const PLAIN: &str = "id,Plan,Tenure,Churn\nA1,basic,3,No\nA2,full,14,Yes\nA3,basic,5,No\n";

#[test]
fn plain() {
    let reading = good(PLAIN);
    let data = &reading.dataset;
    assert_eq!(data.rows(), 3);
    assert_eq!(data.schema().id.as_deref(), Some("id"));
    assert_eq!(data.schema().features[0].levels(), ["basic", "full"]);
    assert_eq!(
        data.schema().features[1].kind,
        FeatureKind::Numeric { decimals: 0 }
    );
    assert_eq!(
        (data.id(1), data.label(1), data.line(1)),
        ("A2".into(), Some(true), 3)
    );
    assert_eq!(data.row(1).0, [Value::Level(1), Value::Number(14.0)]);
    assert!(reading.issues.is_empty() && reading.left_out.is_empty());
}

/// Byte order mark, CRLF, quotes, spaces around cells, no last line break: the
/// same data.
#[test]
fn other_ways_to_write_it() {
    let plain = good(PLAIN).dataset;
    let marked = format!("\u{feff}{PLAIN}");
    let crlf = PLAIN.replace('\n', "\r\n");
    let quoted = PLAIN
        .replace("basic", "\"basic\"")
        .replace("id,", "\"id\",");
    let spaced = PLAIN.replace(',', " , ");
    let blank_lines = PLAIN.replace('\n', "\n\n");
    let unfinished = PLAIN.trim_end().to_owned();
    for text in [marked, crlf, quoted, spaced, unfinished] {
        let data = good(&text).dataset;
        assert!(data == plain, "differs: {text:?}");
    }
    let data = good(&blank_lines).dataset;
    assert_eq!(data.rows(), 3);
    assert_eq!(
        [data.line(0), data.line(1), data.line(2)],
        [3, 5, 7],
        "lines in the file"
    );
}

#[test]
fn quotes_hold_anything() {
    let text =
        "id,Plan,Churn\r\n1,\"a, b\",No\r\n2,\"two\r\nlines\",Yes\r\n3,\"a \"\"b\"\"\",No\r\n";
    let reading = good(text);
    let plan = &reading.dataset.schema().features[0];
    assert_eq!(plan.levels(), ["a \"b\"", "a, b", "two\r\nlines"]);
}

#[test]
fn lines_of_issues_are_those_of_the_file() {
    for end in ["\n", "\r\n"] {
        let text = [
            "id,Plan,Tenure,Churn",
            "1,basic,3,No",
            "",
            "2,\"two",
            "lines\",4,Yes",
            "3,basic",
            "4,full,x,Yes",
        ];
        let numbers: String = (5..30).map(|k| format!("{end}{k},basic,{k},No")).collect();
        let reading = good(text.join(end) + &numbers);
        assert_eq!(
            issues(&reading),
            [
                "line 6: expected 4 fields, got 2 fields",
                "line 7, Tenure: expected a number, got 'x'",
            ],
            "line breaks {end:?}"
        );
        assert_eq!(reading.dataset.line(1), 4, "line breaks {end:?}");
        assert_eq!(
            reading.dataset.position(2),
            4,
            "skipped rows count in positions"
        );
    }
}

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
fn headers() {
    assert_eq!(
        refusal("id,Plan,Plan,Churn\n1,a,b,No\n"),
        "line 1: expected distinct column names, got 'Plan' twice"
    );
    assert_eq!(
        refusal("id,,Churn\n1,a,No\n"),
        "line 1: expected a name for every column, got none for column 2"
    );
    assert_eq!(
        refusal("id;Plan;Churn\n1;a;No\n"),
        "line 1: expected columns separated by commas, got 'id;Plan;Churn'"
    );
    assert_eq!(
        refusal("id,Plan\n1,a\n2,b\n"),
        "Churn: the data lacks this column: expected it among id, Plan"
    );
}

#[test]
fn nothing_there() {
    assert_eq!(refusal(""), "line 1: expected a header line, got nothing");
    assert_eq!(
        refusal("\n\n"),
        "line 1: expected a header line, got nothing"
    );
    assert_eq!(
        refusal("id,Plan,Churn\n"),
        "expected rows below the header, got none"
    );
    assert_eq!(
        refusal("id,Plan,Churn"),
        "expected rows below the header, got none"
    );
    assert_eq!(
        refusal("id,Plan,Churn\n1,a\n2,b\n"),
        "line 2: no row can be read; the first problem: expected 3 fields, got 2 fields"
    );
    assert_eq!(
        refusal("id,Plan,Churn\n1,a,No\n2,a,Yes\n"),
        "expected columns to learn from, got Plan: constant: every value is 'a'"
    );
}

#[test]
fn ragged_rows_are_skipped() {
    let reading = good("id,Plan,Churn\n1,a,No\n2,b\n3,a,Yes,more\n4,b,Yes\n5\n");
    assert_eq!(reading.dataset.rows(), 2);
    assert_eq!(
        issues(&reading),
        [
            "line 3: expected 3 fields, got 2 fields",
            "line 4: expected 3 fields, got 4 fields",
            "line 6: expected 3 fields, got 1 field",
        ]
    );
}

#[test]
fn other_encodings() {
    let reading = good(b"id,Plan,Churn\n1,caf\xe9,No\n2,a,Yes\n3,b,No\n");
    assert_eq!(
        issues(&reading),
        ["line 2, Plan: expected UTF-8 text, got other bytes"]
    );
    // Two halves of a character are text together, but not alone.
    let reading = good(b"id,Plan,Town,Churn\n1,\xc3,\xa9,No\n2,a,x,Yes\n3,b,y,No\n");
    assert_eq!(
        issues(&reading),
        ["line 2, Plan: expected UTF-8 text, got other bytes"]
    );
    assert_eq!(
        refusal(b"id,Pl\xe9n,Churn\n1,a,No\n"),
        "line 1: expected UTF-8 text, got other bytes"
    );
    let utf16 = |mark: [u8; 2], of: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.into_iter()
            .chain(PLAIN.encode_utf16().flat_map(of))
            .collect()
    };
    for text in [
        utf16([0xFF, 0xFE], u16::to_le_bytes),
        utf16([0xFE, 0xFF], u16::to_be_bytes),
    ] {
        assert_eq!(
            refusal(text),
            "expected UTF-8 text, got UTF-16: save it as UTF-8"
        );
    }
}

#[test]
fn unclosed_quote() {
    let reading = good("id,Plan,Churn\n1,a,No\n2,b,Yes\n3,\"a,No\n4,b,Yes\n5,a,No\n");
    assert_eq!(reading.dataset.rows(), 2);
    assert_eq!(
        issues(&reading),
        ["line 4: expected 3 fields, got 2 fields up to line 6; is a quote not closed?"]
    );
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

#[test]
fn reading_can_be_cancelled() {
    let mut stop = |_| std::ops::ControlFlow::Break(());
    let error = Dataset::read_csv(PLAIN.as_bytes(), &options(), &mut stop).expect_err("cancelled");
    assert_eq!(error.code, churn_core::ErrorCode::Cancelled);
}
