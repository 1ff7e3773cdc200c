//! Names, kinds and levels of the features, and the target.

use serde::{Deserialize, Serialize};

use crate::decimal;
use crate::error::{Error, ErrorCode, Result};

/// Level code of a missing categorical value.
pub const MISSING: u8 = u8::MAX;

/// Most levels a categorical feature can have, so that a code fits a byte and
/// [`MISSING`] stays free.
pub const MOST_LEVELS: usize = MISSING as usize;

/// Largest number, in size, that data and models may hold: beyond it whole
/// numbers are not exact, and no sum or product of what is in range overflows.
pub const LARGEST_NUMBER: f64 = 1e15;

/// Whether a number may be in data or a model: finite and in range.
pub fn is_number(x: f64) -> bool {
    x.abs() <= LARGEST_NUMBER
}

/// What a dataset's columns mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Column that identifies a customer.
    pub id: Option<String>,
    /// Column that says who left.
    pub target: Option<Target>,
    /// Everything the model sees, in the order of the data's columns.
    pub features: Vec<Feature>,
}

/// The column to predict and its two classes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Column name.
    pub name: String,
    /// Class of those who stay (label `false`).
    pub negative: String,
    /// Class of those who leave (label `true`); probabilities are of this one.
    pub positive: String,
    /// The column holds 0 and 1, read as No and Yes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flag: bool,
}

/// One column the model sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Column name.
    pub name: String,
    /// Numeric or categorical.
    pub kind: FeatureKind,
}

/// Numeric or categorical.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FeatureKind {
    /// A finite number.
    Numeric {
        /// Most decimals seen in the data: 0 for whole numbers.
        decimals: u8,
    },
    /// One of a few texts.
    Categorical {
        /// Levels in code-point order; a level's code is its place here.
        levels: Vec<String>,
        /// The column holds 0 and 1, read as No and Yes.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        flag: bool,
    },
}

impl Feature {
    /// Levels of a categorical feature; empty for a numeric one.
    pub fn levels(&self) -> &[String] {
        match &self.kind {
            FeatureKind::Categorical { levels, .. } => levels,
            FeatureKind::Numeric { .. } => &[],
        }
    }

    /// Whether the feature is numeric.
    pub fn is_numeric(&self) -> bool {
        matches!(self.kind, FeatureKind::Numeric { .. })
    }

    /// Columns it takes in the design matrix: one per level, or one.
    pub fn width(&self) -> usize {
        match &self.kind {
            FeatureKind::Categorical { levels, .. } => levels.len(),
            FeatureKind::Numeric { .. } => 1,
        }
    }

    /// Code of a level's text. A 0/1 column takes its own spelling, too.
    pub fn code_of(&self, text: &str) -> Option<u8> {
        let FeatureKind::Categorical { levels, flag } = &self.kind else {
            return None;
        };
        let text = if *flag { flag_level(text) } else { text };
        levels
            .iter()
            .position(|level| level == text)
            .and_then(|code| u8::try_from(code).ok())
    }
}

/// The first name that stands twice.
pub(crate) fn repeated<'a>(names: &[&'a str]) -> Option<&'a str> {
    let twice = |(at, name): (usize, &&'a str)| names[..at].contains(name).then_some(*name);
    names.iter().enumerate().find_map(twice)
}

/// The text that a 0 or 1 of a flag column is read as.
pub(crate) fn flag_level(text: &str) -> &str {
    match text {
        "0" => "No",
        "1" => "Yes",
        // Other spellings of the numbers: 00, 1.0, +1.
        other => match decimal::parse(other) {
            Some(0.0) => "No",
            Some(1.0) => "Yes",
            _ => other,
        },
    }
}

impl Schema {
    /// Position of a feature by name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.features.iter().position(|f| f.name == name)
    }

    /// Checks what a schema from outside must keep: distinct names, at least
    /// one feature, 1 to [`MOST_LEVELS`] distinct levels in code-point order.
    ///
    /// # Errors
    /// [`ErrorCode::Model`], naming the feature.
    pub fn check(&self) -> Result<()> {
        let fail = |name: &str, expected: &str, got: String| {
            Err(Error::mismatch(ErrorCode::Model, expected, got).in_field(name))
        };
        if self.features.is_empty() {
            return fail("schema.features", "at least one feature", "none".into());
        }
        let mut names: Vec<&str> = self.features.iter().map(|f| f.name.as_str()).collect();
        names.extend(self.id.as_deref());
        names.extend(self.target.as_ref().map(|t| t.name.as_str()));
        if let Some(name) = repeated(&names) {
            return fail(name, "distinct column names", "the name twice".into());
        }
        if let Some(target) = &self.target
            && target.negative == target.positive
        {
            return fail(&target.name, "two classes", target.positive.clone());
        }
        for feature in &self.features {
            if let FeatureKind::Categorical { levels, .. } = &feature.kind {
                if levels.is_empty() || levels.len() > MOST_LEVELS {
                    let expected = format!("1 to {MOST_LEVELS} levels");
                    return fail(&feature.name, &expected, levels.len().to_string());
                }
                if let Some(pair) = levels.windows(2).find(|w| w[0] >= w[1]) {
                    let got = format!("'{}' before '{}'", pair[0], pair[1]);
                    return fail(&feature.name, "levels in code-point order", got);
                }
            }
        }
        Ok(())
    }
}
