//! How CSV is written: marks, line breaks, quotes, encodings, broken rows. Each
//! case is read, or refused with the exact words.

use churn_core::{Dataset, ErrorCode, FeatureKind, Value};

use crate::csv_reading::{PLAIN, good, issues, options, refusal};

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
fn reading_can_be_cancelled() {
    let mut stop = |_| std::ops::ControlFlow::Break(());
    let error = Dataset::read_csv(PLAIN.as_bytes(), &options(), &mut stop).expect_err("cancelled");
    assert_eq!(error.code, ErrorCode::Cancelled);
}
