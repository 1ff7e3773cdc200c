//! Bounds of a number.

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// Where the range ends.
    pub number: f64,
    /// Whether the end itself is outside.
    pub open: bool,
}

impl Bound {
    /// An end that is part of its range.
    pub fn closed(number: f64) -> Self {
        Self {
            number,
            open: false,
        }
    }

    fn open(number: f64) -> Self {
        Self { number, open: true }
    }
}

/// A range of numbers, as a condition spells it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// `<6`
    Below(f64),
    /// `<=6`
    AtMost(f64),
    /// `>6`
    Above(f64),
    /// `>=6`
    AtLeast(f64),
    /// `=6`
    Exactly(f64),
    /// `:6..12`, both ends within.
    Between(f64, f64),
}

impl Range {
    /// Whether a number is in the range.
    pub fn contains(self, x: f64) -> bool {
        match self {
            Self::Below(high) => x < high,
            Self::AtMost(high) => x <= high,
            Self::Above(low) => x > low,
            Self::AtLeast(low) => x >= low,
            Self::Exactly(number) => x == number,
            Self::Between(low, high) => (low..=high).contains(&x),
        }
    }

    /// Lower and upper end.
    pub fn bounds(self) -> (Option<Bound>, Option<Bound>) {
        match self {
            Self::Below(high) => (None, Some(Bound::open(high))),
            Self::AtMost(high) => (None, Some(Bound::closed(high))),
            Self::Above(low) => (Some(Bound::open(low)), None),
            Self::AtLeast(low) => (Some(Bound::closed(low)), None),
            Self::Exactly(x) => (Some(Bound::closed(x)), Some(Bound::closed(x))),
            Self::Between(low, high) => (Some(Bound::closed(low)), Some(Bound::closed(high))),
        }
    }

    /// The ranges that together have these ends.
    pub fn between(low: Option<Bound>, high: Option<Bound>) -> impl Iterator<Item = Self> {
        let above = |bound: Bound| match bound.open {
            true => Self::Above(bound.number),
            false => Self::AtLeast(bound.number),
        };
        let below = |bound: Bound| match bound.open {
            true => Self::Below(bound.number),
            false => Self::AtMost(bound.number),
        };
        let ranges = match (low, high) {
            (Some(low), Some(high)) if !low.open && !high.open && low.number <= high.number => {
                let (low, high) = (low.number, high.number);
                let whole = if low == high {
                    Self::Exactly(low)
                } else {
                    Self::Between(low, high)
                };
                [Some(whole), None]
            }
            _ => [low.map(above), high.map(below)],
        };
        ranges.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_made_of_its_ends() {
        for range in [
            Range::Below(6.0),
            Range::AtMost(6.0),
            Range::Above(6.0),
            Range::AtLeast(6.0),
            Range::Exactly(6.0),
            Range::Between(6.0, 12.0),
        ] {
            let (low, high) = range.bounds();
            assert!(Range::between(low, high).eq([range]));
            for x in [5.0, 6.0, 7.0, 12.0, 13.0] {
                let above = low.is_none_or(|low| x > low.number || !low.open && x == low.number);
                let below =
                    high.is_none_or(|high| x < high.number || !high.open && x == high.number);
                assert_eq!(range.contains(x), above && below, "{x} in {range:?}");
            }
        }
    }
}
