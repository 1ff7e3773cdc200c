//! Ranges that a figure plausibly lies in, at 95%.

use crate::math::{quantile, sort};

/// Share of repetitions that an interval is to cover.
pub const COVERAGE: f64 = 0.95;

/// The normal quantile of [`COVERAGE`].
const Z: f64 = 1.959_963_984_540_054;

/// From low to high.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Wilson's interval of a share: `hits` of `rows`. Of no rows everything is
    /// plausible.
    pub fn of_share(hits: u64, rows: u64) -> Self {
        if rows == 0 {
            return Self {
                low: 0.0,
                high: 1.0,
            };
        }
        let n = rows as f64;
        let share = hits as f64 / n;
        let z2 = Z * Z;
        let middle = share + z2 / (2.0 * n);
        let half = Z * libm::sqrt((share * (1.0 - share) + z2 / (4.0 * n)) / n);
        let whole = 1.0 + z2 / n;
        Self {
            low: ((middle - half) / whole).max(0.0),
            high: ((middle + half) / whole).min(1.0),
        }
    }

    /// The middle [`COVERAGE`] of repetitions of a figure, which are sorted in
    /// place; NaN of none.
    pub fn of_repetitions(figures: &mut [f64]) -> Self {
        sort(figures);
        let tail = (1.0 - COVERAGE) / 2.0;
        Self {
            low: quantile(figures, tail),
            high: quantile(figures, 1.0 - tail),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_gives_the_published_ends() {
        // Newcombe 1998, table I, method 3.
        for (hits, rows, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let interval = Interval::of_share(hits, rows);
            assert!(
                (interval.low - low).abs() < 5e-5 && (interval.high - high).abs() < 5e-5,
                "{hits} of {rows}: {interval:?}"
            );
        }
        assert_eq!(Interval::of_share(20, 20).high, 1.0);
        let all = Interval {
            low: 0.0,
            high: 1.0,
        };
        assert_eq!(Interval::of_share(0, 0), all);
    }

    #[test]
    fn repetitions_lose_their_tails() {
        let mut figures: Vec<f64> = (0..=40).rev().map(f64::from).collect();
        let interval = Interval::of_repetitions(&mut figures);
        assert!((interval.low - 1.0).abs() < 1e-12 && (interval.high - 39.0).abs() < 1e-12);
    }
}
