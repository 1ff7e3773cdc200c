//! An axis: its range, its ticks, how its values are written.

use crate::number;

/// Ticks that an axis has about.
const TICKS: f64 = 5.0;

/// What the values of an axis are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Shares, written in percent.
    Percent,
    /// Numbers as they are.
    Number,
}

/// One axis of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What it shows.
    pub label: &'static str,
    /// How values are written.
    pub unit: Unit,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    step: f64,
}

impl Axis {
    /// From 0 to 100%.
    pub fn percent(label: &'static str) -> Self {
        Self::over(label, Unit::Percent, 0.0, 1.0)
    }

    /// Over a range, which is widened to whole ticks.
    pub fn over(label: &'static str, unit: Unit, low: f64, high: f64) -> Self {
        let step = step((high - low) / TICKS);
        Self {
            label,
            unit,
            low: (low / step).floor() * step,
            high: (high / step).ceil() * step,
            step,
        }
    }

    /// Values that are marked.
    pub fn ticks(&self) -> Vec<f64> {
        let steps = ((self.high - self.low) / self.step).round() as usize;
        let tick = |place: usize| self.low + place as f64 * self.step;
        (0..=steps).map(tick).collect()
    }

    /// A value as text.
    pub fn text(&self, value: f64) -> String {
        match self.unit {
            Unit::Percent => number::percent(value),
            Unit::Number if self.step < 1.0 => number::value(value, 1),
            Unit::Number => number::value(value, 0),
        }
    }

    /// How far along the axis a value is, from 0 to 1 where it is on it.
    pub fn share(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

/// The smallest of 1, 2, 5, 10, 20 … (or 0.5, 0.2, 0.1 …) that is at least as
/// large.
fn step(least: f64) -> f64 {
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
            let got = step(least);
            assert!((got - round).abs() < 1e-12 * round, "{least}: {got}");
        }
    }

    #[test]
    fn a_range_is_widened_to_whole_ticks() {
        let axis = Axis::over("money", Unit::Number, -1230.0, 4100.0);
        assert_eq!(axis.ticks(), [-2000.0, 0.0, 2000.0, 4000.0, 6000.0]);
        assert_eq!(axis.text(-2000.0), "−2,000");
        assert_eq!(axis.share(2000.0), 0.5);
        let percent = Axis::percent("risk");
        let texts: Vec<String> = percent.ticks().iter().map(|&x| percent.text(x)).collect();
        assert_eq!(texts, ["0%", "20%", "40%", "60%", "80%", "100%"]);
    }
}
