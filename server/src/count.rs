//! Numbers of things, for people.

use std::fmt;

/// A whole number that is printed with its thousands apart: 7,043.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(pub u64);

impl Count {
    /// The number of items of a collection.
    pub fn of<T>(items: &[T]) -> Self {
        Self(items.len() as u64)
    }

    /// The number with its noun: "1 row", "7,043 rows".
    pub fn things(self, noun: &str) -> String {
        let plural = if self.0 == 1 { "" } else { "s" };
        format!("{self} {noun}{plural}")
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(Count(0).to_string(), "0");
        assert_eq!(Count(999).to_string(), "999");
        assert_eq!(Count(7043).to_string(), "7,043");
        assert_eq!(Count(1_000_000).to_string(), "1,000,000");
        assert_eq!(Count(1).things("row"), "1 row");
        assert_eq!(Count(2).things("row"), "2 rows");
    }
}
