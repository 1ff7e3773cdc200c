//! What a cohort looks like: how its columns are spread, by outcome, and how they
//! go together. Of the data as they were read: what was filled in is no fact.
//!
//! * `group`: a level or a bin, in words and as a filter.

mod group;

use std::sync::Arc;

use churn_core::exploration::{Association, BoxPlot, Outcomes, Values, association, counts};
use churn_core::math::by_size;

pub use group::Groups;

use crate::explorer::Explorer;

/// Bins of a histogram, about.
pub const FINE: usize = 25;
/// Bins of each side of a pair plot, about.
pub const COARSE: usize = 10;
/// Most columns of the association matrix: more cannot be told apart.
const MOST_COLUMNS: usize = 30;

/// The columns of a cohort.
pub struct Exploration {
    /// The data.
    pub explorer: Arc<Explorer>,
    /// All customers of the cohort.
    pub total: Outcomes,
    /// Features, those that go most with leaving first.
    pub order: Vec<usize>,
    /// How strongly each feature goes with leaving.
    pub strengths: Vec<Association>,
    columns: Vec<Values>,
    outcome: Values,
    /// Rows and outcomes by level; of a number nothing.
    by_level: Vec<Vec<Outcomes>>,
}

impl Exploration {
    /// Gathers the cells of some customers.
    pub fn new(explorer: Arc<Explorer>, rows: &[u32]) -> Self {
        let read = explorer.read();
        let features = 0..explorer.schema().features.len();
        let columns: Vec<Values> = features.map(|at| Values::of(read, at, rows)).collect();
        let outcome = Values::outcome(read, rows);
        let strengths: Vec<Association> = columns
            .iter()
            .map(|column| Association::of(column, &outcome))
            .collect();
        let sizes: Vec<f64> = strengths.iter().map(|found| found.value).collect();
        let by_level = columns.iter().map(|column| match column {
            Values::Levels { codes, levels } => counts::by_code(codes, *levels, &outcome),
            Values::Numbers(_) => Vec::new(),
        });
        let by_level = by_level.collect();
        let total = counts::by_code(&vec![0; rows.len()], 1, &outcome);
        Self {
            total: total.first().copied().unwrap_or_default(),
            order: by_size(&sizes),
            strengths,
            columns,
            outcome,
            by_level,
            explorer,
        }
    }

    /// Whether it is known of anyone whether they left.
    pub fn has_outcomes(&self) -> bool {
        self.total.known() > 0
    }

    /// Customers whose cell is empty.
    pub fn missing(&self, feature: usize) -> usize {
        self.columns[feature].missing()
    }

    /// Rows and outcomes by level or bin.
    pub fn counts(&self, groups: &Groups) -> Vec<Outcomes> {
        if groups.bins.is_none() {
            return self.by_level[groups.feature].clone();
        }
        let codes = self.columns[groups.feature].codes(groups.bins.as_ref());
        counts::by_code(&codes, groups.number, &self.outcome)
    }

    /// Rows and outcomes by two features at once: for each group of the first
    /// one those of the second.
    pub fn pair(&self, first: &Groups, second: &Groups) -> Vec<Outcomes> {
        let codes = |groups: &Groups| self.columns[groups.feature].codes(groups.bins.as_ref());
        counts::by_codes(
            &codes(first),
            first.number,
            &codes(second),
            second.number,
            &self.outcome,
        )
    }

    /// The box plot of a number: of everyone, or of those who left or stayed.
    pub fn box_plot(&self, feature: usize, left: Option<bool>) -> Option<BoxPlot> {
        let (Values::Numbers(numbers), Values::Levels { codes, .. }) =
            (&self.columns[feature], &self.outcome)
        else {
            return None;
        };
        let wanted = left.map(u8::from);
        let mut of = Vec::with_capacity(numbers.len());
        for (&x, &code) in numbers.iter().zip(codes) {
            if wanted.is_none_or(|wanted| wanted == code) {
                of.push(x);
            }
        }
        BoxPlot::of(of)
    }

    /// The features of the association matrix and all their pairs, as a lower
    /// triangle; the outcome is the first, without a feature.
    pub fn associations(&self) -> (Vec<Option<usize>>, Vec<Vec<Association>>) {
        let mut features: Vec<Option<usize>> = Vec::new();
        let mut columns = Vec::new();
        if self.has_outcomes() {
            features.push(None);
            columns.push(self.outcome.clone());
        }
        for &feature in self.order.iter().take(MOST_COLUMNS) {
            features.push(Some(feature));
            columns.push(self.columns[feature].clone());
        }
        (features, association::matrix(&columns))
    }

    /// The highest rate that an interval of a level reaches, 0 if there is none:
    /// the scale that all charts share.
    pub fn highest_rate(&self) -> f64 {
        let counted = self.by_level.iter().flatten();
        let known = counted.filter(|counted| counted.known() > 0);
        known.fold(0.0, |highest: f64, counted| {
            highest.max(counted.interval().high)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    #[test]
    fn what_goes_with_leaving_most_comes_first() {
        let explorer = Arc::new(explorer());
        let all: Vec<u32> = (0..32).collect();
        let exploration = Exploration::new(Arc::clone(&explorer), &all);
        assert_eq!(exploration.total.rows, 32);
        let sizes: Vec<f64> = exploration
            .order
            .iter()
            .map(|&at| exploration.strengths[at].value)
            .collect();
        assert!(sizes.windows(2).all(|pair| pair[0] >= pair[1]), "{sizes:?}");
        let tenure = explorer.schema().position("tenure").unwrap();
        assert_eq!(exploration.missing(tenure), 1);
        let [left, stayed] = [true, false].map(|left| {
            let plot = exploration.box_plot(tenure, Some(left)).unwrap();
            plot.rows
        });
        assert_eq!(left + stayed, 31);
        let everyone = exploration.box_plot(tenure, None).unwrap();
        assert_eq!(everyone.rows, 31);
        let (features, matrix) = exploration.associations();
        assert_eq!((features.len(), matrix.len()), (3, 3));
        assert_eq!(features[0], None);
        let nobody = Exploration::new(explorer, &[]);
        assert!(!nobody.has_outcomes() && nobody.highest_rate() == 0.0);
    }
}
