//! Edited values of a customer, as the page's address holds them.

use churn_core::{Feature, FeatureKind, Row, Schema, Value};

use crate::number;

/// Column names and texts of values, in the order of the edits.
pub type Edits = Vec<(String, String)>;

/// The values of some features by column name.
pub fn write(row: &Row, features: &[usize], schema: &Schema) -> Edits {
    let named = features.iter().map(|&place| {
        let feature = &schema.features[place];
        (feature.name.clone(), text(row.value(place), feature))
    });
    named.collect()
}

/// The places of the edited features, in the order of the edits.
pub fn order(edits: &[(String, String)], schema: &Schema) -> Vec<usize> {
    let places = edits.iter().filter_map(|(name, _)| schema.position(name));
    places.collect()
}

/// The original with the edits applied, and the edits that cannot be.
pub fn apply(original: &Row, edits: &[(String, String)], schema: &Schema) -> (Row, Edits) {
    let mut row = original.clone();
    let mut refused = Vec::new();
    for (name, text) in edits {
        let value = schema
            .position(name)
            .and_then(|place| Some((place, parse(text, schema.features.get(place)?)?)));
        match value {
            Some((place, value)) => row.0[place] = value,
            None => refused.push((name.clone(), text.clone())),
        }
    }
    (row, refused)
}

/// A value as the address spells it.
fn text(value: Value, feature: &Feature) -> String {
    match value {
        Value::Level(code) => feature
            .levels()
            .get(usize::from(code))
            .cloned()
            .unwrap_or_default(),
        Value::Number(number) => number.to_string(),
        Value::Missing => String::new(),
    }
}

/// A typed or linked text as a value of the feature.
pub fn parse(text: &str, feature: &Feature) -> Option<Value> {
    match feature.kind {
        FeatureKind::Categorical { .. } => feature.code_of(text).map(Value::Level),
        FeatureKind::Numeric { .. } => number::parse(text).map(Value::Number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_come_back_and_nonsense_is_refused() {
        let schema = Schema {
            id: None,
            target: None,
            features: vec![
                Feature {
                    name: "plan".into(),
                    kind: FeatureKind::Categorical {
                        levels: vec!["A".into(), "B".into()],
                        flag: false,
                    },
                },
                Feature {
                    name: "price".into(),
                    kind: FeatureKind::Numeric { decimals: 2 },
                },
            ],
        };
        let original = Row(vec![Value::Level(0), Value::Number(20.0)]);
        let edited = Row(vec![Value::Level(1), Value::Number(20.05)]);
        let written = write(&edited, &[1, 0], &schema);
        assert_eq!(apply(&original, &written, &schema), (edited, vec![]));
        assert_eq!(order(&written, &schema), [1, 0]);

        let nonsense = [
            ("plan", "C"),
            ("price", "NaN"),
            ("price", "many"),
            ("size", "1"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()));
        let (row, refused) = apply(&original, &nonsense, &schema);
        assert_eq!(row, original);
        assert_eq!(refused, nonsense);
    }
}
