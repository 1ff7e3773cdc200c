//! Which customers the table lists, and in which order.

use std::cmp::Ordering;

use churn_core::{Column, Schema};

use crate::explorer::Explorer;
use crate::filter::{Facts, Filter};
use crate::{family, ranking};

/// What decides the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Who is listed at all.
    pub audience: Audience,
    /// The filter, as text.
    pub query: String,
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
    /// Those of the rows who are listed, in order. The filter is the query's.
    pub fn rows(&self, rows: &[u32], filter: &Filter, facts: &Facts<'_>) -> Vec<u32> {
        let mut rows = self.of_audience(filter.of(rows, facts), facts.explorer);
        self.sort.apply(&mut rows, facts.explorer);
        rows
    }

    /// Those of the rows who are of the audience.
    pub fn of_audience(&self, mut rows: Vec<u32>, explorer: &Explorer) -> Vec<u32> {
        if self.audience == Audience::Active {
            rows.retain(|&row| explorer.data.label(row as usize) != Some(true));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    fn rows(listing: &Listing) -> Vec<u32> {
        let explorer = explorer();
        let facts = Facts {
            explorer: &explorer,
            starred: &|_| false,
        };
        let all: Vec<u32> = (0..32).collect();
        listing.rows(&all, &Filter::default(), &facts)
    }

    fn everyone(key: SortKey, descending: bool) -> Listing {
        Listing {
            audience: Audience::Everyone,
            sort: Sort { key, descending },
            ..Listing::default()
        }
    }

    #[test]
    fn lists_those_who_have_not_left_by_risk_at_first() {
        let explorer = explorer();
        let rows = rows(&Listing::default());
        assert!(
            rows.iter()
                .all(|&row| explorer.data.label(row as usize) == Some(false))
        );
        let risks = rows.iter().map(|&row| explorer.probabilities[row as usize]);
        assert!(risks.is_sorted_by(|a, b| a >= b));
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
            let mut sorted = rows(&everyone(key, true));
            sorted.sort_unstable();
            assert!(sorted.into_iter().eq(0..32));
        }
        let tenure = rows(&everyone(SortKey::Value(1), false));
        let Column::Numeric(numbers) = explorer.data.column(1) else {
            unreachable!("tenure is a number")
        };
        assert!(tenure.iter().map(|&row| numbers[row as usize]).is_sorted());
    }
}
