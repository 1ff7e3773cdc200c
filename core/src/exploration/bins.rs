//! A range of numbers in bins of one width with round ends.

use crate::dataset::{Column, Dataset};
use crate::schema::{FeatureKind, MISSING};

/// Most bins: a bin's code fits a byte and [`MISSING`] stays free.
const MOST: usize = MISSING as usize;

/// Bins of one width, each from its lower end up to, but without, its upper.
/// The width is 1, 2 or 5 times a power of ten and every end a multiple of it,
/// so that people can read the ends and a filter can name them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bins {
    /// The lowest end, in widths.
    first: f64,
    width: f64,
    number: usize,
}

impl Bins {
    /// Bins that hold a feature's numbers in all rows of the data, about as many
    /// as wanted at most; of whole numbers each bin holds as many. Nothing for a
    /// feature without numbers.
    pub fn of(data: &Dataset, feature: usize, wanted: usize) -> Option<Self> {
        let Column::Numeric(numbers) = data.column(feature) else {
            return None;
        };
        let ends = (f64::INFINITY, f64::NEG_INFINITY);
        let (low, high) = numbers
            .iter()
            .fold(ends, |(low, high), &x| (low.min(x), high.max(x)));
        let whole = data.schema().features[feature].kind == FeatureKind::Numeric { decimals: 0 };
        let wanted = if whole {
            wanted.min((high - low) as usize)
        } else {
            wanted
        };
        // No number at all leaves the ends where they were.
        (low <= high).then(|| Self::over(low, high, wanted))
    }

    /// Bins from the one that holds `low` to the one that holds `high`: as narrow
    /// as there may be `wanted` of them, and one more where the ends are not
    /// round.
    pub fn over(low: f64, high: f64, wanted: usize) -> Self {
        let wanted = wanted.clamp(1, MOST - 1);
        let width = round_step((high - low) / wanted as f64);
        let mut bins = Self {
            first: 0.0,
            width,
            number: MOST,
        };
        bins.first = bins.widths(low);
        let number = bins.widths(high) - bins.first + 1.0;
        bins.number = (number as usize).clamp(1, MOST);
        bins
    }

    /// How many bins there are.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Width of a bin.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Lower end of the bin at a place; behind the last bin its upper end.
    pub fn end(&self, place: usize) -> f64 {
        self.at(self.first + place as f64)
    }

    /// The bin that holds a number; [`MISSING`] where none does.
    pub fn code(&self, x: f64) -> u8 {
        let place = self.widths(x) - self.first;
        if (0.0..self.number as f64).contains(&place) {
            place as u8
        } else {
            MISSING
        }
    }

    /// The multiple of the width at or below a number, in widths; such that the
    /// bin's ends, as they are written, hold it.
    fn widths(&self, x: f64) -> f64 {
        let place = libm::floor(x / self.width);
        if self.at(place) > x {
            place - 1.0
        } else if self.at(place + 1.0) <= x {
            place + 1.0
        } else {
            place
        }
    }

    /// A multiple of the width. Divided where the width is below one: 3 / 10 is
    /// the number that is written 0.3, 3 × 0.1 is not.
    fn at(&self, widths: f64) -> f64 {
        if self.width < 1.0 {
            widths / libm::round(1.0 / self.width)
        } else {
            widths * self.width
        }
    }
}

/// The smallest of 1, 2, 5, 10, 20 … (or 0.5, 0.2, 0.1 …) that is at least as
/// large; 1 where no size is given.
pub fn round_step(least: f64) -> f64 {
    if !(least > 0.0 && least.is_finite()) {
        return 1.0;
    }
    let mut unit = 1.0;
    while unit < least {
        unit *= 10.0;
    }
    while unit / 10.0 >= least {
        unit /= 10.0;
    }
    // The unit reaches it, a tenth does not.
    let of_unit = [0.2, 0.5].into_iter().find(|part| part * unit >= least);
    of_unit.unwrap_or(1.0) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        for (least, round) in [
            (0.2, 0.2),
            (0.21, 0.5),
            (1.0, 1.0),
            (1.1, 2.0),
            (730.0, 1000.0),
            (0.03, 0.05),
            (0.0, 1.0),
        ] {
            let got = round_step(least);
            assert!((got - round).abs() < 1e-12 * round, "{least}: {got}");
        }
    }

    #[test]
    fn ends_are_round_and_hold_every_number() {
        let bins = Bins::over(18.25, 118.75, 30);
        assert_eq!((bins.width(), bins.number()), (5.0, 21));
        assert_eq!((bins.end(0), bins.end(21)), (15.0, 120.0));
        assert_eq!(
            [18.25, 19.999, 20.0, 118.75].map(|x| bins.code(x)),
            [0, 0, 1, 20]
        );
        assert_eq!([14.9, 120.0, f64::NAN].map(|x| bins.code(x)), [MISSING; 3]);
    }

    #[test]
    fn small_ends_are_the_numbers_that_are_written() {
        let bins = Bins::over(-0.3, 0.7, 10);
        let ends: Vec<String> = (0..=11).map(|place| bins.end(place).to_string()).collect();
        assert_eq!(
            ends.join(" "),
            "-0.3 -0.2 -0.1 0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8"
        );
        for place in 0..11_u8 {
            assert_eq!(bins.code(bins.end(place.into())), place);
        }
    }

    #[test]
    fn odd_ranges_have_bins_too() {
        let one = Bins::over(7.0, 7.0, 30);
        assert_eq!((one.number(), one.code(7.0), one.end(0)), (1, 0, 7.0));
        let wide = Bins::over(-1e15, 1e15, 10_000);
        assert!(wide.number() <= MOST);
        assert_eq!(usize::from(wide.code(1e15)), wide.number() - 1);
        let tiny = Bins::over(0.0, 1e-12, 3);
        assert_eq!(usize::from(tiny.code(1e-12)), tiny.number() - 1);
    }
}
