//! Which customers the table lists.

use churn_core::{Column, FeatureKind};

use crate::explorer::Explorer;

/// What decides the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Who is listed at all.
    pub audience: Audience,
    /// Words that must each occur in a row.
    pub search: String,
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

impl Listing {
    /// The listed customers, in the order of the data.
    pub fn rows(&self, explorer: &Explorer) -> Vec<u32> {
        let words: Vec<Word> = self
            .search
            .split_whitespace()
            .map(|word| Word::new(word, explorer))
            .collect();
        (0..u32::try_from(explorer.rows()).unwrap_or(u32::MAX))
            .filter(|&row| {
                let row = row as usize;
                (self.audience == Audience::Everyone || explorer.data.label(row) != Some(true))
                    && words.iter().all(|word| word.occurs(row, explorer))
            })
            .collect()
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

    fn ids(search: &str) -> Vec<String> {
        let explorer = explorer();
        let listing = Listing {
            audience: Audience::Everyone,
            search: search.into(),
        };
        let rows = listing.rows(&explorer).into_iter();
        rows.map(|row| explorer.id(row as usize).to_owned())
            .collect()
    }

    #[test]
    fn lists_those_who_have_not_left_at_first() {
        let explorer = explorer();
        let rows = Listing::default().rows(&explorer);
        assert!(
            rows.iter()
                .all(|&row| explorer.data.label(row as usize) == Some(false))
        );
    }

    #[test]
    fn every_word_must_occur_in_a_value_or_the_id() {
        assert_eq!(ids("").len(), explorer().rows());
        assert_eq!(ids("c-3"), ["C-3", "C-30", "C-31"]);
        assert_eq!(ids("MONTH c-30"), ["C-30"]);
        assert_eq!(ids("nowhere"), [""; 0]);
    }

    #[test]
    fn a_number_matches_from_its_first_digit() {
        assert_eq!(ids("35"), ["C-5"]);
    }
}
