//! What features and values are called.

use churn_core::imputation::Imputation;
use churn_core::preset::PresetFeature;
use churn_core::{FeatureKind, Value};

use super::Explorer;
use crate::{number, text};

impl Explorer {
    /// What the preset says of a feature.
    fn known(&self, feature: usize) -> Option<&PresetFeature> {
        self.preset.as_ref()?.feature(&self.feature(feature).name)
    }

    /// Name to show.
    pub fn label(&self, feature: usize) -> &str {
        self.known(feature)
            .map_or(&self.feature(feature).name, |known| &known.label)
    }

    /// Unit of a number.
    pub fn unit(&self, feature: usize) -> Option<&str> {
        self.known(feature)?.unit.as_deref()
    }

    /// What the feature means.
    pub fn help(&self, feature: usize) -> Option<&str> {
        Some(self.known(feature)?.help.as_str())
    }

    /// Whether the feature is protected by law from being a reason for unequal
    /// treatment.
    pub fn is_protected(&self, feature: usize) -> bool {
        self.known(feature).is_some_and(|known| known.protected)
    }

    /// Whether nobody could change the feature.
    pub fn is_immutable(&self, feature: usize) -> bool {
        self.known(feature).is_some_and(|known| known.immutable)
    }

    /// How a missing value of the feature is filled in.
    pub fn imputation(&self, feature: usize) -> String {
        match self.predictor.artefact().imputation.get(feature) {
            Some(Imputation::Product { of }) => {
                let factors = of.iter().filter_map(|name| self.schema().position(name));
                text::product(&factors.map(|factor| self.label(factor)).collect::<Vec<_>>())
            }
            Some(Imputation::Median { .. }) => text::MEDIAN.into(),
            Some(Imputation::MostFrequent { .. }) | None => text::MOST_FREQUENT.into(),
        }
    }

    /// A value as text, without its unit.
    pub fn text(&self, feature: usize, value: Value) -> String {
        let feature = self.feature(feature);
        match (value, &feature.kind) {
            (Value::Level(code), _) => feature
                .levels()
                .get(usize::from(code))
                .cloned()
                .unwrap_or_default(),
            (Value::Number(number), FeatureKind::Numeric { decimals }) => {
                number::value(number, *decimals)
            }
            _ => String::new(),
        }
    }

    /// A value as text, with its unit.
    pub fn text_with_unit(&self, feature: usize, value: Value) -> String {
        number::with_unit(&self.text(feature, value), self.unit(feature))
    }

    /// The level, or the range of numbers, that a code of LIME's population
    /// stands for.
    pub fn code_text(&self, feature: usize, code: usize) -> String {
        let background = &self.predictor.artefact().background.features[feature];
        let levels = self.feature(feature).levels();
        match (background.bins.get(code), levels.get(code)) {
            (Some(bin), _) => {
                let end = |number| self.text(feature, Value::Number(number));
                let range = format!("{}–{}", end(bin.low), end(bin.high));
                number::with_unit(&range, self.unit(feature))
            }
            (None, Some(level)) => level.clone(),
            (None, None) => String::new(),
        }
    }
}
