//! The groups that a column falls into: its levels, or bins of its numbers.

use churn_core::exploration::Bins;
use churn_core::{FeatureKind, Value};

use crate::explorer::Explorer;
use crate::filter::{Bound, Condition, Field, Filter, Test};
use crate::number;

/// The groups of a feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Groups {
    /// The feature.
    pub feature: usize,
    /// Its bins, where it holds numbers.
    pub bins: Option<Bins>,
    /// How many groups there are.
    pub number: usize,
}

impl Groups {
    /// The levels of a feature, or about as many bins as wanted.
    pub fn of(explorer: &Explorer, feature: usize, wanted: usize) -> Self {
        let bins = Bins::of(explorer.read(), feature, wanted);
        let levels = explorer.feature(feature).levels().len();
        Self {
            feature,
            bins,
            number: bins.map_or(levels, |bins| bins.number()),
        }
    }

    /// A group in words, without a unit: a level, "70–75", of whole numbers
    /// "5–9".
    pub fn text(&self, explorer: &Explorer, place: usize) -> String {
        let Some(bins) = &self.bins else {
            let code = u8::try_from(place).unwrap_or(u8::MAX);
            return explorer.text(self.feature, Value::Level(code));
        };
        let (low, high) = self.ends(explorer, bins, place);
        let decimals = number::decimals_of(bins.width());
        let [low, high] = [low, high].map(|end| number::value(end, decimals));
        if low == high {
            low
        } else {
            format!("{low}–{high}")
        }
    }

    /// Asks a filter for a group and for nothing else of its feature, but for
    /// the other levels that were asked for; takes the question back where it
    /// was asked already.
    pub fn toggle(&self, explorer: &Explorer, place: usize, filter: &mut Filter) {
        let field = Field::Value(self.feature);
        let asked = self.is_asked(explorer, place, filter);
        match &self.bins {
            None => {
                let mut codes = filter.levels(field, self.number);
                let code = u8::try_from(place).unwrap_or(u8::MAX);
                match codes.iter().position(|&found| found == code) {
                    Some(found) if asked => drop(codes.remove(found)),
                    _ => codes.insert(codes.partition_point(|&other| other < code), code),
                }
                filter.set_levels(field, codes);
            }
            Some(_) if asked => filter.set_bounds(field, None, None),
            Some(bins) => {
                let (low, high) = (bins.end(place), bins.end(place + 1));
                let high = match whole(explorer, self.feature) {
                    true => Bound::closed(high - 1.0),
                    false => Bound {
                        number: high,
                        open: true,
                    },
                };
                filter.set_bounds(field, Some(Bound::closed(low)), Some(high));
            }
        }
        // What was filled in is in the list, but not in the charts.
        let read = Condition {
            negated: true,
            test: Test::Imputed,
        };
        let lacking = explorer.lacks(self.feature);
        filter
            .conditions
            .retain(|condition| !lacking || *condition != read);
        if lacking && filter.is_about(field) {
            filter.conditions.push(read);
        }
    }

    /// Whether a filter asks for a group, and not for everyone.
    pub fn is_asked(&self, explorer: &Explorer, place: usize, filter: &Filter) -> bool {
        let field = Field::Value(self.feature);
        let Some(bins) = &self.bins else {
            let codes = filter.levels(field, self.number);
            return codes.iter().any(|&code| usize::from(code) == place);
        };
        let (low, high) = self.ends(explorer, bins, place);
        match filter.bounds(field) {
            (None, None) => false,
            (from, to) => {
                from.is_none_or(|from| from.number <= low) && to.is_none_or(|to| high <= to.number)
            }
        }
    }

    /// First and last number of a bin as they are written.
    fn ends(&self, explorer: &Explorer, bins: &Bins, place: usize) -> (f64, f64) {
        let high = bins.end(place + 1);
        match whole(explorer, self.feature) {
            true => (bins.end(place), high - 1.0),
            false => (bins.end(place), high),
        }
    }
}

/// Whether a feature holds whole numbers.
fn whole(explorer: &Explorer, feature: usize) -> bool {
    explorer.feature(feature).kind == FeatureKind::Numeric { decimals: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    fn query(filter: &Filter, explorer: &Explorer) -> String {
        filter.text(explorer)
    }

    #[test]
    fn levels_are_asked_for_together_and_taken_back_one_by_one() {
        let explorer = explorer();
        let groups = Groups::of(&explorer, 0, 25);
        let mut filter = Filter::default();
        groups.toggle(&explorer, 1, &mut filter);
        assert_eq!(query(&filter, &explorer), "contract:year");
        assert!(groups.is_asked(&explorer, 1, &filter));
        assert!(!groups.is_asked(&explorer, 0, &filter));
        groups.toggle(&explorer, 0, &mut filter);
        assert_eq!(query(&filter, &explorer), "contract:month,year");
        groups.toggle(&explorer, 1, &mut filter);
        groups.toggle(&explorer, 0, &mut filter);
        assert!(filter.is_empty());
    }

    #[test]
    fn a_bin_is_a_range_without_what_was_filled_in() {
        let explorer = explorer();
        let groups = Groups::of(&explorer, 1, 25);
        assert_eq!(groups.text(&explorer, 1), "10–19");
        let mut filter = Filter::default();
        groups.toggle(&explorer, 1, &mut filter);
        assert_eq!(query(&filter, &explorer), "tenure:10..19 -imputed");
        assert!(groups.is_asked(&explorer, 1, &filter));
        assert!(!groups.is_asked(&explorer, 2, &filter));
        groups.toggle(&explorer, 2, &mut filter);
        assert_eq!(query(&filter, &explorer), "tenure:20..29 -imputed");
        groups.toggle(&explorer, 2, &mut filter);
        assert!(filter.is_empty());
    }
}
