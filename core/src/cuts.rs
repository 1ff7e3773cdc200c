//! Labelled scores, sorted once: what deciding at any cut would have meant.

use crate::math::sort_places;
use crate::metrics::{Confusion, CurvePoint, curve};

/// Labelled rows by falling score.
#[derive(Clone, Debug, PartialEq)]
pub struct Cuts {
    scores: Vec<f64>,
    left: Vec<bool>,
    points: Vec<CurvePoint>,
}

/// What flagging the rows at or above a cut gets, as shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Of all rows, those flagged.
    pub flagged: f64,
    /// Of those who left, those flagged: recall, and cumulative gain.
    pub found: f64,
    /// Of those who stayed, those flagged: false alarms.
    pub alarmed: f64,
    /// Of those flagged, those who left: precision; nothing where nobody is.
    pub right: Option<f64>,
    /// How many times more leavers a flagged row brings than a random one;
    /// nothing where nobody is flagged or nobody left.
    pub lift: Option<f64>,
}

impl Cuts {
    /// Sorts scores with labels (`true`: left) of equal length.
    pub fn new(scores: &[f64], labels: &[bool]) -> Self {
        let mut order: Vec<u32> = (0..).take(scores.len().min(labels.len())).collect();
        sort_places(&mut order, &|a, b| scores[b].total_cmp(&scores[a]));
        let scores: Vec<f64> = order.iter().map(|&row| scores[row as usize]).collect();
        let left: Vec<bool> = order.iter().map(|&row| labels[row as usize]).collect();
        Self {
            points: curve(&scores, &left),
            scores,
            left,
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> u64 {
        self.scores.len() as u64
    }

    /// Rows that left.
    pub fn leavers(&self) -> u64 {
        self.points.last().map_or(0, |all| all.true_positives)
    }

    /// Rows that stayed.
    pub fn stayers(&self) -> u64 {
        self.rows() - self.leavers()
    }

    /// Scores, highest first.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// Whether each row left, in the order of [`scores`](Self::scores).
    pub fn left(&self) -> &[bool] {
        &self.left
    }

    /// The cut at every distinct score, from the highest down.
    pub fn points(&self) -> &[CurvePoint] {
        &self.points
    }

    /// What a cut flags; found by halving.
    pub fn at(&self, threshold: f64) -> CurvePoint {
        let passed = self
            .points
            .partition_point(|point| point.threshold >= threshold);
        let (true_positives, false_positives) = match passed.checked_sub(1) {
            Some(last) => {
                let last = self.points[last];
                (last.true_positives, last.false_positives)
            }
            None => (0, 0),
        };
        CurvePoint {
            threshold,
            true_positives,
            false_positives,
        }
    }

    /// Decisions at a cut against the labels.
    pub fn confusion(&self, threshold: f64) -> Confusion {
        let CurvePoint {
            true_positives,
            false_positives,
            ..
        } = self.at(threshold);
        Confusion {
            true_positives,
            false_positives,
            true_negatives: self.stayers() - false_positives,
            false_negatives: self.leavers() - true_positives,
        }
    }

    /// The shares behind the counts of a cut.
    pub fn rates(&self, point: CurvePoint) -> Rates {
        let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        let taken = point.true_positives + point.false_positives;
        let right = share(point.true_positives, taken);
        let all = share(self.leavers(), self.rows()).filter(|&all| all > 0.0);
        Rates {
            flagged: share(taken, self.rows()).unwrap_or(0.0),
            found: share(point.true_positives, self.leavers()).unwrap_or(0.0),
            alarmed: share(point.false_positives, self.stayers()).unwrap_or(0.0),
            right,
            lift: right.zip(all).map(|(right, all)| right / all),
        }
    }

    /// The roundest cut that flags exactly the rows of a point (by its place in
    /// [`points`](Self::points)): fewest decimals above the next lower score.
    pub fn roundest(&self, place: usize) -> f64 {
        let score = self.points[place].threshold;
        let below = self
            .points
            .get(place + 1)
            .map_or(0.0, |next| next.threshold);
        let mut unit = 1.0;
        while unit < 1e12 {
            let round = libm::floor(score * unit) / unit;
            if round > below && round <= score {
                return round;
            }
            unit *= 10.0;
        }
        score
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rows share a score.
    fn cuts() -> Cuts {
        Cuts::new(
            &[0.2, 0.81, 0.6, 0.6, 0.1],
            &[false, true, true, false, false],
        )
    }

    #[test]
    fn a_cut_decides_as_counting_would() {
        let (scores, labels) = (
            [0.2, 0.81, 0.6, 0.6, 0.1],
            [false, true, true, false, false],
        );
        for threshold in [0.0, 0.1, 0.15, 0.6, 0.600_1, 0.81, 0.9, 1.0] {
            assert_eq!(
                cuts().confusion(threshold),
                Confusion::at(&scores, &labels, threshold),
                "at {threshold}"
            );
        }
    }

    #[test]
    fn rates_are_shares_of_the_right_wholes() {
        let cuts = cuts();
        let rates = cuts.rates(cuts.at(0.5));
        assert_eq!((rates.flagged, rates.found), (0.6, 1.0));
        assert_eq!(rates.alarmed, 1.0 / 3.0);
        assert_eq!(rates.right, Some(2.0 / 3.0));
        assert_eq!(rates.lift, Some((2.0 / 3.0) / 0.4));
        let nobody = cuts.rates(cuts.at(0.99));
        assert_eq!(
            (nobody.flagged, nobody.right, nobody.lift),
            (0.0, None, None)
        );
    }

    #[test]
    fn the_roundest_cut_flags_the_same_rows() {
        let cuts = cuts();
        assert_eq!(cuts.points().len(), 4);
        assert_eq!(
            (0..4).map(|place| cuts.roundest(place)).collect::<Vec<_>>(),
            [0.8, 0.6, 0.2, 0.1]
        );
        for (place, point) in cuts.points().iter().enumerate() {
            let round = cuts.at(cuts.roundest(place));
            assert_eq!(round.true_positives, point.true_positives);
            assert_eq!(round.false_positives, point.false_positives);
        }
    }

    #[test]
    fn no_rows_are_no_figures() {
        let none = Cuts::new(&[], &[]);
        assert_eq!(none.confusion(0.5), Confusion::default());
        assert_eq!(none.rates(none.at(0.5)).lift, None);
    }
}
