//! How many customers share a row's linked levels.

use super::Links;
use crate::dataset::{Column, Dataset};
use crate::math::sort_places;
use crate::row::{Row, Value};
use crate::schema::MISSING;

/// Every combination of the linked levels that occurs, with its customers.
///
/// A combination is one number in a mixed radix, a digit per feature; missing
/// is a digit, too. Where the features' levels do not fit 128 bits, the last
/// features are passed over: then a count is of the others' combination, and
/// none still means none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combinations {
    /// Feature and its number of digits.
    digits: Vec<(usize, u128)>,
    /// Combinations in order, and the customers of each.
    keys: Vec<u128>,
    counts: Vec<u32>,
    customers: u32,
}

impl Combinations {
    /// Counts the complete rows of the data.
    pub fn count(data: &Dataset, links: &Links) -> Self {
        let mut space = 1_u128;
        let mut digits: Vec<(usize, u128)> = Vec::new();
        for feature in links.linked_levels() {
            let radix = data.schema().features[feature].levels().len() as u128 + 1;
            let Some(larger) = space.checked_mul(radix) else {
                break;
            };
            space = larger;
            digits.push((feature, radix));
        }
        let rows = data.complete_rows();
        let mut all = vec![0_u128; rows.len()];
        for &(feature, radix) in &digits {
            if let Column::Categorical(codes) = data.column(feature) {
                for (key, &row) in all.iter_mut().zip(&rows) {
                    *key = *key * radix + digit(codes[row], radix);
                }
            }
        }
        // Rows of a dataset are counted in 32 bits.
        let mut order: Vec<u32> = (0..).take(all.len()).collect();
        sort_places(&mut order, &|a, b| all[a].cmp(&all[b]));
        let groups = order.chunk_by(|&a, &b| all[a as usize] == all[b as usize]);
        let (keys, counts) = groups
            .map(|group| (all[group[0] as usize], group.len() as u32))
            .unzip();
        Self {
            digits,
            keys,
            counts,
            customers: rows.len() as u32,
        }
    }

    /// Customers counted.
    pub fn customers(&self) -> u32 {
        self.customers
    }

    /// How many combinations occur.
    pub fn distinct(&self) -> usize {
        self.keys.len()
    }

    /// Customers that have a row's combination.
    pub fn customers_like(&self, row: &Row) -> u32 {
        let key = self.digits.iter().fold(0, |key, &(feature, radix)| {
            let code = match row.value(feature) {
                Value::Level(code) => code,
                Value::Number(_) | Value::Missing => MISSING,
            };
            key * radix + digit(code, radix)
        });
        let found = self.keys.binary_search(&key);
        found.map_or(0, |at| self.counts[at])
    }
}

/// A code's digit, the last one for missing.
fn digit(code: u8, radix: u128) -> u128 {
    u128::from(code).min(radix - 1)
}
