//! The order of the table: one column, or more for those that are equal.

use std::sync::Arc;

use churn_core::Schema;
use churn_core::ranks::Ranks;

use crate::column_key::ColumnKey;

/// Most columns that decide together.
const MOST: usize = 3;

/// A column and a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Column to sort by.
    pub key: ColumnKey,
    /// Largest first.
    pub descending: bool,
}

/// What rows are sorted by, the first column first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order(Vec<Sort>);

impl Default for Order {
    /// Highest risk first.
    fn default() -> Self {
        Self(vec![Sort::first_by(ColumnKey::Risk)])
    }
}

impl Sort {
    /// The direction that a first click on a column gives.
    fn first_by(key: ColumnKey) -> Self {
        Self {
            key,
            descending: key.starts_descending(),
        }
    }

    /// The name of the column, a minus before it where the largest come first.
    fn text(self, schema: &Schema) -> String {
        let name = self.key.text(schema);
        if self.descending {
            format!("-{name}")
        } else {
            name
        }
    }

    /// Reads what [`text`](Self::text) wrote.
    fn parse(text: &str, schema: &Schema) -> Option<Self> {
        let name = text.strip_prefix('-');
        let key = ColumnKey::parse(name.unwrap_or(text), schema)?;
        Some(Self {
            key,
            descending: name.is_some(),
        })
    }
}

impl Order {
    /// The columns, the one that decides first.
    pub fn sorts(&self) -> &[Sort] {
        &self.0
    }

    /// Where a column stands among those that decide, and its direction.
    pub fn of(&self, key: ColumnKey) -> Option<(usize, Sort)> {
        let place = self.0.iter().position(|sort| sort.key == key)?;
        Some((place, self.0[place]))
    }

    /// The order after a click on a column: alone, or with `further` behind
    /// the columns that decide already. A second click turns it round.
    #[must_use]
    pub fn clicked(&self, key: ColumnKey, further: bool) -> Self {
        let found = self.of(key);
        let turned = found.map_or_else(
            || Sort::first_by(key),
            |(_, sort)| Sort {
                key,
                descending: !sort.descending,
            },
        );
        let mut sorts = self.0.clone();
        match found {
            Some((place, _)) if further || sorts.len() == 1 => sorts[place] = turned,
            None if further => {
                sorts.truncate(MOST - 1);
                sorts.push(turned);
            }
            _ => sorts = vec![Sort::first_by(key)],
        }
        Self(sorts)
    }

    /// The columns as the address spells them: `-risk`, `value.tenure`.
    pub fn texts(&self, schema: &Schema) -> Vec<String> {
        self.0.iter().map(|sort| sort.text(schema)).collect()
    }

    /// Reads what [`texts`](Self::texts) wrote; what it does not know it
    /// leaves out.
    pub fn parse<'a>(texts: impl Iterator<Item = &'a str>, schema: &Schema) -> Self {
        let mut sorts: Vec<Sort> = Vec::new();
        for text in texts {
            let sort = Sort::parse(text, schema);
            if let Some(sort) = sort.filter(|new| sorts.iter().all(|old| old.key != new.key)) {
                sorts.push(sort);
            }
        }
        sorts.truncate(MOST);
        if sorts.is_empty() {
            Self::default()
        } else {
            Self(sorts)
        }
    }

    /// Puts rows in order; equal ones keep theirs.
    pub fn apply(&self, rows: &[u32], ranks: impl Fn(ColumnKey) -> Arc<Ranks>) -> Vec<u32> {
        let mut rows = rows.to_vec();
        for sort in self.0.iter().rev() {
            rows = ranks(sort.key).sort(&rows, sort.descending);
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;
    use crate::ranks::ranks;
    use churn_core::{Column, Method};

    const CONTRACT: ColumnKey = ColumnKey::Value(0);
    const TENURE: ColumnKey = ColumnKey::Value(1);

    fn rows(order: &Order) -> Vec<u32> {
        let explorer = explorer();
        let all: Vec<u32> = (0..32).collect();
        let rank = |key| Arc::new(ranks(&explorer, key, Method::Exact));
        order.apply(&all, rank)
    }

    #[test]
    fn the_highest_risk_comes_first_at_first() {
        let explorer = explorer();
        let rows = rows(&Order::default()).into_iter();
        let risks = rows.map(|row| explorer.probabilities[row as usize]);
        assert!(risks.is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn a_further_column_decides_among_equals() {
        let explorer = explorer();
        let order = Order::default()
            .clicked(CONTRACT, false)
            .clicked(TENURE, true)
            .clicked(TENURE, true);
        let (Column::Categorical(contract), Column::Numeric(tenure)) =
            (explorer.data.column(0), explorer.data.column(1))
        else {
            unreachable!("a level and a number")
        };
        let sorted = rows(&order);
        assert!(sorted.is_sorted_by(|&a, &b| {
            let (a, b) = (a as usize, b as usize);
            (contract[a], -tenure[a]) <= (contract[b], -tenure[b])
        }));
        let mut all = sorted;
        all.sort_unstable();
        assert!(all.into_iter().eq(0..32));
    }

    #[test]
    fn equal_rows_keep_the_order_of_the_data_both_ways() {
        for descending in [false, true] {
            let rows = rows(&Order(vec![Sort {
                key: CONTRACT,
                descending,
            }]));
            let first: Vec<u32> = (0..32)
                .filter(|row| row % 2 == u32::from(descending))
                .collect();
            assert_eq!(rows[..16], first);
        }
    }

    #[test]
    fn a_click_alone_forgets_the_further_columns() {
        let order = Order::default()
            .clicked(TENURE, false)
            .clicked(TENURE, false);
        assert_eq!(order.texts(explorer().schema()), ["-value.tenure"]);
        let order = order.clicked(ColumnKey::Id, true).clicked(TENURE, true);
        assert_eq!(order.texts(explorer().schema()), ["value.tenure", "id"]);
        let order = order.clicked(ColumnKey::Id, false);
        assert_eq!(order.texts(explorer().schema()), ["id"]);
    }

    #[test]
    fn an_order_comes_back_from_its_texts() {
        let explorer = explorer();
        let texts = ["-value.contract", "weight.tenure", "id"];
        let order = Order::parse(texts.into_iter(), explorer.schema());
        assert_eq!(order.texts(explorer.schema()), texts);
        let odd = ["nothing", "-id", "id"];
        let order = Order::parse(odd.into_iter(), explorer.schema());
        assert_eq!(order.texts(explorer.schema()), ["-id"]);
        let none = Order::parse([].into_iter(), explorer.schema());
        assert_eq!(none, Order::default());
    }
}
