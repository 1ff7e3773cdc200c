//! An axis: its range, its ticks, how its values are written.

use churn_core::exploration::bins::round_step;

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
    pub label: String,
    /// How values are written.
    pub unit: Unit,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    step: f64,
    /// What stands at 0, 1 and so on instead of numbers.
    names: Vec<String>,
}

impl Default for Axis {
    fn default() -> Self {
        Self::over("", Unit::Number, 0.0, 1.0)
    }
}

impl Axis {
    /// From 0 to 100%.
    pub fn percent(label: &str) -> Self {
        Self::over(label, Unit::Percent, 0.0, 1.0)
    }

    /// Over a range, which is widened to whole ticks.
    pub fn over(label: &str, unit: Unit, low: f64, high: f64) -> Self {
        let step = round_step((high - low) / TICKS);
        Self {
            label: label.to_owned(),
            unit,
            low: (low / step).floor() * step,
            high: (high / step).ceil() * step,
            step,
            names: Vec::new(),
        }
    }

    /// Of things that are no numbers, side by side: the first at 0.
    pub fn of_names(label: &str, names: Vec<String>) -> Self {
        Self {
            low: -0.5,
            high: names.len() as f64 - 0.5,
            names,
            label: label.to_owned(),
            ..Self::default()
        }
    }

    /// Values that are marked.
    pub fn ticks(&self) -> Vec<f64> {
        if !self.names.is_empty() {
            return (0_u32..)
                .zip(&self.names)
                .map(|(at, _)| at.into())
                .collect();
        }
        let steps = ((self.high - self.low) / self.step).round() as usize;
        let tick = |place: usize| self.low + place as f64 * self.step;
        (0..=steps).map(tick).collect()
    }

    /// A value as text.
    pub fn text(&self, value: f64) -> String {
        // A cast of what is out of range stays in range.
        if let Some(name) = self.names.get(value as usize) {
            return name.clone();
        }
        match self.unit {
            Unit::Percent => number::percent(value),
            Unit::Number => number::value(value, number::decimals_of(self.step)),
        }
    }

    /// How far along the axis a value is, from 0 to 1 where it is on it.
    pub fn share(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
