//! What a column of the table holds.

use churn_core::{FeatureKind, Schema};

use crate::explorer::Explorer;

/// A column of the table. The address and the storage call it by its
/// [`text`](Self::text).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKey {
    /// The user's marks.
    Star,
    /// Customer id.
    Id,
    /// Estimated probability of leaving.
    Risk,
    /// Whether the customer left.
    Outcome,
    /// What the model used the customer for.
    Part,
    /// The families that weigh most.
    Reasons,
    /// A feature's value.
    Value(usize),
    /// A feature's weight in the estimate.
    Weight(usize),
}

/// Columns that need no number, with their names.
const NAMED: [(ColumnKey, &str); 6] = [
    (ColumnKey::Star, "star"),
    (ColumnKey::Id, "id"),
    (ColumnKey::Risk, "risk"),
    (ColumnKey::Outcome, "outcome"),
    (ColumnKey::Part, "part"),
    (ColumnKey::Reasons, "reasons"),
];
const VALUE: &str = "value.";
const WEIGHT: &str = "weight.";

impl ColumnKey {
    /// Every column that the data has, in the order of the table: about the
    /// customer first, then the features, those that weigh most first.
    pub fn all(explorer: &Explorer) -> Vec<Self> {
        let mut all: Vec<Self> = NAMED.iter().map(|&(key, _)| key).collect();
        all.retain(|key| match key {
            Self::Outcome => explorer.has_outcomes(),
            Self::Part => explorer.has_parts(),
            _ => true,
        });
        for &feature in &explorer.columns {
            all.extend([Self::Value(feature), Self::Weight(feature)]);
        }
        all
    }

    /// Whether the column can be hidden.
    pub fn is_optional(self) -> bool {
        !matches!(self, Self::Star | Self::Id | Self::Risk)
    }

    /// Whether the column is shown until the user says otherwise.
    pub fn is_standard(self) -> bool {
        !matches!(self, Self::Part | Self::Weight(_))
    }

    /// Whether the largest come first at the first click.
    pub fn starts_descending(self) -> bool {
        matches!(
            self,
            Self::Star | Self::Risk | Self::Outcome | Self::Weight(_)
        )
    }

    /// The feature of a value or weight.
    pub fn feature(self) -> Option<usize> {
        match self {
            Self::Value(feature) | Self::Weight(feature) => Some(feature),
            _ => None,
        }
    }

    /// The column's name: `risk`, `value.tenure`, `weight.Contract`.
    pub fn text(self, schema: &Schema) -> String {
        let named = NAMED.iter().find(|(key, _)| *key == self);
        if let Some((_, name)) = named {
            return (*name).into();
        }
        let kind = match self {
            Self::Weight(_) => WEIGHT,
            _ => VALUE,
        };
        let feature = self.feature().and_then(|place| schema.features.get(place));
        format!("{kind}{}", feature.map_or("", |feature| &feature.name))
    }

    /// Reads what [`text`](Self::text) wrote.
    pub fn parse(text: &str, schema: &Schema) -> Option<Self> {
        if let Some((key, _)) = NAMED.iter().find(|(_, name)| *name == text) {
            return Some(*key);
        }
        match text.strip_prefix(WEIGHT) {
            Some(name) => schema.position(name).map(Self::Weight),
            None => schema.position(text.strip_prefix(VALUE)?).map(Self::Value),
        }
    }

    /// Whether its cells are numbers.
    pub fn is_numeric(self, schema: &Schema) -> bool {
        match self {
            Self::Weight(_) => true,
            Self::Value(feature) => {
                matches!(schema.features[feature].kind, FeatureKind::Numeric { .. })
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let explorer = explorer();
        let all = ColumnKey::all(&explorer);
        assert_eq!(all.len(), 6 + 2 * explorer.columns.len());
        for key in all {
            let text = key.text(explorer.schema());
            assert_eq!(ColumnKey::parse(&text, explorer.schema()), Some(key));
        }
        for text in ["", "value.", "weight.nothing", "tenure"] {
            assert_eq!(ColumnKey::parse(text, explorer.schema()), None, "{text}");
        }
    }
}
