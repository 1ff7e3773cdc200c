//! A customer as the store keeps one: a byte per level, eight per number, and
//! a bit per feature that was filled in, if any was.

use churn_core::{Row, Schema, Value};

/// The record of a complete row.
pub fn encode(row: &Row, filled: &[usize]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(row.0.len() + 32);
    for value in &row.0 {
        match value {
            Value::Level(code) => bytes.push(*code),
            Value::Number(x) => bytes.extend(x.to_le_bytes()),
            // A complete row has none; such a record would not be read.
            Value::Missing => bytes.push(u8::MAX),
        }
    }
    if !filled.is_empty() {
        let start = bytes.len();
        bytes.resize(start + row.0.len().div_ceil(8), 0);
        for feature in filled {
            bytes[start + feature / 8] |= 1 << (feature % 8);
        }
    }
    bytes
}

/// The row of a record and the features that were filled in; none where the
/// record is not of this schema.
pub fn decode(bytes: &[u8], schema: &Schema) -> Option<(Row, Vec<usize>)> {
    let mut rest = bytes;
    let mut values = Vec::with_capacity(schema.features.len());
    for feature in &schema.features {
        values.push(if feature.is_numeric() {
            let (number, after) = rest.split_first_chunk()?;
            rest = after;
            Value::Number(f64::from_le_bytes(*number))
        } else {
            let (code, after) = rest.split_first()?;
            rest = after;
            Value::Level(*code)
        });
    }
    let row = Row(values);
    row.check(schema).ok()?;
    let bits = schema.features.len().div_ceil(8);
    let filled = match rest.len() {
        0 => Vec::new(),
        len if len == bits => (0..schema.features.len())
            .filter(|at| rest[at / 8] >> (at % 8) & 1 == 1)
            .collect(),
        _ => return None,
    };
    Some((row, filled))
}

#[cfg(test)]
mod tests {
    use churn_core::{Feature, FeatureKind};

    use super::*;

    fn schema() -> Schema {
        let levels = (b'a'..b'l').map(|c| char::from(c).to_string()).collect();
        let plan = FeatureKind::Categorical {
            levels,
            flag: false,
        };
        let spend = FeatureKind::Numeric { decimals: 2 };
        Schema {
            id: None,
            target: None,
            features: [("plan", plan), ("spend", spend)]
                .map(|(name, kind)| Feature {
                    name: name.into(),
                    kind,
                })
                .into(),
        }
    }

    #[test]
    fn reads_back_to_the_bit() {
        let row = Row(vec![Value::Level(3), Value::Number(0.1 + 0.2)]);
        for filled in [vec![], vec![1], vec![0, 1]] {
            let bytes = encode(&row, &filled);
            assert_eq!(decode(&bytes, &schema()), Some((row.clone(), filled)));
        }
        assert_eq!(encode(&row, &[]).len(), 9);
    }

    #[test]
    fn another_schemas_record_is_not_read() {
        let row = Row(vec![Value::Level(3), Value::Number(1.0)]);
        let bytes = encode(&row, &[]);
        assert_eq!(decode(&bytes[1..], &schema()), None);
        assert_eq!(
            decode(&[bytes.as_slice(), &[0, 0]].concat(), &schema()),
            None
        );
        assert_eq!(decode(&[99, 0, 0, 0, 0, 0, 0, 0, 0], &schema()), None);
    }
}
