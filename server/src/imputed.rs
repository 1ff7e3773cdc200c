//! How many rows had missing values filled in by the model's rules.

use churn_core::Schema;

use crate::count::Count;
use crate::terminal::say;

/// Rows with values filled in, by feature.
#[derive(Clone, Debug, Default)]
pub struct Imputed {
    rows: u64,
    by_feature: Vec<u64>,
}

impl Imputed {
    /// Takes the cells that were filled in, as (row, feature), rows together.
    pub fn add(&mut self, cells: &[(usize, usize)]) {
        let mut last = None;
        for &(row, feature) in cells {
            if last != Some(row) {
                self.rows += 1;
                last = Some(row);
            }
            if self.by_feature.len() <= feature {
                self.by_feature.resize(feature + 1, 0);
            }
            self.by_feature[feature] += 1;
        }
    }

    /// How many rows had something filled in.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Tells of them; says nothing when there are none.
    pub fn tell(&self, schema: &Schema) {
        if self.rows == 0 {
            return;
        }
        let counts = self.by_feature.iter().zip(&schema.features);
        let features: Vec<String> = counts
            .filter(|(count, _)| **count > 0)
            .map(|(count, feature)| format!("{} {}", feature.name, Count(*count)))
            .collect();
        say(format_args!(
            "filled in missing values of {}: {}",
            Count(self.rows).things("row"),
            features.join(", ")
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_counts_once() {
        let mut imputed = Imputed::default();
        imputed.add(&[(0, 1), (0, 2), (3, 1)]);
        imputed.add(&[(0, 0)]);
        assert_eq!(imputed.rows(), 3);
        assert_eq!(imputed.by_feature, [1, 2, 1]);
    }
}
