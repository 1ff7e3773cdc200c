//! Conditions in words.

use super::{Condition, Field, Range, Test};
use crate::explorer::Explorer;
use crate::{number, text};

impl Condition {
    /// The condition in words: "Tenure < 6 months".
    pub fn words(&self, explorer: &Explorer) -> String {
        let words = match &self.test {
            Test::Levels(field, codes) => {
                let levels = codes.iter().map(|&code| field.level(code, explorer));
                let levels: Vec<String> = levels.collect();
                return text::level_condition(&field.label(explorer), &levels, self.negated);
            }
            Test::Word(word) => text::searched(word),
            Test::Within(field, range) => range.words(*field, explorer),
            Test::Starred => text::WITH_STAR.into(),
            Test::Imputed => text::FILLED_IN.into(),
        };
        if self.negated {
            text::not(&words)
        } else {
            words
        }
    }
}

impl Range {
    fn words(self, field: Field, explorer: &Explorer) -> String {
        let number = |x: f64| match field {
            Field::Risk => format!("{}%", (x * 1e6).round() / 1e4),
            _ => number::with_unit(&x.to_string(), field.unit(explorer)),
        };
        let (sign, amount) = match self {
            Self::Below(x) => ("<", number(x)),
            Self::AtMost(x) => ("≤", number(x)),
            Self::Above(x) => (">", number(x)),
            Self::AtLeast(x) => ("≥", number(x)),
            Self::Exactly(x) => ("=", number(x)),
            Self::Between(low, high) => ("", format!("{}–{}", number(low), number(high))),
        };
        let label = field.label(explorer);
        if sign.is_empty() {
            format!("{label} {amount}")
        } else {
            format!("{label} {sign} {amount}")
        }
    }
}
