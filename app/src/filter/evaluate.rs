//! Which customers satisfy a filter.

use super::word::Word;
use super::{Condition, Filter, Test};
use crate::explorer::Explorer;

/// What conditions are about.
pub struct Facts<'a> {
    /// The customers.
    pub explorer: &'a Explorer,
    /// Whether the user starred a customer.
    pub starred: &'a dyn Fn(u32) -> bool,
}

impl Filter {
    /// Those of the rows that satisfy every condition, in their order.
    pub fn of(&self, rows: &[u32], facts: &Facts<'_>) -> Vec<u32> {
        let mut rows = rows.to_vec();
        for condition in &self.conditions {
            let test = condition.compile(facts);
            rows.retain(|&row| test(row as usize) != condition.negated);
        }
        rows
    }
}

impl Condition {
    /// The test of the condition on a row, with all that can be looked up once
    /// looked up.
    fn compile<'a>(&'a self, facts: &Facts<'a>) -> Box<dyn Fn(usize) -> bool + 'a> {
        let explorer = facts.explorer;
        match &self.test {
            Test::Word(word) => {
                let word = Word::new(word, explorer);
                Box::new(move |row| word.occurs(row))
            }
            Test::Levels(field, codes) => {
                let mut among = [false; 256];
                for &code in codes {
                    among[usize::from(code)] = true;
                }
                let code = field.codes(explorer);
                Box::new(move |row| among[usize::from(code(row))])
            }
            Test::Ids(rows) => {
                let mut among = vec![false; explorer.rows()];
                for &row in rows {
                    among[row as usize] = true;
                }
                Box::new(move |row| among[row])
            }
            Test::Within(field, range) => {
                let number = field.numbers(explorer);
                Box::new(move |row| range.contains(number(row)))
            }
            Test::Starred => {
                let starred = facts.starred;
                Box::new(move |row| u32::try_from(row).is_ok_and(starred))
            }
            Test::Imputed => Box::new(move |row| explorer.is_imputed(row)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::{Part, sample::explorer};
    use churn_core::Column;

    fn found(text: &str) -> Vec<usize> {
        let explorer = explorer();
        let filter = Filter::parse(text, &explorer).unwrap();
        let all: Vec<u32> = (0..32).collect();
        let facts = Facts {
            explorer: &explorer,
            starred: &|row| row < 3,
        };
        let rows = filter.of(&all, &facts).into_iter();
        rows.map(|row| row as usize).collect()
    }

    /// The rows for which a condition must hold.
    fn rows(holds: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..32).filter(|&row| holds(row)).collect()
    }

    #[test]
    fn every_word_must_occur_in_a_value_or_the_id() {
        assert_eq!(found(""), rows(|_| true));
        assert_eq!(found("c-3"), [3, 30, 31]);
        assert_eq!(found("MONTH c-30"), [30]);
        assert_eq!(found("-c-3 \"C-30\""), [0; 0]);
        assert_eq!(found("-c-3"), rows(|row| ![3, 30, 31].contains(&row)));
        assert_eq!(found("nowhere"), [0; 0]);
        assert_eq!(found("35"), [5], "numbers match from their first digit");
    }

    #[test]
    fn columns_are_compared_by_value() {
        let explorer = explorer();
        let Column::Numeric(tenure) = explorer.data.column(1) else {
            unreachable!("tenure is a number")
        };
        assert_eq!(found("contract:year"), rows(|row| row % 2 == 1));
        assert_eq!(found("contract:year,month"), rows(|_| true));
        assert_eq!(found("contract!=year"), rows(|row| row % 2 == 0));
        assert_eq!(found("tenure<21"), rows(|row| tenure[row] < 21.0));
        assert_eq!(found("tenure<=21"), rows(|row| tenure[row] <= 21.0));
        assert_eq!(found("tenure>21"), rows(|row| tenure[row] > 21.0));
        assert_eq!(found("tenure>=21"), rows(|row| tenure[row] >= 21.0));
        assert_eq!(found("tenure:14..28"), [2, 3, 4]);
        assert_eq!(found("tenure=21"), [3]);
        assert_eq!(found("-tenure:14..28 tenure:7..35"), [1, 5]);
    }

    #[test]
    fn what_the_model_says_can_be_asked_for() {
        let explorer = explorer();
        let risk = &explorer.probabilities;
        assert_eq!(found("p>30%"), rows(|row| risk[row] > 0.3));
        assert_eq!(
            found("risk:0.2..0.4"),
            rows(|row| (0.2..=0.4).contains(&risk[row]))
        );
        let weight = |row: usize| explorer.weights(row)[0];
        assert_eq!(found("weight(contract)>0"), rows(|row| weight(row) > 0.0));
        assert!((1..32).contains(&found("weight(contract)>0").len()));
    }

    #[test]
    fn what_is_known_of_the_customer_can_be_asked_for() {
        let explorer = explorer();
        let left = |row| explorer.data.label(row) == Some(true);
        assert_eq!(found("outcome:left"), rows(left));
        assert_eq!(found("outcome:No"), rows(|row| !left(row)));
        assert_eq!(found("starred"), [0, 1, 2]);
        assert_eq!(found("imputed"), [7]);
        assert_eq!(found("-imputed").len(), 31);
        assert_eq!(found("id:C-30,C-3"), [3, 30]);
        assert_eq!(found("-id:C-3").len(), 31);
        let held_out = |row| explorer.part(row) == Part::HeldOut;
        assert_eq!(found("part:held-out"), rows(held_out));
        assert_eq!(found("part:not-used"), [7]);
        assert_eq!(found("part:training,held-out,not-used"), rows(|_| true));
        assert!(!found("part:held-out").is_empty());
    }
}
