//! How far figures would differ on another sample of as many rows: the rows
//! are drawn again with replacement, many times (Efron's bootstrap).
//!
//! Plain, not by class: how many leave is chance as well. Seeded: the same rows
//! give the same bands.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

use crate::cuts::Cuts;
use crate::interval::Interval;
use crate::metrics::log_loss;

/// Resamples that bands are made of.
pub const RESAMPLES: usize = 200;

/// Cuts that counts are kept for: 0%, 1%, … 100%.
pub const GRID: usize = 101;

/// Figures of the resamples.
#[derive(Clone, Debug, PartialEq)]
pub struct Bootstrap {
    /// Rows of every resample.
    pub rows: u64,
    /// Area under the ROC curve.
    pub roc_auc: Interval,
    /// Log loss.
    pub log_loss: Interval,
    /// Brier score.
    pub brier: Interval,
    /// Resamples × [`GRID`]: rows flagged that left and that stayed.
    counts: Vec<[u32; 2]>,
}

/// The cut at a place of the grid.
pub fn grid_cut(place: usize) -> f64 {
    place as f64 / (GRID - 1) as f64
}

impl Bootstrap {
    /// Draws the resamples; takes about rows × resamples steps.
    pub fn draw(cuts: &Cuts, resamples: usize, seed: u64) -> Self {
        let rows = cuts.scores().len();
        let losses: Vec<f64> = pairs(cuts)
            .map(|(score, left)| log_loss(&[score], &[left]))
            .collect();
        let squares: Vec<f64> = pairs(cuts)
            .map(|(score, left)| {
                let miss = score - f64::from(u8::from(left));
                miss * miss
            })
            .collect();
        // Of 32 bits: a browser multiplies 128 bits slowly.
        let mut random = Pcg32::seed_from_u64(seed);
        let mut times = vec![0_u32; rows];
        let mut counts = Vec::with_capacity(resamples * GRID);
        let mut figures = [const { Vec::new() }; 3];
        let last = u32::try_from(rows).unwrap_or(u32::MAX);
        for _ in 0..resamples {
            times.fill(0);
            for _ in 0..rows {
                times[random.random_range(0..last) as usize] += 1;
            }
            let mean = |of: &[f64]| {
                let sum: f64 = of.iter().zip(&times).map(|(x, &n)| x * f64::from(n)).sum();
                sum / rows as f64
            };
            figures[0].push(roc_auc(cuts, &times));
            figures[1].push(mean(&losses));
            figures[2].push(mean(&squares));
            count(cuts, &times, &mut counts);
        }
        let [roc_auc, log_loss, brier] =
            figures.map(|mut figures| Interval::of_repetitions(&mut figures));
        Self {
            rows: rows as u64,
            roc_auc,
            log_loss,
            brier,
            counts,
        }
    }

    /// Counts of each resample on the grid: flagged rows that left, that stayed.
    pub fn counts(&self) -> impl Iterator<Item = &[[u32; 2]]> {
        self.counts.chunks_exact(GRID)
    }
}

fn pairs(cuts: &Cuts) -> impl Iterator<Item = (f64, bool)> {
    cuts.scores()
        .iter()
        .copied()
        .zip(cuts.left().iter().copied())
}

/// Area under the ROC curve with every row as often as it was drawn; 0.5 where
/// one class is missing.
fn roc_auc(cuts: &Cuts, times: &[u32]) -> f64 {
    // Whole numbers, of twice the area: quick, and exact.
    let (mut area, mut left, mut stayed) = (0_u64, 0_u64, 0_u64);
    let mut row = 0;
    for point in cuts.points() {
        let end = (point.true_positives + point.false_positives) as usize;
        let (mut more, mut more_left) = (0, 0);
        for (&drawn, &gone) in times[row..end].iter().zip(&cuts.left()[row..end]) {
            more += u64::from(drawn);
            more_left += u64::from(drawn) * u64::from(gone);
        }
        area += (more - more_left) * (2 * left + more_left);
        left += more_left;
        stayed += more - more_left;
        row = end;
    }
    if left == 0 || stayed == 0 {
        return 0.5;
    }
    area as f64 / (2 * left * stayed) as f64
}

/// Appends one resample's counts, in the order of the grid.
fn count(cuts: &Cuts, times: &[u32], counts: &mut Vec<[u32; 2]>) {
    let start = counts.len();
    counts.resize(start + GRID, [0, 0]);
    let (mut flagged, mut row) = ([0, 0], 0);
    for place in (0..GRID).rev() {
        while row < times.len() && cuts.scores()[row] >= grid_cut(place) {
            flagged[usize::from(!cuts.left()[row])] += times[row];
            row += 1;
        }
        counts[start + place] = flagged;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::roc_auc as auc_of;

    /// Rows whose leaving follows the score, with ties.
    fn cuts(rows: u32) -> Cuts {
        let scores: Vec<f64> = (0..rows).map(|row| f64::from(row % 50) / 50.0).collect();
        let labels: Vec<bool> = (0..rows)
            .map(|row| (row * 7919 % 97) as f64 / 97.0 < scores[row as usize])
            .collect();
        Cuts::new(&scores, &labels)
    }

    #[test]
    fn every_row_once_gives_the_figures_themselves() {
        let cuts = cuts(400);
        let once = vec![1; 400];
        assert!((roc_auc(&cuts, &once) - auc_of(cuts.points())).abs() < 1e-12);
        let mut counts = Vec::new();
        count(&cuts, &once, &mut counts);
        for (place, &[left, stayed]) in counts.iter().enumerate() {
            let point = cuts.at(grid_cut(place));
            assert_eq!(u64::from(left), point.true_positives, "{place}%");
            assert_eq!(u64::from(stayed), point.false_positives, "{place}%");
        }
    }

    #[test]
    fn a_row_drawn_twice_counts_as_two() {
        let cuts = Cuts::new(&[0.9, 0.5, 0.4], &[true, false, true]);
        let twice = Cuts::new(&[0.9, 0.5, 0.4, 0.4], &[true, false, true, true]);
        assert!((roc_auc(&cuts, &[1, 1, 2]) - auc_of(twice.points())).abs() < 1e-15);
        assert_eq!(roc_auc(&cuts, &[1, 0, 1]), 0.5);
    }

    #[test]
    fn bands_hold_the_figure_and_narrow_with_rows() {
        let width = |rows| {
            let cuts = cuts(rows);
            let drawn = Bootstrap::draw(&cuts, RESAMPLES, 1);
            assert_eq!(drawn, Bootstrap::draw(&cuts, RESAMPLES, 1), "seeded");
            let Interval { low, high } = drawn.roc_auc;
            let auc = auc_of(cuts.points());
            assert!(low < auc && auc < high, "{low} < {auc} < {high}");
            for resample in drawn.counts() {
                let [left, stayed] = resample[0];
                assert_eq!(u64::from(left + stayed), drawn.rows, "a cut of 0 flags all");
            }
            high - low
        };
        let (few, many) = (width(200), width(3200));
        // Four times narrower, but for the luck of the draw.
        assert!(many < 0.4 * few, "{many} and {few}");
    }
}
