//! Ranks: every customer's place in a column, so that any sort is only a count
//! of whole numbers, in time proportional to the rows.

use churn_core::{Column, Method};

use crate::column_key::ColumnKey;
use crate::explorer::Explorer;
use crate::{family, ranking};

/// Bytes of an id that decide its order.
const ID_BYTES: usize = 64;

/// The rank of every row in a column, from 0; equal rows share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranks {
    of: Vec<u32>,
    count: usize,
}

/// A digit of every row's value.
type Digits = Vec<u16>;

impl Ranks {
    /// The ranks of a column; weights are by `method`.
    pub fn new(explorer: &Explorer, key: ColumnKey, method: Method) -> Self {
        let rows = explorer.rows();
        let small = |digit: &dyn Fn(usize) -> u16| vec![(0..rows).map(digit).collect()];
        let numbers = |number: &dyn Fn(usize) -> f64| -> Vec<Digits> {
            let bits: Vec<u64> = (0..rows).map(|row| sortable(number(row))).collect();
            let digit = |shift| bits.iter().map(move |bits| (bits >> shift) as u16);
            [48, 32, 16, 0]
                .into_iter()
                .map(|shift| digit(shift).collect())
                .collect()
        };
        let digits = match key {
            // Who is starred changes: the state ranks that itself.
            ColumnKey::Star => Vec::new(),
            ColumnKey::Id => id_digits(explorer),
            ColumnKey::Risk => numbers(&|row| explorer.probabilities[row]),
            ColumnKey::Outcome => small(&|row| match explorer.data.label(row) {
                None => 0,
                Some(left) => 1 + u16::from(left),
            }),
            ColumnKey::Part => small(&|row| explorer.part(row) as u16),
            ColumnKey::Reasons => {
                let leading = leading_reasons(explorer, method);
                let mut digits = small(&|row| leading[row].0);
                digits.extend(numbers(&|row| -leading[row].1));
                digits
            }
            ColumnKey::Value(feature) => match explorer.data.column(feature) {
                Column::Categorical(codes) => small(&|row| codes[row].into()),
                Column::Numeric(x) => numbers(&|row| x[row]),
            },
            ColumnKey::Weight(feature) => numbers(&|row| explorer.weights_by(method, row)[feature]),
        };
        Self::of_digits(rows, &digits)
    }

    /// Rows for which something holds after the others.
    pub fn of_chosen(rows: usize, chosen: &[u32]) -> Self {
        let mut of = vec![0; rows];
        for &row in chosen {
            of[row as usize] = 1;
        }
        Self { of, count: 2 }
    }

    /// The rank of a row.
    pub fn of(&self, row: u32) -> usize {
        self.of[row as usize] as usize
    }

    /// Ranks rows by their digits, the most significant first.
    fn of_digits(rows: usize, digits: &[Digits]) -> Self {
        let mut sorted: Vec<u32> = (0..).take(rows).collect();
        for digits in digits.iter().rev() {
            let of: Vec<u32> = digits.iter().map(|&digit| digit.into()).collect();
            let count = of.iter().max().map_or(0, |&most| most as usize + 1);
            if of.iter().any(|&digit| digit != of[0]) {
                sorted = scatter(&sorted, &Self { of, count }, false);
            }
        }
        let mut of = vec![0; rows];
        let mut rank = 0;
        let mut previous = None;
        for &row in &sorted {
            let row = row as usize;
            let differs = |other: usize| digits.iter().any(|digits| digits[other] != digits[row]);
            rank += u32::from(previous.is_some_and(differs));
            of[row] = rank;
            previous = Some(row);
        }
        Self {
            of,
            count: rank as usize + 1,
        }
    }
}

/// Rows by their rank; equal ones keep their order.
pub fn scatter(rows: &[u32], ranks: &Ranks, descending: bool) -> Vec<u32> {
    let slot = |row: u32| {
        let rank = ranks.of(row);
        if descending {
            ranks.count - 1 - rank
        } else {
            rank
        }
    };
    let mut starts = vec![0u32; ranks.count + 1];
    for &row in rows {
        starts[slot(row) + 1] += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut sorted = vec![0; rows.len()];
    for &row in rows {
        let start = &mut starts[slot(row)];
        sorted[*start as usize] = row;
        *start += 1;
    }
    sorted
}

/// Bits that are in the order of the numbers.
fn sortable(number: f64) -> u64 {
    let bits = number.to_bits();
    if number.is_sign_negative() {
        !bits
    } else {
        bits | 1 << 63
    }
}

/// Ids two bytes at a time; a shorter id comes before what begins with it.
fn id_digits(explorer: &Explorer) -> Vec<Digits> {
    let rows = 0..explorer.rows();
    let longest = rows.clone().map(|row| explorer.id(row).len()).max();
    let longest = longest.unwrap_or(0).min(ID_BYTES);
    let digit = |row: usize, start: usize| {
        let id = explorer.id(row).as_bytes();
        let byte = |place: usize| id.get(place).map_or(0, |&byte| u16::from(byte));
        byte(start) << 8 | byte(start + 1)
    };
    let starts = (0..longest).step_by(2);
    starts
        .map(|start| rows.clone().map(|row| digit(row, start)).collect())
        .collect()
}

/// Per customer the place in the alphabet of the family that weighs most, and
/// its sum.
fn leading_reasons(explorer: &Explorer, method: Method) -> Vec<(u16, f64)> {
    let families = &explorer.reasons;
    let mut alphabet: Vec<u32> = (0..).take(families.len()).collect();
    ranking::sort(&mut alphabet, &|a, b| {
        families[a].label.cmp(&families[b].label)
    });
    let mut places = vec![0; families.len()];
    for (place, &family) in (0..).zip(&alphabet) {
        places[family as usize] = place;
    }
    let leading = |row| {
        let sums = family::sums(families, explorer.weights_by(method, row));
        let mut leading = (0, 0.0_f64);
        for (place, sum) in sums.into_iter().enumerate() {
            if sum.abs() > leading.1.abs() {
                leading = (place, sum);
            }
        }
        (places.get(leading.0).copied().unwrap_or(0), leading.1)
    };
    (0..explorer.rows()).map(leading).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    fn ranked(key: ColumnKey) -> Vec<usize> {
        let explorer = explorer();
        let ranks = Ranks::new(&explorer, key, Method::Exact);
        (0..32).map(|row| ranks.of(row)).collect()
    }

    /// Ranks and values must order any two rows alike.
    fn agrees<T: PartialOrd>(key: ColumnKey, value: impl Fn(usize) -> T) {
        let ranks = ranked(key);
        for a in 0..32 {
            for b in 0..32 {
                let order = value(a).partial_cmp(&value(b));
                assert_eq!(order, Some(ranks[a].cmp(&ranks[b])), "{key:?} {a} {b}");
            }
        }
    }

    #[test]
    fn ranks_order_rows_as_their_values_do() {
        let explorer = explorer();
        agrees(ColumnKey::Id, |row| explorer.id(row).to_owned());
        agrees(ColumnKey::Risk, |row| explorer.probabilities[row]);
        agrees(ColumnKey::Outcome, |row| explorer.data.label(row));
        agrees(ColumnKey::Weight(1), |row| explorer.weights(row)[1]);
        let Column::Numeric(tenure) = explorer.data.column(1) else {
            unreachable!("tenure is a number")
        };
        agrees(ColumnKey::Value(1), |row| tenure[row]);
        agrees(ColumnKey::Reasons, |row| {
            let ranked = family::ranked(&explorer.reasons, explorer.weights(row));
            (ranked[0].0.label.clone(), -ranked[0].1)
        });
    }

    #[test]
    fn numbers_of_both_signs_are_in_order() {
        let numbers = [f64::MIN, -1.5, -0.0, 0.0, 1e-300, 1.5, f64::MAX];
        assert!(numbers.map(sortable).is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn the_chosen_come_after_the_others() {
        let ranks = Ranks::of_chosen(4, &[1]);
        assert_eq!(scatter(&[0, 1, 2, 3], &ranks, true), [1, 0, 2, 3]);
        assert_eq!(scatter(&[3, 1, 2], &ranks, false), [3, 2, 1]);
    }
}
