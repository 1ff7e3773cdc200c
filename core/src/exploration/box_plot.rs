//! The five figures of a box plot, and how many numbers lie beyond its whiskers.

use crate::math::{quantile, sort};

/// A whisker ends within this many interquartile ranges of its quartile.
const WHISKER: f64 = 1.5;

/// A box plot (Tukey 1977, "Exploratory Data Analysis"): quartiles by linear
/// interpolation between order statistics, whiskers to the outermost numbers
/// within 1.5 interquartile ranges of the quartiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxPlot {
    /// Numbers that it is made of.
    pub rows: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// End of the lower whisker.
    pub low: f64,
    /// First quartile.
    pub q1: f64,
    /// Median.
    pub median: f64,
    /// Third quartile.
    pub q3: f64,
    /// End of the upper whisker.
    pub high: f64,
    /// Numbers below the lower whisker.
    pub below: usize,
    /// Numbers above the upper whisker.
    pub above: usize,
}

impl BoxPlot {
    /// The box plot of some numbers; NaN is left out, and of no number there is
    /// none.
    pub fn of(numbers: Vec<f64>) -> Option<Self> {
        let mut sorted = numbers;
        sorted.retain(|x| !x.is_nan());
        sort(&mut sorted);
        let rows = sorted.len();
        let [q1, median, q3] = [0.25, 0.5, 0.75].map(|q| quantile(&sorted, q));
        let reach = WHISKER * (q3 - q1);
        let below = sorted.partition_point(|&x| x < q1 - reach);
        let within = sorted.partition_point(|&x| x <= q3 + reach);
        Some(Self {
            rows,
            mean: sorted.iter().sum::<f64>() / rows as f64,
            // Between two numbers a quartile may lie beyond the last one that a
            // whisker could end at; then there is none.
            low: sorted.get(below)?.min(q1),
            q1,
            median,
            q3,
            high: sorted.get(within.checked_sub(1)?)?.max(q3),
            below,
            above: rows - within,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whiskers_end_at_numbers_and_the_rest_lies_beyond() {
        let numbers = [2.0, f64::NAN, 1.0, 3.0, 5.0, 4.0, 40.0, -30.0];
        let expected = BoxPlot {
            rows: 7,
            mean: 25.0 / 7.0,
            low: 1.0,
            q1: 1.5,
            median: 3.0,
            q3: 4.5,
            high: 5.0,
            below: 1,
            above: 1,
        };
        assert_eq!(BoxPlot::of(numbers.into()), Some(expected));
    }

    #[test]
    fn few_numbers_have_a_box_and_none_has_none() {
        assert_eq!(BoxPlot::of(vec![f64::NAN]), None);
        let ends = |numbers: &[f64]| {
            let plot = BoxPlot::of(numbers.to_vec())?;
            Some((plot.low, plot.q3, plot.high, plot.above))
        };
        assert_eq!(ends(&[4.0]), Some((4.0, 4.0, 4.0, 0)));
        // The third quartile lies between 0 and the number far away.
        let far = ends(&[0.0, 0.0, 0.0, 100.0]);
        assert_eq!(far, Some((0.0, 25.0, 25.0, 1)));
    }
}
