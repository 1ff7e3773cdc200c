//! What MLflow takes, of its `mlflow/utils/validation.py` 3.17.2. Names and texts
//! that are too long would be cut or refused there; here they are shortened so
//! that it shows.

use churn_core::artefact::sha256;
use serde_json::{Value, json};

/// Most characters of a parameter's value.
pub const PARAM: usize = 6000;

/// Most characters of a tag's value.
pub const TAG: usize = 8000;

/// Most characters of the name of an experiment or a dataset.
pub const NAME: usize = 500;

/// Most characters of a dataset's digest.
pub const DIGEST: usize = 36;

/// Most parameters, and most tags, of a request.
pub const PARAMS: usize = 100;

/// Most metrics of a request.
pub const METRICS: usize = 1000;

/// Most characters of the name of a parameter, a metric or a tag.
const KEY: usize = 250;

/// Most bytes of the values of a request; of all of it MLflow takes a million.
const BYTES: usize = 900_000;

/// Characters of a hash that tell shortened names apart.
const SHORT: usize = 8;

/// A text of at most so many characters; what is left out is marked by `…`.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept = text.chars().take(most.saturating_sub(1));
    kept.chain(['…']).collect()
}

/// A name as MLflow takes it for a parameter, a metric or a tag: itself, or
/// something like it that no other name becomes.
pub fn key(name: &str) -> String {
    let fits = |c: char| c.is_alphanumeric() || "_-. :/".contains(c);
    // Names may become paths there.
    let is_path = name.split('/').any(|part| ["", ".", ".."].contains(&part));
    if !is_path && name.chars().all(fits) && name.chars().count() <= KEY {
        return name.to_owned();
    }
    let fits = |c: char| if fits(c) && c != '/' { c } else { '_' };
    let kept: String = name.chars().map(fits).take(KEY - SHORT - 1).collect();
    let hash = sha256(name.as_bytes());
    format!("{kept}-{}", hash.get(..SHORT).unwrap_or_default())
}

/// A number as MLflow keeps it: a token `NaN` would become 0 there.
pub fn number(value: f64) -> Value {
    match value {
        _ if value.is_finite() => json!(value),
        _ if value.is_nan() => json!("NaN"),
        _ if value > 0.0 => json!("Infinity"),
        _ => json!("-Infinity"),
    }
}

/// Values in groups that one request each may hold.
pub fn batches(values: &[Value], most: usize) -> Vec<Vec<Value>> {
    let mut batches: Vec<Vec<Value>> = Vec::new();
    let mut bytes = 0;
    for value in values {
        let length = value.to_string().len() + 1;
        match batches.last_mut() {
            Some(last) if last.len() < most && bytes + length <= BYTES => {
                last.push(value.clone());
                bytes += length;
            }
            _ => {
                batches.push(vec![value.clone()]);
                bytes = length;
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_and_told_apart() {
        for good in ["test_score", "env: rustc 1.95", "a/b.c", "größe"] {
            assert_eq!(key(good), good);
        }
        let long = "x".repeat(251);
        let wrong = ["", "a[0]", "a(0)", "a//b", "../a", "/", long.as_str()];
        let keys: Vec<String> = wrong.iter().map(|name| key(name)).collect();
        for (at, key) in keys.iter().enumerate() {
            assert!(key.chars().count() <= KEY && !key.contains('/'), "{key}");
            assert!(!keys[..at].contains(key), "{key}");
        }
        assert_eq!(keys[1], "a_0_-".to_owned() + &sha256(b"a[0]")[..SHORT]);
    }

    #[test]
    fn texts_are_shortened_by_characters() {
        assert_eq!(shortened("größe", 5), "größe");
        assert_eq!(shortened("größer", 5), "größ…");
    }

    #[test]
    fn batches_keep_to_number_and_size() {
        let small: Vec<Value> = (0..101).map(Value::from).collect();
        let lengths = |batches: &[Vec<Value>]| batches.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(lengths(&batches(&small, PARAMS)), [100, 1]);
        let large = vec![Value::from("x".repeat(400_000)); 5];
        assert_eq!(lengths(&batches(&large, PARAMS)), [2, 2, 1]);
        assert!(batches(&[], PARAMS).is_empty());
    }

    #[test]
    fn numbers_without_a_token_are_texts() {
        let told = [0.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(number);
        assert_eq!(
            json!(told).to_string(),
            r#"[0.1,"NaN","Infinity","-Infinity"]"#
        );
    }
}
