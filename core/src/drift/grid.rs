//! The points on which distributions of a number are compared.
//!
//! A model keeps the percentiles of the numbers it was trained from, not the
//! numbers. Two percentiles that differ bound a *cell*; numbers inside a cell
//! are taken to be at its middle, numbers at a percentile to be there, numbers
//! beyond the ends to be at their own mean. On these points the figures are
//! exact. Against the raw numbers a Kolmogorov-Smirnov statistic is right to
//! about 0.01, the step between two percentiles, and a Wasserstein distance of
//! some hundred numbers to 0.005 standard deviations.

use crate::marginals::{NumericMarginal, PERCENT_STEPS};

/// Least standard deviation that distances are divided by.
const LEAST_SD: f64 = 0.001;

/// Cells of a number, and how the training data fill them.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Different percentiles, ascending.
    edges: Vec<f64>,
    /// Of the training data, how many percent lie up to each cell's end.
    reference: Vec<u32>,
    sd: f64,
}

/// How many numbers fell into each cell of a [`Grid`].
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cells {
    /// Below the first edge, at it, between it and the next one, …, above the
    /// last.
    pub counts: Vec<u32>,
    /// Sum of the numbers below the first edge.
    pub below: f64,
    /// Sum of the numbers above the last edge.
    pub above: f64,
}

impl Grid {
    /// The grid of a number's percentiles.
    pub fn new(marginal: &NumericMarginal) -> Self {
        let mut edges: Vec<f64> = Vec::new();
        let mut reference = Vec::new();
        // The numbers up to the k-th percentile are k percent.
        for (percent, &quantile) in (0..).zip(&marginal.quantiles) {
            if edges.last() == Some(&quantile) {
                if let Some(last) = reference.last_mut() {
                    *last = percent;
                }
            } else {
                edges.push(quantile);
                // Before the edge, and at it.
                reference.extend([percent, percent]);
            }
        }
        reference.push(PERCENT_STEPS as u32);
        Self {
            edges,
            reference,
            sd: marginal.sd,
        }
    }

    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        self.reference.len()
    }

    /// The cell of a number.
    pub(crate) fn cell(&self, x: f64) -> usize {
        let below = self.edges.partition_point(|edge| *edge < x);
        2 * below + usize::from(self.edges.get(below) == Some(&x))
    }

    /// Both figures of numbers against the training data: Wasserstein distance
    /// in its standard deviations, Kolmogorov-Smirnov statistic. 0 of none.
    pub fn distances(&self, numbers: &[f64]) -> (f64, f64) {
        let mut cells = Cells::default();
        for &x in numbers {
            cells.add(self, x);
        }
        self.compare(&cells)
    }

    pub(crate) fn compare(&self, cells: &Cells) -> (f64, f64) {
        let rows: u64 = cells.counts.iter().map(|&count| u64::from(count)).sum();
        if rows == 0 {
            return (0.0, 0.0);
        }
        let (mut area, mut farthest) = (0.0, 0.0_f64);
        let (mut before, mut gap, mut count) = (None, 0.0, 0);
        for (cell, (&new, &percent)) in cells.counts.iter().zip(&self.reference).enumerate() {
            count += u64::from(new);
            let Some(point) = self.point(cell, new, cells) else {
                continue;
            };
            if let Some(before) = before {
                area += gap * (point - before);
            }
            let reference = f64::from(percent) / PERCENT_STEPS as f64;
            gap = (reference - count as f64 / rows as f64).abs();
            farthest = farthest.max(gap);
            before = Some(point);
        }
        (area / self.sd.max(LEAST_SD), farthest)
    }

    /// The point up to which a share of the numbers lies; 0 of none.
    pub(crate) fn quantile(&self, cells: &Cells, share: f64) -> f64 {
        let rows: u64 = cells.counts.iter().map(|&count| u64::from(count)).sum();
        let wanted = share * rows as f64;
        let mut count = 0;
        for (cell, &new) in cells.counts.iter().enumerate() {
            count += u64::from(new);
            if new > 0 && count as f64 >= wanted {
                return self.point(cell, new, cells).unwrap_or(0.0);
            }
        }
        0.0
    }

    /// Where the numbers of a cell are taken to be; none beyond the ends where
    /// no number is.
    fn point(&self, cell: usize, count: u32, cells: &Cells) -> Option<f64> {
        let edge = |at: usize| self.edges.get(at).copied();
        let mean = |sum: f64| (count > 0).then(|| sum / f64::from(count));
        let at = cell / 2;
        match (cell % 2 == 1, at) {
            (true, at) => edge(at),
            (false, 0) => mean(cells.below),
            (false, at) => match edge(at) {
                Some(high) => Some(0.5 * (edge(at - 1)? + high)),
                None => mean(cells.above),
            },
        }
    }
}

impl Cells {
    pub(crate) fn add(&mut self, grid: &Grid, x: f64) {
        self.counts.resize(grid.len(), 0);
        let cell = grid.cell(x);
        self.counts[cell] += 1;
        if cell == 0 {
            self.below += x;
        } else if cell + 1 == grid.len() {
            self.above += x;
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        super::add_counts(&mut self.counts, &other.counts);
        self.below += other.below;
        self.above += other.above;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(numbers: Vec<f64>) -> Grid {
        Grid::new(&NumericMarginal::measure(numbers))
    }

    #[test]
    fn a_shift_is_as_long_as_it_is() {
        let numbers: Vec<f64> = (0..=1000).map(f64::from).collect();
        let grid = grid(numbers.clone());
        let shifted: Vec<f64> = numbers.iter().map(|x| x + 2000.0).collect();
        let (distance, farthest) = grid.distances(&shifted);
        assert!((distance - 2000.0 / grid.sd).abs() < 1e-9, "{distance}");
        assert_eq!(farthest, 1.0);
        let (distance, farthest) = grid.distances(&numbers);
        assert!(distance < 0.01 && farthest < 0.011, "{distance} {farthest}");
    }

    #[test]
    fn ties_are_points() {
        let grid = grid([vec![1.0; 30], vec![2.0; 70]].concat());
        let (_, farthest) = grid.distances(&[1.0, 1.0, 2.0, 2.0]);
        assert!((farthest - 0.2).abs() < 0.011, "{farthest}");
        assert_eq!(grid.distances(&[]), (0.0, 0.0));
    }

    #[test]
    fn a_constant_can_be_left() {
        let grid = grid(vec![5.0; 10]);
        assert_eq!(grid.distances(&[5.0]), (0.0, 0.0));
        assert_eq!(grid.distances(&[4.0]), (1.0 / LEAST_SD, 1.0));
    }
}
