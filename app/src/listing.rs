//! Which customers the table lists.

use crate::explorer::Explorer;
use crate::filter::{Facts, Filter};

/// What decides the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Who is listed at all.
    pub audience: Audience,
    /// The filter, as text.
    pub query: String,
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

impl Listing {
    /// Those of the rows who are listed, in the order of the data. The filter is
    /// the query's.
    pub fn rows(&self, rows: &[u32], filter: &Filter, facts: &Facts<'_>) -> Vec<u32> {
        self.of_audience(filter.of(rows, facts), facts.explorer)
    }

    /// Those of the rows who are of the audience.
    pub fn of_audience(&self, mut rows: Vec<u32>, explorer: &Explorer) -> Vec<u32> {
        rows.retain(|&row| self.audience.holds(explorer.data.label(row as usize)));
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
    #[test]
    fn lists_those_who_have_not_left_at_first() {
        let explorer = explorer();
        let rows = rows(&Listing::default());
        assert!(
            rows.iter()
                .all(|&row| explorer.data.label(row as usize) == Some(false))
        );
    }

    #[test]
    fn lists_everyone_when_asked() {
        let listing = Listing {
            audience: Audience::Everyone,
            ..Listing::default()
        };
        assert!(rows(&listing).into_iter().eq(0..32));
    }
}
