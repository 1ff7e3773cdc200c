//! Conditions in words.

use super::{Condition, Field, Range, Test};
use crate::explorer::Explorer;
use crate::{number, text};

/// Ids that are named; of more, the number is told.
const NAMED_IDS: usize = 3;

impl Condition {
    /// The condition in words: "Tenure < 6 months".
    pub fn words(&self, explorer: &Explorer) -> String {
        let words = match &self.test {
            Test::Levels(field, codes) => {
                let levels = codes.iter().map(|&code| field.level(code, explorer));
                let levels: Vec<String> = levels.collect();
                return text::level_condition(&field.label(explorer), &levels, self.negated);
            }
            Test::Ids(rows) => {
                let ids = rows
                    .iter()
                    .take(NAMED_IDS)
                    .map(|&row| explorer.id(row as usize));
                text::id_condition(&ids.collect::<Vec<_>>(), rows.len())
            }
            Test::Word(word) => text::searched(word),
            Test::Within(field, range) => range.words(*field, explorer),
            Test::Starred => text::STARRED.into(),
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
            Field::Risk => ((x * 1e6).round() / 1e4).to_string(),
            _ => number::readable(&x.to_string()),
        };
        let (sign, amount) = match self {
            Self::Below(x) => ("<", number(x)),
            Self::AtMost(x) => ("≤", number(x)),
            Self::Above(x) => (">", number(x)),
            Self::AtLeast(x) => ("≥", number(x)),
            Self::Exactly(x) => ("=", number(x)),
            Self::Between(low, high) => ("", format!("{}–{}", number(low), number(high))),
        };
        let unit = match field {
            Field::Risk => Some("%"),
            _ => field.unit(explorer),
        };
        let amount = number::with_unit(&amount, unit);
        let label = field.label(explorer);
        if sign.is_empty() {
            format!("{label} {amount}")
        } else {
            format!("{label} {sign} {amount}")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::explorer::sample::explorer;
    use crate::filter::Filter;

    #[test]
    fn conditions_are_put_into_words() {
        let explorer = explorer();
        for (query, words) in [
            ("c-3", "“c-3”"),
            ("-c-3", "not “c-3”"),
            ("contract:month,year", "contract: month, year"),
            ("-contract:month", "contract: not month"),
            ("tenure<6", "tenure < 6"),
            ("-tenure>=6.5", "not tenure ≥ 6.5"),
            ("tenure:6..12", "tenure 6–12"),
            ("p>57.3%", "Risk > 57.3%"),
            ("p:10%..20%", "Risk 10–20%"),
            ("weight(tenure)<=-0.1", "Weight of tenure ≤ −0.1"),
            ("outcome:left,unknown", "Outcome: Left, –"),
            ("part:held-out", "Part: Held-out"),
            ("id:C-3,C-30", "ID: C-3, C-30"),
            ("-id:C-1,C-2,C-3,C-4", "not ID: C-1, C-2, C-3, … (4)"),
            ("imputed", "Value filled in"),
            ("-starred", "not Starred"),
        ] {
            let filter = Filter::parse(query, &explorer).unwrap();
            assert_eq!(filter.conditions[0].words(&explorer), words);
        }
    }
}
