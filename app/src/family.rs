//! Families: features that move together in the data, so that their weights
//! are read as a sum.

use churn_core::math::by_size;
use churn_core::{Preset, Schema};

use crate::text;

/// Some features and their common name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// Name to show.
    pub label: String,
    /// Features, by their place in the schema.
    pub features: Vec<usize>,
}

impl Family {
    /// The families of a preset, in its order; features it gives none to come
    /// last, together.
    pub fn of_preset(preset: &Preset, schema: &Schema) -> Vec<Self> {
        let family_of = |name: &str| {
            let feature = preset.features.iter().find(|f| f.name == name)?;
            preset.families.iter().position(|f| f.id == feature.family)
        };
        let mut families: Vec<Self> = preset
            .families
            .iter()
            .map(|family| Self::empty(&family.label))
            .chain([Self::empty(text::OTHER_FEATURES)])
            .collect();
        for (place, feature) in schema.features.iter().enumerate() {
            let family = family_of(&feature.name).unwrap_or(preset.families.len());
            families[family].features.push(place);
        }
        families.retain(|family| !family.features.is_empty());
        families
    }

    /// All features as one family.
    pub fn of_all(schema: &Schema) -> Self {
        Self {
            label: text::ALL_FEATURES.into(),
            features: (0..schema.features.len()).collect(),
        }
    }

    fn empty(label: &str) -> Self {
        Self {
            label: label.into(),
            features: Vec::new(),
        }
    }

    /// The sum of the members' weights.
    pub fn sum(&self, weights: &[f64]) -> f64 {
        self.features
            .iter()
            .filter_map(|&feature| weights.get(feature))
            .sum()
    }
}

/// The sum of each family.
pub fn sums(families: &[Family], weights: &[f64]) -> Vec<f64> {
    families.iter().map(|family| family.sum(weights)).collect()
}

/// Families by the size of their sum, largest first, with the sum.
pub fn ranked<'a>(families: &'a [Family], weights: &[f64]) -> Vec<(&'a Family, f64)> {
    let sums = sums(families, weights);
    let places = by_size(&sums).into_iter();
    places
        .map(|place| (&families[place], sums[place]))
        .collect()
}
