//! The column that says who left.

use crate::dataset::{DatasetBuilder, ReadOptions, RowIssue};
use crate::error::{Error, ErrorCode, Result};
use crate::math::ordered;
use crate::schema::{Target, flag_level};

/// The target's two classes.
pub fn target(
    table: &DatasetBuilder,
    at: usize,
    options: &ReadOptions,
    skipped: &[Option<RowIssue>],
) -> Result<Target> {
    let name = table.header()[at].clone();
    let fail = |expected: String, got: String| {
        Err(Error::mismatch(ErrorCode::Target, expected, got).in_field(&name))
    };
    let mut classes: Vec<&str> = Vec::new();
    for (row, skip) in skipped.iter().enumerate() {
        let cell = table.cell(row, at);
        if cell.is_empty() || skip.is_some() || classes.contains(&cell) {
            continue;
        }
        classes.push(cell);
        if classes.len() > 2 {
            return fail(
                "two classes".into(),
                format!("'{}' and more", ordered(&classes).join("', '")),
            );
        }
    }
    let classes = ordered(&classes);
    let flag = classes == ["0", "1"];
    let classes: Vec<&str> = if flag {
        classes.into_iter().map(flag_level).collect()
    } else {
        classes
    };
    let &[first, second] = classes.as_slice() else {
        return match classes.first() {
            Some(one) => fail("two classes".into(), format!("only '{one}'")),
            None => fail("two classes".into(), "no value".into()),
        };
    };
    let wanted = match options.positive.as_deref() {
        Some(positive) if flag => flag_level(positive),
        Some(positive) => positive,
        None => "Yes",
    };
    let negative = match (first == wanted, second == wanted) {
        (true, _) => second,
        (_, true) => first,
        _ => {
            let expected = format!("a positive class: '{first}' or '{second}'");
            return fail(expected, format!("'{wanted}'"));
        }
    };
    Ok(Target {
        name,
        negative: negative.into(),
        positive: wanted.into(),
        flag,
    })
}
