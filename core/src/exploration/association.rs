//! How strongly two columns go together, whatever they hold.
//!
//! * Two columns of levels: Cramér's V with the correction for bias of Bergsma
//!   2013, "A bias-correction for Cramér's V and Tschuprow's T". Without it V
//!   grows with the number of levels where the rows are few, as in a cohort.
//! * Levels and numbers: the correlation ratio η (Fisher 1925), the root of the
//!   share of the numbers' variance that lies between the levels.
//! * Two columns of numbers: Pearson's r.
//!
//! Rows that lack one of the two are left out. A column that is the same in all
//! rows goes with nothing: 0.

use super::Values;

/// How strongly two columns go together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Association {
    /// From 0, not at all, to 1, wholly; Pearson's r from −1.
    pub value: f64,
    /// What was measured.
    pub measure: Measure,
}

/// What an association is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Cramér's V, corrected for bias.
    CramersV,
    /// The correlation ratio η.
    CorrelationRatio,
    /// Pearson's r.
    Pearson,
}

impl Association {
    /// Measures two columns of as many rows each.
    pub fn of(a: &Values, b: &Values) -> Self {
        use Values::{Levels, Numbers};
        let (measure, value) = match (a, b) {
            (
                Levels { codes, levels },
                Levels {
                    codes: other,
                    levels: others,
                },
            ) => (Measure::CramersV, cramers_v(codes, *levels, other, *others)),
            (Levels { codes, levels }, Numbers(numbers))
            | (Numbers(numbers), Levels { codes, levels }) => (
                Measure::CorrelationRatio,
                correlation_ratio(codes, *levels, numbers),
            ),
            (Numbers(a), Numbers(b)) => (Measure::Pearson, pearson(a, b)),
        };
        Self { value, measure }
    }
}

/// All pairs: a row of the lower triangle per column, without the diagonal.
pub fn matrix(columns: &[Values]) -> Vec<Vec<Association>> {
    let row = |(place, column)| {
        let before = &columns[..place];
        before
            .iter()
            .map(|other| Association::of(column, other))
            .collect()
    };
    columns.iter().enumerate().map(row).collect()
}

/// Cramér's V of two columns of codes, corrected for bias. Levels that no row
/// has do not count.
pub fn cramers_v(a: &[u8], levels: usize, b: &[u8], others: usize) -> f64 {
    let mut table = vec![0_u32; levels * others];
    for (&a, &b) in a.iter().zip(b) {
        let (a, b) = (usize::from(a), usize::from(b));
        if a < levels && b < others {
            table[a * others + b] += 1;
        }
    }
    let mut across = vec![0.0; others];
    let mut down = vec![0.0; levels];
    for (place, &count) in table.iter().enumerate() {
        down[place / others] += f64::from(count);
        across[place % others] += f64::from(count);
    }
    let rows: f64 = down.iter().sum();
    let present = |sums: &[f64]| sums.iter().filter(|sum| **sum > 0.0).count() as f64;
    let (r, k) = (present(&down), present(&across));
    if r < 2.0 || k < 2.0 {
        return 0.0;
    }
    // χ² / n = Σ count² / (row sum × column sum) − 1
    let mut phi2 = -1.0;
    for (place, &count) in table.iter().enumerate() {
        if count > 0 {
            let count = f64::from(count);
            phi2 += count * count / (down[place / others] * across[place % others]);
        }
    }
    let corrected = |levels: f64| levels - (levels - 1.0) * (levels - 1.0) / (rows - 1.0);
    let phi2 = (phi2 - (r - 1.0) * (k - 1.0) / (rows - 1.0)).max(0.0);
    let most = corrected(r).min(corrected(k)) - 1.0;
    if most > 0.0 {
        libm::sqrt(phi2 / most).min(1.0)
    } else {
        0.0
    }
}

/// The correlation ratio η of numbers by code.
pub fn correlation_ratio(codes: &[u8], levels: usize, numbers: &[f64]) -> f64 {
    let mut sums = vec![(0.0, 0.0); levels];
    for (&code, &x) in codes.iter().zip(numbers) {
        if let Some((rows, sum)) = sums.get_mut(usize::from(code))
            && !x.is_nan()
        {
            *rows += 1.0;
            *sum += x;
        }
    }
    let total = |(n, sum): (f64, f64), (rows, of): &(f64, f64)| (n + rows, sum + of);
    let (rows, sum) = sums.iter().fold((0.0, 0.0), total);
    let mean = sum / rows;
    let square = |x: f64| (x - mean) * (x - mean);
    let of_level = |&(rows, sum): &(f64, f64)| {
        if rows > 0.0 {
            rows * square(sum / rows)
        } else {
            0.0
        }
    };
    let between: f64 = sums.iter().map(of_level).sum();
    let cells = codes.iter().zip(numbers);
    let all: f64 = cells
        .filter(|(code, x)| usize::from(**code) < levels && !x.is_nan())
        .map(|(_, &x)| square(x))
        .sum();
    if all > 0.0 {
        libm::sqrt(between / all).min(1.0)
    } else {
        0.0
    }
}

/// Pearson's r of two columns of numbers.
pub fn pearson(a: &[f64], b: &[f64]) -> f64 {
    let pairs = || {
        let pairs = a.iter().copied().zip(b.iter().copied());
        pairs.filter(|(x, y)| !x.is_nan() && !y.is_nan())
    };
    let sum = |(n, x, y), (a, b)| (n + 1.0, x + a, y + b);
    let (rows, x, y) = pairs().fold((0.0, 0.0, 0.0), sum);
    let (mean_x, mean_y) = (x / rows, y / rows);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs() {
        let (x, y) = (x - mean_x, y - mean_y);
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    let most = libm::sqrt(xx) * libm::sqrt(yy);
    if most > 0.0 {
        (xy / most).clamp(-1.0, 1.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::MISSING;

    #[test]
    fn columns_that_are_the_same_go_together_wholly() {
        let codes: Vec<u8> = (0..200).map(|row| row % 3).collect();
        let numbers: Vec<f64> = codes.iter().map(|&code| f64::from(code) * 2.5).collect();
        let against: Vec<f64> = numbers.iter().map(|x| 7.0 - x).collect();
        assert!((cramers_v(&codes, 3, &codes, 3) - 1.0).abs() < 1e-12);
        assert!((correlation_ratio(&codes, 3, &numbers) - 1.0).abs() < 1e-12);
        assert!((pearson(&numbers, &numbers) - 1.0).abs() < 1e-12);
        assert!((pearson(&numbers, &against) + 1.0).abs() < 1e-12);
    }

    #[test]
    fn columns_that_know_nothing_of_each_other_do_not() {
        let codes: Vec<u8> = (0..200).map(|row| row % 2).collect();
        let other: Vec<u8> = (0..200).map(|row| row / 2 % 2).collect();
        let numbers: Vec<f64> = other.iter().map(|&code| f64::from(code)).collect();
        assert_eq!(cramers_v(&codes, 2, &other, 2), 0.0);
        assert!(correlation_ratio(&codes, 2, &numbers) < 1e-12);
    }

    #[test]
    fn what_is_missing_or_always_the_same_counts_for_nothing() {
        let codes = [0, 1, MISSING, 0, 1, 1];
        let numbers = [1.0, 2.0, 9.0, 1.5, f64::NAN, 2.5];
        let plain = correlation_ratio(&[0, 1, 0, 1], 2, &[1.0, 2.0, 1.5, 2.5]);
        assert_eq!(correlation_ratio(&codes, 2, &numbers), plain);
        // A level that nobody has changes nothing.
        let (a, b) = ([0, 1, 1, 0, 1], [1, 0, 0, 1, 1]);
        assert_eq!(cramers_v(&a, 2, &b, 2), cramers_v(&a, 9, &b, 7));
        assert_eq!(cramers_v(&a, 2, &[0; 5], 2), 0.0);
        assert_eq!(correlation_ratio(&a, 2, &[3.0; 5]), 0.0);
        assert_eq!(pearson(&[1.0, 2.0], &[5.0, 5.0]), 0.0);
        for nothing in [
            cramers_v(&[], 2, &[], 2),
            correlation_ratio(&[], 2, &[]),
            pearson(&[], &[]),
        ] {
            assert_eq!(nothing, 0.0);
        }
        // One row of each: the correction leaves nothing to divide by.
        assert_eq!(cramers_v(&[0, 1], 2, &[0, 1], 2), 0.0);
    }

    #[test]
    fn the_matrix_is_a_lower_triangle() {
        let levels = Values::Levels {
            codes: vec![0, 1, 1, 0],
            levels: 2,
        };
        let numbers = Values::Numbers(vec![1.0, 2.0, 3.0, 0.0]);
        let matrix = matrix(&[levels.clone(), numbers.clone(), levels.clone()]);
        let widths: Vec<usize> = matrix.iter().map(Vec::len).collect();
        assert_eq!(widths, [0, 1, 2]);
        assert_eq!(matrix[2][1], Association::of(&numbers, &levels));
        assert_eq!(matrix[2][1].measure, Measure::CorrelationRatio);
        assert_eq!(matrix[2][0].measure, Measure::CramersV);
    }
}
