//! Which customers the table lists, and in which order.

use std::cmp::Ordering;

use churn_core::{Column, FeatureKind, Schema};

use crate::explorer::Explorer;
use crate::{family, ranking};

/// What decides the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Who is listed at all.
    pub audience: Audience,
    /// Words that must each occur in a row.
    pub search: String,
    /// Order of the rows.
    pub sort: Sort,
}

/// Who is listed, by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Customers who have not left: the ones who can still be kept.
    #[default]
    Active,
    /// All customers of the data.
    Everyone,
}

impl Audience {
    /// Whether a customer with an outcome belongs to it.
    pub fn holds(self, left: Option<bool>) -> bool {
        self == Self::Everyone || left != Some(true)
    }
}

/// A column and a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Column to sort by.
    pub key: SortKey,
    /// Largest first.
    pub descending: bool,
}

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// Customer id.
    Id,
    /// Estimated probability of leaving.
    Risk,
    /// Whether the customer left.
    Outcome,
    /// The family that weighs most.
    Reasons,
    /// A feature's value.
    Value(usize),
}

impl Default for Sort {
    /// Highest risk first.
    fn default() -> Self {
        Self::first_by(SortKey::Risk)
    }
}

impl Sort {
    /// The direction that a first click on a column gives.
    fn first_by(key: SortKey) -> Self {
        Self {
            key,
            descending: matches!(key, SortKey::Risk | SortKey::Outcome),
        }
    }

    /// The order after a click on a column: a second click turns it round.
    #[must_use]
    pub fn clicked(self, key: SortKey) -> Self {
        if self.key == key {
            Self {
                key,
                descending: !self.descending,
            }
        } else {
            Self::first_by(key)
        }
    }

    /// The order as the address spells it: `risk`, `-value.tenure`.
    pub fn text(self, schema: &Schema) -> String {
        let name = match self.key {
            SortKey::Id => "id".into(),
            SortKey::Risk => "risk".into(),
            SortKey::Outcome => "outcome".into(),
            SortKey::Reasons => "reasons".into(),
            SortKey::Value(feature) => {
                let feature = schema.features.get(feature);
                format!("value.{}", feature.map_or("", |f| &f.name))
            }
        };
        if self.descending {
            format!("-{name}")
        } else {
            name
        }
    }

    /// Reads what [`text`](Self::text) wrote.
    pub fn parse(text: &str, schema: &Schema) -> Option<Self> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let key = match name {
            "id" => SortKey::Id,
            "risk" => SortKey::Risk,
            "outcome" => SortKey::Outcome,
            "reasons" => SortKey::Reasons,
            _ => SortKey::Value(schema.position(name.strip_prefix("value.")?)?),
        };
        Some(Self { key, descending })
    }

    /// Puts rows in order; equal ones stay in the order of the data.
    fn apply(self, rows: &mut [u32], explorer: &Explorer) {
        let reasons = if self.key == SortKey::Reasons {
            leading_reasons(explorer)
        } else {
            Vec::new()
        };
        let order = |a: usize, b: usize| match self.key {
            SortKey::Id => explorer.id(a).cmp(explorer.id(b)),
            SortKey::Risk => explorer.probabilities[a].total_cmp(&explorer.probabilities[b]),
            SortKey::Outcome => explorer.data.label(a).cmp(&explorer.data.label(b)),
            SortKey::Reasons => reasons[a]
                .partial_cmp(&reasons[b])
                .unwrap_or(Ordering::Equal),
            SortKey::Value(feature) => match explorer.data.column(feature) {
                Column::Categorical(codes) => codes[a].cmp(&codes[b]),
                Column::Numeric(numbers) => numbers[a].total_cmp(&numbers[b]),
            },
        };
        ranking::sort(rows, &|a, b| {
            let order = order(a, b);
            if self.descending {
                order.reverse()
            } else {
                order
            }
        });
    }
}

/// Per customer the family that weighs most, and its sum, raising ones first.
fn leading_reasons(explorer: &Explorer) -> Vec<Option<(&str, f64)>> {
    (0..explorer.rows())
        .map(|row| {
            let ranked = family::ranked(&explorer.reasons, explorer.weights(row));
            ranked
                .first()
                .map(|(family, sum)| (family.label.as_str(), -sum))
        })
        .collect()
}

impl Listing {
    /// The listed customers in order.
    pub fn rows(&self, explorer: &Explorer) -> Vec<u32> {
        let words: Vec<Word> = self
            .search
            .split_whitespace()
            .map(|word| Word::new(word, explorer))
            .collect();
        let mut rows: Vec<u32> = (0..u32::try_from(explorer.rows()).unwrap_or(u32::MAX))
            .filter(|&row| {
                let row = row as usize;
                self.audience.holds(explorer.data.label(row))
                    && words.iter().all(|word| word.occurs(row, explorer))
            })
            .collect();
        self.sort.apply(&mut rows, explorer);
        rows
    }
}

/// A searched word, looked up once in the levels of every feature instead of in
/// every cell.
struct Word {
    text: String,
    /// Per feature, whether a level's text holds the word.
    levels: Vec<Vec<bool>>,
    /// The word could begin a number.
    numeric: bool,
}

impl Word {
    fn new(word: &str, explorer: &Explorer) -> Self {
        let text = word.to_ascii_lowercase();
        let levels = explorer
            .schema()
            .features
            .iter()
            .map(|feature| {
                let holds = |level: &String| level.to_ascii_lowercase().contains(&text);
                feature.levels().iter().map(holds).collect()
            })
            .collect();
        Self {
            numeric: text.starts_with(|c: char| c.is_ascii_digit() || c == '-'),
            levels,
            text,
        }
    }

    /// Whether the word occurs in the id or a value of a row; numbers match
    /// from their first digit.
    fn occurs(&self, row: usize, explorer: &Explorer) -> bool {
        if explorer.id(row).to_ascii_lowercase().contains(&self.text) {
            return true;
        }
        let features = explorer
            .data
            .columns()
            .iter()
            .zip(&explorer.schema().features);
        features
            .zip(&self.levels)
            .any(
                |((column, feature), levels)| match (column, &feature.kind) {
                    (Column::Categorical(codes), _) => {
                        levels.get(usize::from(codes[row])) == Some(&true)
                    }
                    (Column::Numeric(numbers), FeatureKind::Numeric { decimals }) => {
                        let decimals = usize::from(*decimals);
                        self.numeric
                            && format!("{:.decimals$}", numbers[row]).starts_with(&self.text)
                    }
                    _ => false,
                },
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    fn ids(listing: &Listing) -> Vec<String> {
        let explorer = explorer();
        let rows = listing.rows(&explorer).into_iter();
        rows.map(|row| explorer.id(row as usize).to_owned())
            .collect()
    }

    fn everyone(search: &str, key: SortKey, descending: bool) -> Listing {
        Listing {
            audience: Audience::Everyone,
            search: search.into(),
            sort: Sort { key, descending },
        }
    }

    #[test]
    fn lists_those_who_have_not_left_by_risk_at_first() {
        let explorer = explorer();
        let rows = Listing::default().rows(&explorer);
        assert!(
            rows.iter()
                .all(|&row| explorer.data.label(row as usize) == Some(false))
        );
        let risks = rows.iter().map(|&row| explorer.probabilities[row as usize]);
        assert!(risks.is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn every_word_must_occur_in_a_value_or_the_id() {
        let all = everyone("", SortKey::Id, false);
        assert_eq!(ids(&all).len(), explorer().rows());
        assert_eq!(
            ids(&everyone("c-3", SortKey::Id, false)),
            ["C-3", "C-30", "C-31"]
        );
        assert_eq!(ids(&everyone("MONTH c-30", SortKey::Id, false)), ["C-30"]);
        assert_eq!(ids(&everyone("nowhere", SortKey::Id, false)), [""; 0]);
    }

    #[test]
    fn a_number_matches_from_its_first_digit() {
        assert_eq!(ids(&everyone("35", SortKey::Id, false)), ["C-5"]);
    }

    #[test]
    fn sorts_by_any_column_both_ways() {
        let explorer = explorer();
        for key in [
            SortKey::Id,
            SortKey::Outcome,
            SortKey::Reasons,
            SortKey::Value(1),
        ] {
            let mut rows = everyone("", key, true).rows(&explorer);
            rows.sort_unstable();
            assert!(rows.into_iter().eq(0..32));
        }
        let tenure = everyone("", SortKey::Value(1), false).rows(&explorer);
        let Column::Numeric(numbers) = explorer.data.column(1) else {
            unreachable!("tenure is a number")
        };
        assert!(tenure.iter().map(|&row| numbers[row as usize]).is_sorted());
    }
}
