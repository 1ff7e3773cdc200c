//! Documents in JSON: parsing whose errors name the field.

use serde::Deserialize;

use crate::error::{Error, ErrorCode, Result};

/// Parses a document; an error names the field (`scaling.mean[3]`) that it is
/// at, and says what the document should be (`what`).
///
/// # Errors
/// Of the given code.
// Inlined so that the parsing code, which is large and runs once, is generated
// in the caller's crate: the page builds that one for size.
#[inline]
pub fn parse<'a, T: Deserialize<'a>>(text: &'a str, code: ErrorCode, what: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| refused(text, &error, code, what))
}

fn refused(text: &str, error: &serde_json::Error, code: ErrorCode, what: &str) -> Error {
    let refused = Error::new(code, format!("not {what}: {error}"));
    let lines = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1));
    let end = lines.map(str::len).sum::<usize>() + error.column();
    let path = path(text.as_bytes().get(..end).unwrap_or(text.as_bytes()));
    if path.is_empty() {
        refused
    } else {
        refused.in_field(path)
    }
}

/// Where a cut document ends: keys and indexes from its root.
fn path(text: &[u8]) -> String {
    /// An open object with its last key (none before it), or an open array with its index.
    enum Open {
        Object(String),
        Array(usize),
    }
    let mut open = Vec::new();
    let mut string: Option<Vec<u8>> = None;
    let mut escaped = false;
    for &byte in text {
        if let Some(content) = &mut string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    if let Some(Open::Object(key)) = open.last_mut()
                        && key.is_empty()
                    {
                        *key = String::from_utf8_lossy(content).into_owned();
                    }
                    string = None;
                    continue;
                }
                _ => {}
            }
            content.push(byte);
            continue;
        }
        match byte {
            b'"' => string = Some(Vec::new()),
            b'{' => open.push(Open::Object(String::new())),
            b'[' => open.push(Open::Array(0)),
            b'}' | b']' => drop(open.pop()),
            b',' => match open.last_mut() {
                Some(Open::Array(index)) => *index += 1,
                Some(Open::Object(key)) => key.clear(),
                None => {}
            },
            _ => {}
        }
    }
    let mut path = String::new();
    for place in open {
        match place {
            Open::Object(key) if path.is_empty() || key.is_empty() => path.push_str(&key),
            Open::Object(key) => path.extend([".", &key]),
            Open::Array(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_field() {
        for (text, expected) in [
            (r#"{"a": {"b": [1, 2, nul"#, "a.b[2]"),
            (r#"{"a": "x, {", "b\"c": 1e999"#, r#"b\"c"#),
            (r#"[{"x": 1}, {"y": "#, "[1].y"),
            ("{", ""),
            (r#"{"a": {"b": 1}, "c": "d"}"#, ""),
            (r#"{"a": {"b": 1}"#, "a"),
            (r#"{"a": 1, "c""#, "c"),
        ] {
            assert_eq!(path(text.as_bytes()), expected);
        }
    }

    #[test]
    fn an_error_says_where() {
        #[derive(Debug, serde::Deserialize)]
        struct Document {
            #[expect(dead_code, reason = "only its parsing is looked at")]
            numbers: Vec<f64>,
        }
        let text = "{\n \"numbers\": [1.0, 1e999]}";
        let parsed = parse::<Document>(text, ErrorCode::Model, "a document");
        let error = parsed
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(
            error.starts_with("numbers[1]: not a document: number out of range"),
            "{error}"
        );
    }
}
