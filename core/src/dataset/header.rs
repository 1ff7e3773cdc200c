//! The header of a table: its column names.

use super::RowIssue;
use crate::error::{Error, ErrorCode, Result};
use crate::schema::repeated;

/// Every column must have a name of its own.
///
/// # Errors
/// [`ErrorCode::Data`] for a header without names or with one twice.
pub(crate) fn check_header(header: &[String]) -> Result<()> {
    let fail = |expected: &str, got: String| {
        Err(Error::mismatch(ErrorCode::Data, expected, got).at_line(1))
    };
    if let Some(at) = header.iter().position(String::is_empty) {
        return fail(
            "a name for every column",
            format!("none for column {}", at + 1),
        );
    }
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    if let Some(name) = repeated(&names) {
        return fail("distinct column names", format!("'{name}' twice"));
    }
    match header {
        [] => fail("a header line", "nothing".into()),
        [one] if one.contains([';', '\t']) => {
            fail("columns separated by commas", format!("'{one}'"))
        }
        _ => Ok(()),
    }
}

/// "1 field", "21 fields".
pub(crate) fn count(fields: usize) -> String {
    let plural = if fields == 1 { "" } else { "s" };
    format!("{fields} field{plural}")
}

/// The issue of a row with another number of fields than the header.
pub(crate) fn ragged(header: &[String], line: u32, got: String) -> RowIssue {
    RowIssue {
        line,
        column: None,
        expected: count(header.len()),
        got,
    }
}

/// The error for a column that should be in the header.
pub(crate) fn lacking(name: &str, header: &[String]) -> Error {
    Error::new(ErrorCode::Data, "the data lacks this column")
        .in_field(name)
        .expected(format!("it among {}", header.join(", ")))
}
