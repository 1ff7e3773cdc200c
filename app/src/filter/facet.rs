//! What a field holds among some customers: its levels or its numbers, counted.

use churn_core::FeatureKind;

use super::Field;
use crate::explorer::Explorer;

/// Customers per level of a field, by code.
pub fn level_counts(field: Field, rows: &[u32], explorer: &Explorer) -> Vec<usize> {
    let mut counts = vec![0; field.levels(explorer).len()];
    let code = field.codes(explorer);
    for &row in rows {
        if let Some(count) = counts.get_mut(usize::from(code(row as usize))) {
            *count += 1;
        }
    }
    counts
}

/// Intervals of one width that a field's numbers are counted in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bins {
    /// Smallest number.
    pub low: f64,
    /// Largest number.
    pub high: f64,
    /// Width of an interval.
    pub width: f64,
    /// How many intervals there are.
    pub number: usize,
}

/// Intervals that hold the field's numbers of all customers; of whole numbers,
/// each interval holds as many.
pub fn bins(field: Field, explorer: &Explorer) -> Bins {
    const MOST: f64 = 24.0;
    let number = field.numbers(explorer);
    let (low, high) = (0..explorer.rows())
        .map(number)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(x), high.max(x))
        });
    if low >= high || !low.is_finite() || !high.is_finite() {
        return Bins {
            low,
            high,
            width: 1.0,
            number: 1,
        };
    }
    let whole = matches!(field, Field::Value(feature)
        if explorer.feature(feature).kind == FeatureKind::Numeric { decimals: 0 });
    let width = if whole {
        ((high - low + 1.0) / MOST).ceil()
    } else {
        (high - low) / MOST
    };
    let number = ((high - low) / width) as usize + usize::from(whole);
    Bins {
        low,
        high,
        width,
        number: number.clamp(1, MOST as usize),
    }
}

impl Bins {
    /// Customers per interval.
    pub fn counts(self, field: Field, rows: &[u32], explorer: &Explorer) -> Vec<usize> {
        let mut counts = vec![0; self.number];
        let number = field.numbers(explorer);
        for &row in rows {
            let place = ((number(row as usize) - self.low) / self.width) as usize;
            counts[place.min(self.number - 1)] += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    #[test]
    fn every_customer_is_counted_once() {
        let explorer = explorer();
        let rows: Vec<u32> = (0..32).collect();
        for field in Field::all(&explorer) {
            // An id has one customer, so there is nothing to count.
            if field == Field::Id {
                continue;
            }
            let counts = if field.is_numeric(&explorer) {
                bins(field, &explorer).counts(field, &rows, &explorer)
            } else {
                level_counts(field, &rows, &explorer)
            };
            assert_eq!(counts.iter().sum::<usize>(), 32, "{field:?}");
        }
        assert_eq!(level_counts(Field::Value(0), &rows, &explorer), [16, 16]);
    }

    #[test]
    fn whole_numbers_are_spread_evenly() {
        let explorer = explorer();
        let bins = bins(Field::Value(1), &explorer);
        assert_eq!((bins.low, bins.high), (0.0, 217.0));
        assert_eq!((bins.width, bins.number), (10.0, 22));
    }
}
