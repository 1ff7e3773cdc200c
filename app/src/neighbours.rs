//! Real customers that are like one, but had the other outcome.

use churn_core::{Column, Row, Value};

use crate::explorer::Explorer;

/// A customer like the one asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbour {
    /// Row of the data.
    pub row: u32,
    /// Features at another level, each 1, and differences of numbers, each as a
    /// share of its range.
    pub distance: f64,
    /// Features that differ.
    pub differences: Vec<usize>,
}

/// The nearest customers to some values whose outcome is not that of a row;
/// equally near ones in the order of their ids. None where the outcome is not
/// known.
pub fn nearest(explorer: &Explorer, row: u32, values: &Row, count: usize) -> Vec<Neighbour> {
    let Some(outcome) = explorer.data.label(row as usize) else {
        return Vec::new();
    };
    let distances = distances(explorer, values);
    let mut found: Vec<usize> = Vec::new();
    let others = (0..explorer.rows()).filter(|&other| explorer.data.label(other) == Some(!outcome));
    let key = |row: usize| (distances[row], explorer.id(row));
    for other in others {
        // Only few are kept, in order: most customers are further than all.
        let is_nearer = |&place: &usize| {
            let (a, b) = (key(other), key(place));
            a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)).is_lt()
        };
        let place = found.iter().position(is_nearer).unwrap_or(found.len());
        if place < count {
            found.insert(place, other);
            found.truncate(count);
        }
    }
    let neighbours = found.into_iter().map(|other| {
        let differs =
            |&feature: &usize| explorer.data.value(other, feature) != values.value(feature);
        Neighbour {
            row: u32::try_from(other).unwrap_or(u32::MAX),
            distance: distances[other],
            differences: (0..values.0.len()).filter(differs).collect(),
        }
    });
    neighbours.collect()
}

/// The distance of every customer from some values.
fn distances(explorer: &Explorer, values: &Row) -> Vec<f64> {
    let mut distances = vec![0.0; explorer.rows()];
    for (feature, value) in values.0.iter().enumerate() {
        match (explorer.data.column(feature), *value) {
            (Column::Categorical(codes), Value::Level(level)) => {
                for (distance, code) in distances.iter_mut().zip(codes) {
                    *distance += f64::from(u8::from(*code != level));
                }
            }
            (Column::Numeric(numbers), Value::Number(own)) => {
                let (low, high) = explorer.range(feature);
                let range = (high - low).max(f64::MIN_POSITIVE);
                for (distance, number) in distances.iter_mut().zip(numbers) {
                    *distance += (number - own).abs() / range;
                }
            }
            _ => {}
        }
    }
    distances
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample;

    #[test]
    fn the_nearest_have_the_other_outcome() {
        let explorer = sample::explorer();
        let values = explorer.original(4);
        let found = nearest(&explorer, 4, &values, 3);
        assert_eq!(found.len(), 3);
        let outcome = explorer.data.label(4);
        for neighbour in &found {
            let row = neighbour.row as usize;
            assert_ne!(explorer.data.label(row), outcome);
            for feature in 0..2 {
                let differs = explorer.data.value(row, feature) != values.value(feature);
                assert_eq!(neighbour.differences.contains(&feature), differs);
            }
        }
        // 2 and 6 are equally near: "C-2" comes before "C-6".
        assert_eq!(found[0].row, 2);
        assert_eq!(found[1].row, 6);
        assert_eq!(found[0].distance, found[1].distance);
    }
}
