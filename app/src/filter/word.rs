//! A word that is looked for in everything that a row says.

use std::ops::Range;

use churn_core::{Column, FeatureKind};

use crate::explorer::Explorer;
use crate::number;

/// A word, looked up once in the levels of every feature instead of in every
/// cell.
pub struct Word<'a> {
    text: String,
    explorer: &'a Explorer,
    /// Columns with a level that holds the word, and which levels do.
    levels: Vec<(&'a [u8], Vec<bool>)>,
    numbers: Vec<Numbers<'a>>,
}

/// A column of numbers of which some begin with the word.
struct Numbers<'a> {
    column: &'a [f64],
    negative: bool,
    /// A number times this is whole.
    scale: f64,
    /// The numbers that begin with the word, times the scale.
    ranges: Vec<Range<f64>>,
}

impl<'a> Word<'a> {
    /// Looks the word up.
    pub fn new(word: &str, explorer: &'a Explorer) -> Self {
        let text = word.to_ascii_lowercase();
        let mut levels = Vec::new();
        let mut numbers = Vec::new();
        let features = explorer.schema().features.iter();
        for (feature, column) in features.zip(explorer.data.columns()) {
            match (column, &feature.kind) {
                (Column::Categorical(codes), _) => {
                    let holds = |level: &String| level.to_ascii_lowercase().contains(&text);
                    let hold: Vec<bool> = feature.levels().iter().map(holds).collect();
                    if hold.contains(&true) {
                        levels.push((codes.as_slice(), hold));
                    }
                }
                (Column::Numeric(column), FeatureKind::Numeric { decimals }) => {
                    let (negative, digits) = match text.strip_prefix('-') {
                        Some(digits) => (true, digits),
                        None => (false, text.as_str()),
                    };
                    let ranges = beginning(digits, *decimals);
                    if !ranges.is_empty() {
                        let scale = 10_f64.powi((*decimals).into());
                        numbers.push(Numbers {
                            column,
                            negative,
                            scale,
                            ranges,
                        });
                    }
                }
                _ => {}
            }
        }
        Self {
            text,
            explorer,
            levels,
            numbers,
        }
    }

    /// Whether the word occurs in the id or a value of a row; numbers match
    /// from their first digit.
    pub fn occurs(&self, row: usize) -> bool {
        let in_level =
            |(codes, hold): &(&[u8], Vec<bool>)| hold.get(usize::from(codes[row])) == Some(&true);
        self.levels.iter().any(in_level)
            || self.numbers.iter().any(|numbers| numbers.begin(row))
            || holds(self.explorer.id(row), &self.text)
    }
}

impl Numbers<'_> {
    fn begin(&self, row: usize) -> bool {
        let number = self.column[row];
        let whole = (number.abs() * self.scale).round();
        number.is_sign_negative() == self.negative
            && self.ranges.iter().any(|range| range.contains(&whole))
    }
}

/// Whether a text holds another in lower case, in any case.
fn holds(text: &str, lower: &str) -> bool {
    let mut starts = text.as_bytes().windows(lower.len().max(1));
    lower.is_empty() || starts.any(|part| part.eq_ignore_ascii_case(lower.as_bytes()))
}

/// The whole numbers that, once divided by 10 to the `decimals` and written with
/// as many decimals, begin with these digits.
fn beginning(digits: &str, decimals: u8) -> Vec<Range<f64>> {
    /// Digits before the point that numbers in data can have.
    const LONGEST: usize = 16;
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let part = fraction.unwrap_or_default();
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let written = !whole.is_empty() && (whole == "0" || !whole.starts_with('0'));
    let open = usize::from(decimals).checked_sub(part.len());
    let number = number::parse(&(whole.to_owned() + part));
    let (Some(open), Some(number), true) = (
        open,
        number,
        written && all_digits(whole) && all_digits(part),
    ) else {
        return Vec::new();
    };
    if fraction.is_some() && decimals == 0 {
        return Vec::new();
    }
    // Without a point more digits may follow before it.
    let further = match fraction {
        None if whole != "0" => LONGEST.saturating_sub(whole.len()),
        _ => 0,
    };
    let power = |exponent: usize| 10_f64.powi(i32::try_from(exponent).unwrap_or(i32::MAX));
    (0..=further)
        .map(|more| number * power(open + more)..(number + 1.0) * power(open + more))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_match_as_they_are_written() {
        let numbers = [
            0.0, 0.05, 0.5, 3.0, 3.5, 35.0, 35.25, 350.0, 1889.5, 10.0, 1e15,
        ];
        let words = [
            "0", "00", "0.", "0.0", "3", "35", "35.", "35.2", "35.25", "35.250", "18",
        ];
        for decimals in [0, 2] {
            for word in words {
                let ranges = beginning(word, decimals);
                for number in numbers {
                    let text = format!("{number:.0$}", usize::from(decimals));
                    let whole = (number * 10_f64.powi(decimals.into())).round();
                    let found = ranges.iter().any(|range| range.contains(&whole));
                    // Halves are rounded to even in a text.
                    if decimals == 2 || number.fract() == 0.0 {
                        assert_eq!(found, text.starts_with(word), "{word} in {text}");
                    }
                }
            }
        }
        for word in ["", ".", ".5", "x", "1x", "1.x", "+1", "1e3"] {
            assert!(beginning(word, 2).is_empty(), "{word}");
        }
    }

    #[test]
    fn texts_are_searched_in_any_case() {
        assert!(holds("7590-VHVEG", "vhv") && !holds("7590-VHVEG", "vhx"));
        assert!(holds("x", "") && !holds("x", "xy") && !holds("", "x"));
    }
}
