//! What reading CSV keeps to, whatever the bytes: shared by the property tests,
//! the kept cases and the fuzz target.

use churn_core::csv::CsvBatches;
use churn_core::dataset::ReadOptions;
use churn_core::{Dataset, Reading, progress};

/// Reads the bytes in every way there is.
pub fn check(bytes: &[u8]) {
    for options in ways(bytes) {
        check_under(bytes, &options);
    }
}

/// Reads the bytes, and what was read again under its own schema, at once and
/// in batches. Each ends with data or an error, and all of them agree.
pub fn check_under(bytes: &[u8], options: &ReadOptions) {
    let Ok(reading) = Dataset::read_csv(bytes, options, &mut progress::ignore) else {
        return;
    };
    check_reading(&reading);
    let schema = reading.dataset.schema();
    let again = Dataset::read_csv_as(bytes, schema, &mut progress::ignore)
        .expect("data under the schema that was inferred from it");
    check_reading(&again);
    assert_same(&reading, &again);
    let batches: Vec<Reading> = CsvBatches::new(bytes, schema, 2)
        .expect("the same header")
        .map(|batch| batch.expect("the same rows"))
        .collect();
    let rows: usize = batches.iter().map(|batch| batch.dataset.rows()).sum();
    let issues: usize = batches.iter().map(|batch| batch.issues.len()).sum();
    assert_eq!(rows, again.dataset.rows(), "rows in batches");
    assert_eq!(issues, again.issues.len(), "issues in batches");
}

/// Without a target, with the last column as the target, with few levels.
pub fn ways(bytes: &[u8]) -> [ReadOptions; 4] {
    let header = bytes
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let last = header
        .rsplit(|&byte| byte == b',')
        .next()
        .unwrap_or_default();
    let target = std::str::from_utf8(last)
        .ok()
        .map(|name| name.trim().to_owned());
    let with_target = |positive: Option<&str>| ReadOptions {
        target: target.clone(),
        positive: positive.map(str::to_owned),
        ..ReadOptions::default()
    };
    let few = ReadOptions {
        max_levels: 2,
        ..ReadOptions::default()
    };
    [
        ReadOptions::default(),
        with_target(None),
        with_target(Some("1")),
        few,
    ]
}

fn check_reading(reading: &Reading) {
    let data = &reading.dataset;
    data.schema().check().expect("a sound schema");
    for row in 0..data.rows() {
        data.row(row)
            .check(data.schema())
            .expect("values that fit the schema");
        let _ = (
            data.id(row),
            data.label(row),
            data.line(row),
            data.position(row),
        );
    }
    assert_eq!(
        data.select(&data.complete_rows()).rows(),
        data.complete_rows().len()
    );
}

fn assert_same(first: &Reading, second: &Reading) {
    let (a, b) = (&first.dataset, &second.dataset);
    // A row with two faults may be blamed on either.
    let lines = |reading: &Reading| -> Vec<u32> { reading.issues.iter().map(|i| i.line).collect() };
    assert_eq!(lines(first), lines(second), "lines of the issues");
    assert_eq!(a.rows(), b.rows(), "rows");
    for row in 0..a.rows() {
        assert_eq!(a.row(row), b.row(row), "row {row}");
        assert_eq!(a.label(row), b.label(row), "label of row {row}");
        assert_eq!(a.id(row), b.id(row), "id of row {row}");
        assert_eq!(a.position(row), b.position(row), "position of row {row}");
    }
}
