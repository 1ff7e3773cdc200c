//! Rows and outcomes by group.

use super::Values;
use crate::interval::Interval;

/// How many rows there are, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// All rows, those of unknown outcome included.
    pub rows: u64,
    /// Rows that stayed.
    pub stayed: u64,
    /// Rows that left.
    pub left: u64,
}

impl Outcomes {
    /// Rows whose outcome is known.
    pub fn known(&self) -> u64 {
        self.stayed + self.left
    }

    /// Share that left, of those whose outcome is known.
    pub fn rate(&self) -> Option<f64> {
        (self.known() > 0).then(|| self.left as f64 / self.known() as f64)
    }

    /// [Wilson's interval](Interval::of_share) of the rate.
    pub fn interval(&self) -> Interval {
        Interval::of_share(self.left, self.known())
    }

    /// Counts a row with a code of the [outcome](Values::outcome).
    fn add(&mut self, outcome: u8) {
        self.rows += 1;
        match outcome {
            0 => self.stayed += 1,
            1 => self.left += 1,
            _ => {}
        }
    }
}

/// Rows and outcomes by code, `groups` of them; rows without a code are not
/// counted.
pub fn by_code(codes: &[u8], groups: usize, outcome: &Values) -> Vec<Outcomes> {
    by_codes(codes, groups, &vec![0; codes.len()], 1, outcome)
}

/// Rows and outcomes by two codes at once: `groups` rows of `others` cells each,
/// one after the other.
pub fn by_codes(
    codes: &[u8],
    groups: usize,
    other: &[u8],
    others: usize,
    outcome: &Values,
) -> Vec<Outcomes> {
    let mut counts = vec![Outcomes::default(); groups * others];
    if let Values::Levels { codes: left, .. } = outcome {
        for ((&a, &b), &left) in codes.iter().zip(other).zip(left) {
            let (a, b) = (usize::from(a), usize::from(b));
            if a < groups && b < others {
                counts[a * others + b].add(left);
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::MISSING;

    fn outcome(codes: &[u8]) -> Values {
        Values::Levels {
            codes: codes.to_vec(),
            levels: 2,
        }
    }

    #[test]
    fn every_row_with_a_code_is_counted_once() {
        let outcome = outcome(&[1, 0, MISSING, 1, 1]);
        let counts = by_code(&[0, 0, 0, 2, MISSING], 3, &outcome);
        let of = |rows, stayed, left| Outcomes { rows, stayed, left };
        assert_eq!(counts, [of(3, 1, 1), of(0, 0, 0), of(1, 0, 1)]);
        assert_eq!(counts[0].rate(), Some(0.5));
        assert_eq!(counts[1].rate(), None);
        let grid = by_codes(&[0, 0, 1, 1, 1], 2, &[0, 1, 1, MISSING, 0], 2, &outcome);
        assert_eq!(grid, [of(1, 0, 1), of(1, 1, 0), of(1, 0, 1), of(1, 0, 0)]);
    }
}
