//! What an offer to the customers at or above a cut earns.
//!
//! Every flagged customer gets the offer and costs what it costs. Of those who
//! would leave, it keeps a share, each worth a value. Those who would stay
//! anyway only cost. So, over all rows,
//!
//! profit = flagged leavers × share saved × value − flagged × cost,
//!
//! and figures are per 1,000 customers, to be read for any number of them.

use crate::bootstrap::{Bootstrap, GRID, grid_cut};
use crate::cuts::Cuts;
use crate::interval::Interval;
use crate::metrics::CurvePoint;

/// Customers that figures are stated for.
pub const PER: f64 = 1000.0;

/// An offer, in money.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offer {
    /// What one offer costs.
    pub cost: f64,
    /// What a customer who is kept is worth.
    pub value: f64,
    /// Share of the offers to customers who would leave that keep them.
    pub saved: f64,
}

/// The cut that earns most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Best {
    /// Its place among the points of [`Cuts`].
    pub place: usize,
    /// The roundest cut that flags its rows.
    pub threshold: f64,
    /// What it earns per [`PER`] customers.
    pub profit: f64,
}

impl Offer {
    /// Profit per [`PER`] of `rows` customers, of whom so many are flagged who
    /// leave and who stay.
    pub fn profit(&self, left: f64, stayed: f64, rows: u64) -> f64 {
        let kept = left * self.saved * self.value;
        (kept - (left + stayed) * self.cost) * PER / rows.max(1) as f64
    }

    /// Profit at every point of the cuts.
    pub fn curve(&self, cuts: &Cuts) -> Vec<f64> {
        let of = |point: &CurvePoint| {
            let left = point.true_positives as f64;
            self.profit(left, point.false_positives as f64, cuts.rows())
        };
        cuts.points().iter().map(of).collect()
    }

    /// The cut that earns most, of equal ones the highest; nothing where no cut
    /// earns more than contacting nobody.
    pub fn best(&self, cuts: &Cuts) -> Option<Best> {
        let mut best: Option<(usize, f64)> = None;
        for (place, profit) in self.curve(cuts).into_iter().enumerate() {
            if profit > best.map_or(0.0, |(_, most)| most) {
                best = Some((place, profit));
            }
        }
        best.map(|(place, profit)| Best {
            place,
            threshold: cuts.roundest(place),
            profit,
        })
    }

    /// Band of the profit at every cut of the bootstrap's grid.
    pub fn band(&self, drawn: &Bootstrap) -> Vec<Interval> {
        let mut profits = Vec::new();
        (0..GRID)
            .map(|place| {
                profits.clear();
                profits.extend(drawn.counts().map(|counts| self.at(counts[place], drawn)));
                Interval::of_repetitions(&mut profits)
            })
            .collect()
    }

    /// Where the best cut of the grid lies in the resamples.
    pub fn best_cuts(&self, drawn: &Bootstrap) -> Interval {
        let best_of = |counts: &[[u32; 2]]| {
            let profits = counts.iter().map(|&counts| self.at(counts, drawn));
            let (mut best, mut most) = (GRID - 1, f64::NEG_INFINITY);
            for (place, profit) in profits.enumerate() {
                if profit >= most {
                    (best, most) = (place, profit);
                }
            }
            grid_cut(best)
        };
        let mut cuts: Vec<f64> = drawn.counts().map(best_of).collect();
        Interval::of_repetitions(&mut cuts)
    }

    fn at(&self, [left, stayed]: [u32; 2], drawn: &Bootstrap) -> f64 {
        self.profit(f64::from(left), f64::from(stayed), drawn.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: Offer = Offer {
        cost: 10.0,
        value: 100.0,
        saved: 0.5,
    };

    fn cuts() -> Cuts {
        Cuts::new(
            &[0.9, 0.8, 0.55, 0.5, 0.3, 0.2, 0.1, 0.05],
            &[true, true, false, true, false, false, false, false],
        )
    }

    #[test]
    fn profit_is_what_is_kept_less_what_is_spent() {
        // Three leavers and a stayer of eight: 3 × 0.5 × 100 − 4 × 10 = 110.
        assert_eq!(OFFER.profit(3.0, 1.0, 8), 110.0 * 1000.0 / 8.0);
        let curve = OFFER.curve(&cuts());
        let expected = [40.0, 80.0, 70.0, 110.0, 100.0, 90.0, 80.0, 70.0].map(|x| x * 125.0);
        assert_eq!(curve, expected);
    }

    #[test]
    fn the_best_cut_is_the_top_of_the_curve() {
        let best = OFFER.best(&cuts());
        let expected = Best {
            place: 3,
            threshold: 0.5,
            profit: 13_750.0,
        };
        assert_eq!(best, Some(expected));
        let dear = Offer {
            cost: 50.0,
            ..OFFER
        };
        assert_eq!(dear.best(&cuts()), None, "contacting nobody is best");
    }

    #[test]
    fn bands_hold_the_curve() {
        let cuts = cuts();
        let drawn = Bootstrap::draw(&cuts, 400, 3);
        let band = OFFER.band(&drawn);
        assert_eq!(band.len(), GRID);
        for (place, interval) in band.iter().enumerate() {
            let point = cuts.at(grid_cut(place));
            let [left, stayed] = [point.true_positives, point.false_positives];
            let profit = OFFER.profit(left as f64, stayed as f64, 8);
            assert!(
                interval.low <= profit && profit <= interval.high,
                "{profit} is not within {interval:?} at {place}%"
            );
        }
        let Interval { low, high } = OFFER.best_cuts(&drawn);
        assert!(low <= 0.5 && 0.5 <= high, "0.5 within {low} to {high}");
    }
}
