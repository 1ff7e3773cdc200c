//! Two models on the same rows: whether one does better by more than chance.
//!
//! Models that are compared on the same rows are wrong on much the same rows;
//! only where they differ tells them apart. So both tests here are paired.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::error::{Error, ErrorCode, Result};
use crate::interval::Interval;
use crate::metrics::{curve, log_loss, roc_auc};

/// Resamples of the intervals.
pub const RESAMPLES: usize = 1000;

/// A model's probabilities with the cut from which it takes a row to leave.
#[derive(Clone, Copy, Debug)]
pub struct Scored<'a> {
    /// One per row.
    pub probabilities: &'a [f64],
    /// The cut.
    pub threshold: f64,
}

/// How a second model differs from a first on the same rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Paired {
    /// Rows.
    pub rows: u64,
    /// Rows that the first decides rightly, and the second wrongly.
    pub only_first: u64,
    /// Rows that the second decides rightly, and the first wrongly.
    pub only_second: u64,
    /// Probability of decisions that differ in rightness at least as much, if both
    /// were equally good: [`mcnemar`].
    pub p_value: f64,
    /// Log loss of the second less that of the first.
    pub log_loss: Difference,
    /// Area under the ROC curve of the second less that of the first.
    pub roc_auc: Difference,
}

/// A difference with the range that it plausibly lies in, at 95%.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// On the rows themselves.
    pub difference: f64,
    /// By drawing rows anew.
    pub interval: Interval,
}

impl Difference {
    /// Whether no difference at all is out of range.
    pub fn is_beyond_chance(&self) -> bool {
        self.interval.low > 0.0 || self.interval.high < 0.0
    }
}

impl Paired {
    /// Compares two models by the outcomes of the rows. Takes about rows ×
    /// [`RESAMPLES`] steps; seeded, the same rows give the same ranges.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] without rows, or for lists of other lengths.
    pub fn compare(first: Scored<'_>, second: Scored<'_>, labels: &[bool]) -> Result<Self> {
        let rows = labels.len();
        for scored in [first, second] {
            if rows == 0 || scored.probabilities.len() != rows {
                let got = format!("{} for {rows}", scored.probabilities.len());
                let expected = "a probability for every row, and at least one row";
                return Err(Error::mismatch(ErrorCode::Parameter, expected, got));
            }
        }
        let is_right = |scored: Scored<'_>, row: usize| {
            (scored.probabilities[row] >= scored.threshold) == labels[row]
        };
        let rights = (0..rows).map(|row| (is_right(first, row), is_right(second, row)));
        let (mut only_first, mut only_second) = (0, 0);
        for right in rights {
            match right {
                (true, false) => only_first += 1,
                (false, true) => only_second += 1,
                _ => {}
            }
        }
        let losses = Losses::new(first, second, labels);
        let (mut log_losses, mut areas) = (Vec::new(), Vec::new());
        let mut random = Pcg64Mcg::seed_from_u64(0);
        let mut times = vec![0_u32; rows];
        let last = u32::try_from(rows).unwrap_or(u32::MAX);
        for _ in 0..RESAMPLES {
            times.fill(0);
            for _ in 0..rows {
                times[random.random_range(0..last) as usize] += 1;
            }
            log_losses.push(losses.log_loss(&times));
            areas.push(losses.roc_auc(&times));
        }
        let area = |scored: Scored<'_>| roc_auc(&curve(scored.probabilities, labels));
        let loss = |scored: Scored<'_>| log_loss(scored.probabilities, labels);
        Ok(Self {
            rows: rows as u64,
            only_first,
            only_second,
            p_value: mcnemar(only_first, only_second),
            log_loss: Difference {
                difference: loss(second) - loss(first),
                interval: Interval::of_repetitions(&mut log_losses),
            },
            roc_auc: Difference {
                difference: area(second) - area(first),
                interval: Interval::of_repetitions(&mut areas),
            },
        })
    }
}

/// The exact test of McNemar (1947), two-sided: of the rows that one model alone
/// decides rightly, half would be the first's if both were equally good. Twice the
/// binomial probability of at most as few as the fewer, up to 1.
pub fn mcnemar(only_first: u64, only_second: u64) -> f64 {
    let (fewer, all) = (only_first.min(only_second), only_first + only_second);
    if all == 0 {
        return 1.0;
    }
    let n = all as f64;
    let ln_half = libm::log(0.5);
    let term = |k: u64| {
        let k = k as f64;
        let ways = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
        libm::exp(ways + n * ln_half)
    };
    let tail: f64 = (0..=fewer).map(term).sum();
    (2.0 * tail).min(1.0)
}

/// What the figures of a resample are sums of.
struct Losses<'a> {
    /// Log loss of the second less that of the first, per row.
    differences: Vec<f64>,
    /// Rows in the order of each model's probabilities, and where ties end.
    orders: [Order; 2],
    labels: &'a [bool],
}

struct Order {
    rows: Vec<usize>,
    is_tied_with_next: Vec<bool>,
}

impl<'a> Losses<'a> {
    fn new(first: Scored<'_>, second: Scored<'_>, labels: &'a [bool]) -> Self {
        let of = |p: f64, left: bool| log_loss(&[p], &[left]);
        let pairs = first.probabilities.iter().zip(second.probabilities);
        let differences = pairs.zip(labels);
        Self {
            differences: differences
                .map(|((&a, &b), &left)| of(b, left) - of(a, left))
                .collect(),
            orders: [first, second].map(|scored| Order::new(scored.probabilities)),
            labels,
        }
    }

    fn log_loss(&self, times: &[u32]) -> f64 {
        let terms = self.differences.iter().zip(times);
        terms.map(|(x, &n)| x * f64::from(n)).sum::<f64>() / times.len() as f64
    }

    fn roc_auc(&self, times: &[u32]) -> f64 {
        let [first, second] = &self.orders;
        second.roc_auc(self.labels, times) - first.roc_auc(self.labels, times)
    }
}

impl Order {
    fn new(probabilities: &[f64]) -> Self {
        let mut rows: Vec<usize> = (0..probabilities.len()).collect();
        rows.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
        let ends = rows.windows(2);
        let mut is_tied_with_next: Vec<bool> = ends
            .map(|pair| probabilities[pair[0]] == probabilities[pair[1]])
            .collect();
        is_tied_with_next.push(false);
        Self {
            rows,
            is_tied_with_next,
        }
    }

    /// With every row as often as it was drawn; 0.5 where one class is missing.
    fn roc_auc(&self, labels: &[bool], times: &[u32]) -> f64 {
        let (mut area, mut left, mut stayed) = (0.0, 0.0, 0.0);
        let (mut more_left, mut more_stayed) = (0.0, 0.0);
        for (&row, &is_tied) in self.rows.iter().zip(&self.is_tied_with_next) {
            match labels[row] {
                true => more_left += f64::from(times[row]),
                false => more_stayed += f64::from(times[row]),
            }
            if !is_tied {
                area += more_stayed * (left + 0.5 * more_left);
                left += more_left;
                stayed += more_stayed;
                (more_left, more_stayed) = (0.0, 0.0);
            }
        }
        if left == 0.0 || stayed == 0.0 {
            return 0.5;
        }
        area / (left * stayed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mcnemar_is_the_binomial_test() {
        // scipy.stats.binomtest(k, n, 0.5).pvalue
        for (first, second, p) in [
            (0, 0, 1.0),
            (1, 0, 1.0),
            (5, 5, 1.0),
            (0, 6, 0.03125),
            (12, 3, 0.035_156_25),
            (59, 37, 0.031_548_120_253_733_51),
            (1200, 1100, 0.038_966_852_683_820_23),
        ] {
            let got = mcnemar(first, second);
            assert!((got - p).abs() < 1e-10, "{first}, {second}: {got}");
        }
    }

    /// Rows of which more leave the higher the score is.
    fn rows(count: u32) -> (Vec<f64>, Vec<bool>) {
        let scores: Vec<f64> = (0..count)
            .map(|row| f64::from(row % 89) / 90.0 + 0.005)
            .collect();
        let left = (0..count).map(|row| f64::from(row * 7919 % 97) / 97.0);
        let labels = left.zip(&scores).map(|(x, score)| x < *score).collect();
        (scores, labels)
    }

    fn scored(probabilities: &[f64]) -> Scored<'_> {
        Scored {
            probabilities,
            threshold: 0.5,
        }
    }

    #[test]
    fn a_model_does_not_differ_from_itself() -> Result<()> {
        let (scores, labels) = rows(400);
        let paired = Paired::compare(scored(&scores), scored(&scores), &labels)?;
        assert_eq!((paired.only_first, paired.only_second), (0, 0));
        assert_eq!(paired.p_value, 1.0);
        for difference in [paired.log_loss, paired.roc_auc] {
            assert_eq!(difference.difference, 0.0);
            assert!(!difference.is_beyond_chance());
        }
        Ok(())
    }

    #[test]
    fn a_worse_model_is_told_apart_by_enough_rows() -> Result<()> {
        let compare = |count| {
            let (scores, labels) = rows(count);
            // Every third row is scored as if nothing were known of it.
            let worse: Vec<f64> = (0..)
                .zip(&scores)
                .map(|(row, score)| match row % 3 {
                    0 => 0.4,
                    _ => *score,
                })
                .collect();
            Paired::compare(scored(&scores), scored(&worse), &labels)
        };
        let many = compare(3000)?;
        assert!(many.p_value < 1e-3, "{}", many.p_value);
        assert!(many.log_loss.is_beyond_chance() && many.log_loss.difference > 0.0);
        assert!(many.roc_auc.is_beyond_chance() && many.roc_auc.difference < 0.0);
        for Difference {
            difference,
            interval,
        } in [many.log_loss, many.roc_auc]
        {
            assert!(interval.low < difference && difference < interval.high);
        }
        assert!(compare(12)?.p_value > 0.05);
        assert_eq!(compare(3000)?, many, "seeded");
        Ok(())
    }

    #[test]
    fn resamples_of_every_row_once_give_the_figures_themselves() {
        let (scores, labels) = rows(500);
        let order = Order::new(&scores);
        let area = roc_auc(&curve(&scores, &labels));
        assert!((order.roc_auc(&labels, &vec![1; 500]) - area).abs() < 1e-12);
    }
}
