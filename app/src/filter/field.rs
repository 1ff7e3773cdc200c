//! What a condition can be about.

use std::borrow::Cow;

use churn_core::Column;

use super::Test;
use crate::explorer::{Explorer, Part};
use crate::text;

/// A fact of each customer: a level or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Customer id.
    Id,
    /// Estimated probability of leaving.
    Risk,
    /// Whether the customer left.
    Outcome,
    /// What the model used the customer for.
    Part,
    /// A feature's value.
    Value(usize),
    /// A feature's weight in the explanation.
    Weight(usize),
    /// The sum of a family's weights.
    Family(usize),
}

/// Fields that are no column, by the name that a query has for them.
pub const WORDS: [(&str, Field); 5] = [
    ("id", Field::Id),
    ("risk", Field::Risk),
    ("p", Field::Risk),
    ("outcome", Field::Outcome),
    ("part", Field::Part),
];
/// What a query calls the levels of the outcome, and who they are.
const OUTCOMES: [(&str, Option<bool>); 3] = [
    ("active", Some(false)),
    ("left", Some(true)),
    ("unknown", None),
];
/// What a query calls the parts, and which they are.
const PARTS: [(&str, Part); 3] = [
    ("training", Part::Training),
    ("held-out", Part::HeldOut),
    ("not-used", Part::NotUsed),
];

impl Test {
    /// The customer left, or did not.
    pub fn left(left: bool) -> Self {
        Self::Levels(Field::Outcome, vec![left.into()])
    }

    /// The customer was held out of the training.
    pub fn held_out() -> Self {
        Self::Levels(Field::Part, vec![1])
    }
}

impl Field {
    /// Every field of the data, in the order of the table.
    pub fn all(explorer: &Explorer) -> Vec<Self> {
        let mut fields = vec![Self::Risk];
        if explorer.has_outcomes() {
            fields.push(Self::Outcome);
        }
        if explorer.has_parts() {
            fields.push(Self::Part);
        }
        fields.push(Self::Id);
        let columns = || explorer.columns.iter().copied();
        fields.extend(columns().map(Self::Value));
        fields.extend((0..explorer.families.len()).map(Self::Family));
        fields.extend(columns().map(Self::Weight));
        fields
    }

    /// Name to show.
    pub fn label(self, explorer: &Explorer) -> String {
        match self {
            Self::Id => text::ID.into(),
            Self::Risk => text::RISK.into(),
            Self::Outcome => text::OUTCOME.into(),
            Self::Part => text::PART.into(),
            Self::Value(feature) => explorer.label(feature).into(),
            Self::Weight(feature) => text::weight_field(explorer.label(feature)),
            Self::Family(family) => text::weight_field(&explorer.families[family].label),
        }
    }

    /// Unit of its numbers.
    pub fn unit(self, explorer: &Explorer) -> Option<&str> {
        match self {
            Self::Value(feature) => explorer.unit(feature),
            _ => None,
        }
    }

    /// Whether it holds numbers rather than levels.
    pub fn is_numeric(self, explorer: &Explorer) -> bool {
        match self {
            Self::Value(feature) => explorer.feature(feature).is_numeric(),
            Self::Id | Self::Outcome | Self::Part => false,
            Self::Risk | Self::Weight(_) | Self::Family(_) => true,
        }
    }

    /// Its levels as a query spells them, in the order of their codes; none of
    /// a number or the id.
    pub fn levels(self, explorer: &Explorer) -> Vec<Cow<'_, str>> {
        match self {
            Self::Outcome => OUTCOMES.map(|(name, _)| name.into()).into(),
            Self::Part => PARTS.map(|(name, _)| name.into()).into(),
            Self::Value(feature) => {
                let levels = explorer.feature(feature).levels().iter();
                levels.map(|level| level.as_str().into()).collect()
            }
            Self::Id | Self::Risk | Self::Weight(_) | Self::Family(_) => Vec::new(),
        }
    }

    /// A level as it is shown.
    pub fn level(self, code: u8, explorer: &Explorer) -> String {
        let place = usize::from(code);
        match self {
            Self::Outcome => OUTCOMES
                .get(place)
                .map_or(String::new(), |(_, left)| text::outcome(*left).into()),
            Self::Part => PARTS
                .get(place)
                .map_or(String::new(), |(_, part)| text::part(*part).into()),
            _ => self
                .levels(explorer)
                .get(place)
                .map_or(String::new(), |level| level.clone().into_owned()),
        }
    }

    /// Reads the field's level off a row, by code.
    pub fn codes(self, explorer: &Explorer) -> Box<dyn Fn(usize) -> u8 + '_> {
        let code = |place: Option<usize>| place.and_then(|at| u8::try_from(at).ok());
        match self {
            Self::Outcome => Box::new(move |row| {
                let left = explorer.data.label(row);
                code(OUTCOMES.iter().position(|(_, of)| *of == left)).unwrap_or(u8::MAX)
            }),
            Self::Part => Box::new(move |row| {
                let part = explorer.part(row);
                code(PARTS.iter().position(|(_, of)| *of == part)).unwrap_or(u8::MAX)
            }),
            Self::Value(feature) => match explorer.data.column(feature) {
                Column::Categorical(codes) => Box::new(|row| codes[row]),
                Column::Numeric(_) => Box::new(|_| u8::MAX),
            },
            Self::Id | Self::Risk | Self::Weight(_) | Self::Family(_) => Box::new(|_| u8::MAX),
        }
    }

    /// Reads the field's number off a row; NaN where it has levels.
    pub fn numbers(self, explorer: &Explorer) -> Box<dyn Fn(usize) -> f64 + '_> {
        match self {
            Self::Risk => Box::new(|row| explorer.probabilities[row]),
            Self::Value(feature) => match explorer.data.column(feature) {
                Column::Numeric(numbers) => Box::new(|row| numbers[row]),
                Column::Categorical(_) => Box::new(|_| f64::NAN),
            },
            Self::Weight(feature) => Box::new(move |row| explorer.weights(row)[feature]),
            Self::Family(family) => {
                let family = &explorer.families[family];
                Box::new(|row| family.sum(explorer.weights(row)))
            }
            Self::Id | Self::Outcome | Self::Part => Box::new(|_| f64::NAN),
        }
    }
}
