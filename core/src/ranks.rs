//! Ranks: every row's place in a column, so that any later sort is only a count
//! of whole numbers, in time proportional to the rows.

/// Bytes of a text that decide its order.
const TEXT_BYTES: usize = 64;

/// The rank of every row in a column, from 0; equal rows share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranks {
    of: Vec<u32>,
    count: usize,
}

/// A digit of every row's value, the most significant first in a list of them.
pub type Digits = Vec<u16>;

impl Ranks {
    /// Ranks rows by the digits of their values, the most significant first.
    #[must_use]
    pub fn new(rows: usize, digits: &[Digits]) -> Self {
        let mut sorted: Vec<u32> = (0..).take(rows).collect();
        for digits in digits.iter().rev() {
            if digits.iter().any(|digit| *digit != digits[0]) {
                let of: Vec<u32> = digits.iter().map(|&digit| digit.into()).collect();
                let count = of.iter().max().map_or(0, |&most| most as usize + 1);
                sorted = Self { of, count }.sort(&sorted, false);
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

    /// The chosen rows after all others.
    #[must_use]
    pub fn of_chosen<'a>(rows: usize, chosen: impl IntoIterator<Item = &'a u32>) -> Self {
        let mut of = vec![0; rows];
        for &row in chosen {
            of[row as usize] = 1;
        }
        Self { of, count: 2 }
    }

    /// The rank of a row.
    #[must_use]
    pub fn of(&self, row: u32) -> usize {
        self.of[row as usize] as usize
    }

    /// Rows by their rank; equal ones keep their order.
    #[must_use]
    pub fn sort(&self, rows: &[u32], descending: bool) -> Vec<u32> {
        let slot = |row: u32| {
            let rank = self.of(row);
            if descending {
                self.count - 1 - rank
            } else {
                rank
            }
        };
        let mut starts = vec![0u32; self.count + 1];
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
}

/// Digits that are in the order of the numbers.
#[must_use]
pub fn number_digits(numbers: &[f64]) -> [Digits; 4] {
    let sortable = |number: &f64| {
        let bits = number.to_bits();
        if number.is_sign_negative() {
            !bits
        } else {
            bits | 1 << 63
        }
    };
    let digits = |shift: u32| {
        let digit = |number| (sortable(number) >> shift) as u16;
        numbers.iter().map(digit).collect()
    };
    [48, 32, 16, 0].map(digits)
}

/// Texts two bytes at a time, as far as they decide; a shorter text comes
/// before what begins with it.
#[must_use]
pub fn text_digits(texts: &[&str]) -> Vec<Digits> {
    let longest = texts.iter().map(|text| text.len()).max();
    let longest = longest.unwrap_or(0).min(TEXT_BYTES);
    let digit = |text: &str, start: usize| {
        let byte = |place: usize| text.as_bytes().get(place).map_or(0, |&byte| byte.into());
        byte(start) << 8 | byte(start + 1)
    };
    let starts = (0..longest).step_by(2);
    starts
        .map(|start| texts.iter().map(|text| digit(text, start)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ranked_in_their_order() {
        let numbers = [0.0, -1.5, f64::MAX, 1e-300, 0.0, f64::MIN, -0.0, 1.5];
        let ranks = Ranks::new(8, &number_digits(&numbers));
        let of: Vec<usize> = (0..8).map(|row| ranks.of(row)).collect();
        assert_eq!(of, [3, 1, 6, 4, 3, 0, 2, 5]);
    }

    #[test]
    fn texts_are_ranked_in_their_order() {
        let texts = ["b", "", "ab", "a", "abc", "b", "é"];
        let ranks = Ranks::new(7, &text_digits(&texts));
        let of: Vec<usize> = (0..7).map(|row| ranks.of(row)).collect();
        assert_eq!(of, [4, 0, 2, 1, 3, 4, 5]);
    }

    #[test]
    fn equal_rows_keep_their_order_both_ways() {
        let ranks = Ranks::of_chosen(4, &[1]);
        assert_eq!(ranks.sort(&[0, 1, 2, 3], true), [1, 0, 2, 3]);
        assert_eq!(ranks.sort(&[3, 1, 2], false), [3, 2, 1]);
        assert_eq!(Ranks::new(2, &[]).sort(&[1, 0], true), [1, 0]);
        assert!(Ranks::new(0, &[]).sort(&[], false).is_empty());
    }
}
