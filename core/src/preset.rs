//! Optional knowledge about a dataset, as data: labels, units, families, links.
//!
//! Everything works without a preset; with one, names become readable, weights
//! of features that move together are summed by family, and edits can carry
//! their consequences along.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode, Result};
use crate::json;
use crate::schema::{Schema, repeated};

/// What is known about a dataset beyond its columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Name of the dataset.
    pub name: String,
    /// Where the data is from, and its licence.
    pub source: String,
    /// Column that identifies a customer.
    pub id: String,
    /// Column to predict.
    pub target: String,
    /// Class of those who leave.
    pub positive: String,
    /// Groups of features that move together, in display order.
    pub families: Vec<Family>,
    /// Knowledge about single features.
    pub features: Vec<PresetFeature>,
    /// How to fill missing numbers in.
    #[serde(default)]
    pub imputation: Vec<ProductRule>,
    /// How columns hang together.
    #[serde(default)]
    pub links: Vec<Link>,
}

/// A group of features that move together in the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Name to refer to it by.
    pub id: String,
    /// Name to show.
    pub label: String,
}

/// What is known about one feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresetFeature {
    /// Column name.
    pub name: String,
    /// Name to show.
    pub label: String,
    /// Unit of a number.
    #[serde(default)]
    pub unit: Option<String>,
    /// One sentence of help.
    pub help: String,
    /// Nobody can change it by an offer.
    #[serde(default)]
    pub immutable: bool,
    /// Protected by law from being a reason for unequal treatment.
    #[serde(default)]
    pub protected: bool,
    /// [`Family::id`] of its group.
    pub family: String,
}

/// A number that is the product of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRule {
    /// Column that is missing.
    pub feature: String,
    /// Columns whose product it is.
    pub product: Vec<String>,
}

/// A level of a categorical feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelOf {
    /// Column name.
    pub feature: String,
    /// Level.
    pub level: String,
}

/// A known dependency between columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Link {
    /// A level forces levels of other features.
    Forces {
        /// The level that forces.
        when: LevelOf,
        /// The levels it forces.
        then: Vec<LevelOf>,
    },
    /// A number follows from levels as from a price list (least squares).
    PriceList {
        /// The number.
        number: String,
        /// The features it follows.
        of: Vec<String>,
    },
    /// A number is close to the product of others.
    Product {
        /// The number.
        number: String,
        /// The factors.
        of: Vec<String>,
    },
}

impl Preset {
    /// Reads a preset and checks that what it refers to is in it.
    ///
    /// # Errors
    /// [`ErrorCode::Preset`].
    // Inlined for the size of the page, see `json::parse`.
    #[inline]
    pub fn from_json(text: &str) -> Result<Self> {
        let preset: Self = json::parse(text, ErrorCode::Preset, "a preset")?;
        let names: Vec<&str> = preset.features.iter().map(|f| f.name.as_str()).collect();
        if let Some(name) = repeated(&names) {
            let error = Error::mismatch(ErrorCode::Preset, "each feature once", "it twice");
            return Err(error.in_field(name));
        }
        for feature in &preset.features {
            if !preset
                .families
                .iter()
                .any(|family| family.id == feature.family)
            {
                let got = format!("'{}'", feature.family);
                let error = Error::mismatch(ErrorCode::Preset, "a family of the preset", got);
                return Err(error.in_field(&feature.name));
            }
        }
        Ok(preset)
    }

    /// Whether the preset speaks of a table with these columns: all that it
    /// names are there.
    pub fn fits(&self, columns: &[String]) -> bool {
        let has = |name: &String| columns.contains(name);
        has(&self.id) && has(&self.target) && self.features.iter().all(|f| has(&f.name))
    }

    /// Whether the preset speaks of data under this schema.
    pub fn fits_schema(&self, schema: &Schema) -> bool {
        self.features
            .iter()
            .all(|f| schema.position(&f.name).is_some())
    }

    /// What is known about a feature.
    pub fn feature(&self, name: &str) -> Option<&PresetFeature> {
        self.features.iter().find(|f| f.name == name)
    }
}
