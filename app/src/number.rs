//! How numbers are written: risk, change, weights, counts and values.

use std::cell::Cell;

use churn_core::decimal;

use crate::text::{MONTHS, ONE_MONTH};

/// A true minus sign.
const MINUS: char = '\u{2212}';

/// Units that stand before the number.
const BEFORE: [&str; 5] = ["$", "€", "£", "¥", "₹"];

thread_local! {
    /// What stands before decimals and between thousands.
    static MARKS: Cell<(char, char)> = const { Cell::new(('.', ',')) };
}

/// Takes the marks of a locale from the way it writes 1234567.5: from then on
/// numbers are shown with them.
pub fn adopt(sample: &str) {
    let mark = |c: &char| !c.is_ascii_digit();
    let (first, last) = (sample.chars().find(mark), sample.chars().rfind(mark));
    if let (Some(group), Some(decimal)) = (first, last)
        && group != decimal
    {
        MARKS.set((decimal, group));
    }
}

/// A number with a decimal point as the locale writes it.
fn local(text: String) -> String {
    match MARKS.get().0 {
        '.' => text,
        mark => text.replace('.', mark.encode_utf8(&mut [0; 4])),
    }
}

/// A number with so many decimals, to be read.
pub fn fixed(number: f64, decimals: usize) -> String {
    local(format!("{number:.decimals$}"))
}

/// A number with no more decimals than it needs, up to so many, to be read.
pub fn shortest(number: f64, decimals: usize) -> String {
    local(decimal(number, decimals))
}

/// A count with its thousands grouped: "7,043".
pub fn count(number: usize) -> String {
    group(&number.to_string())
}

/// A probability as a risk: "72%", at the ends "<1%" and ">99%", and within a
/// point of the cut one decimal that stays on its own side of the cut.
pub fn risk(probability: f64, cut: f64) -> String {
    if probability < 0.01 {
        return "<1%".into();
    }
    if probability > 0.99 {
        return ">99%".into();
    }
    let percent = probability * 100.0;
    if (probability - cut).abs() >= 0.01 {
        return format!("{percent:.0}%");
    }
    let rounded = (percent * 10.0).round() / 10.0;
    let shown = if probability < cut && rounded >= cut * 100.0 {
        (percent * 10.0).floor() / 10.0
    } else {
        rounded
    };
    fixed(shown, 1) + "%"
}

/// A probability as plain percent, also outside 0 to 100: "−4%".
pub fn percent(probability: f64) -> String {
    signless(probability * 100.0, 0) + "%"
}

/// A cut as a risk, with a decimal where it has one: "50%", "35.3%".
pub fn cut(probability: f64) -> String {
    shortest(probability * 100.0, 1) + "%"
}

/// A number with no more decimals than it needs, up to so many; as an input
/// field or a file takes it.
pub fn decimal(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').into()
}

/// A change of probability in percentage points: "−13 pts".
pub fn points(change: f64) -> String {
    let points = change * 100.0;
    let decimals = if points.abs() < 0.95 { 1 } else { 0 };
    with_sign(points, decimals) + " pts"
}

/// A weight with its sign: "+0.18", "−0.05".
pub fn weight(weight: f64) -> String {
    with_sign(weight, 2)
}

/// A number's text as it is read: with a true minus sign.
pub fn readable(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(size) => format!("{MINUS}{size}"),
        None => text.into(),
    }
}

/// A number with a sign unless it rounds to nothing, to be read.
pub fn with_sign(number: f64, decimals: usize) -> String {
    local(signed(number, decimals))
}

/// The same with a decimal point.
fn signed(number: f64, decimals: usize) -> String {
    let size = format!("{:.decimals$}", number.abs());
    if !size.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        return size;
    }
    format!("{}{size}", if number < 0.0 { MINUS } else { '+' })
}

/// A number with a minus where it needs one, thousands grouped.
fn signless(number: f64, decimals: usize) -> String {
    let text = signed(number, decimals);
    match text.strip_prefix(MINUS) {
        Some(size) => format!("{MINUS}{}", group(size)),
        None => group(text.trim_start_matches('+')),
    }
}

/// A value of a numeric column with the column's decimals: "1,889.50".
pub fn value(number: f64, decimals: u8) -> String {
    signless(number, decimals.into())
}

/// Decimals that the multiples of a round step need: 0 of 5, 2 of 0.05.
pub fn decimals_of(step: f64) -> u8 {
    let (mut decimals, mut step) = (0, step);
    while step < 0.999 && decimals < 12 {
        step *= 10.0;
        decimals += 1;
    }
    decimals
}

/// A value as an input field takes it: the column's decimals, or more where
/// the number has more; no grouping.
pub fn field(number: f64, decimals: u8) -> String {
    let text = format!("{number:.0$}", usize::from(decimals));
    if parse(&text) == Some(number) {
        text
    } else {
        number.to_string()
    }
}

/// A finite number that was typed or linked.
pub fn parse(text: &str) -> Option<f64> {
    decimal::parse(text.trim())
}

/// A text with its unit.
pub fn with_unit(text: &str, unit: Option<&str>) -> String {
    match unit {
        None => text.into(),
        Some("%") => format!("{text}%"),
        Some(MONTHS) if text == "1" => ONE_MONTH.into(),
        Some(unit) if BEFORE.contains(&unit) => format!("{unit}{text}"),
        Some(unit) => format!("{text} {unit}"),
    }
}

/// The head of a column with its unit; a symbol stays on the line.
pub fn headed(label: &str, unit: &str) -> String {
    let space = if BEFORE.contains(&unit) {
        '\u{a0}'
    } else {
        ' '
    };
    format!("{label},{space}{unit}")
}

/// Groups the digits before the decimal point by three, as the locale does.
fn group(text: &str) -> String {
    let mark = MARKS.get().1;
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::with_capacity(text.len() + whole.len() / 3);
    for (place, digit) in whole.char_indices() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(mark);
        }
        grouped.push(digit);
    }
    grouped + &local(rest.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risk_is_whole_but_near_the_cut_and_at_the_ends() {
        for (probability, text) in [
            (0.7249, "72%"),
            (0.004, "<1%"),
            (0.999, ">99%"),
            (0.4949, "49.5%"),
            (0.499_99, "49.9%"),
            (0.5, "50.0%"),
            (0.506, "50.6%"),
            (0.51, "51%"),
        ] {
            assert_eq!(risk(probability, 0.5), text);
        }
    }

    #[test]
    fn changes_and_weights_carry_their_sign() {
        assert_eq!(points(-0.1277), "−13 pts");
        assert_eq!(points(0.003), "+0.3 pts");
        assert_eq!(points(0.0), "0.0 pts");
        assert_eq!(weight(0.184), "+0.18");
        assert_eq!(weight(-0.001), "0.00");
        assert_eq!(percent(-0.04), "−4%");
        assert_eq!([0.5, 0.352_73, 1.0].map(cut), ["50%", "35.3%", "100%"]);
        assert_eq!(
            [0.0, 12.5, 12.345].map(|x| decimal(x, 2)),
            ["0", "12.5", "12.35"]
        );
    }

    #[test]
    fn a_locale_has_its_marks() {
        adopt("1.234.567,5");
        assert_eq!(count(7043), "7.043");
        assert_eq!(value(1889.5, 2), "1.889,50");
        assert_eq!(risk(0.4949, 0.5), "49,5%");
        assert_eq!([weight(0.184), cut(0.352_73)], ["+0,18", "35,3%"]);
        assert_eq!(points(-0.005), "−0,5 pts");
        assert_eq!([fixed(0.5, 3), shortest(0.5, 3)], ["0,500", "0,5"]);
        // What is read by a program is written for one.
        assert_eq!([decimal(0.5, 3), field(1889.5, 2)], ["0.5", "1889.50"]);
        adopt("1234567");
        assert_eq!(count(7043), "7.043");
        adopt("1\u{a0}234\u{a0}567,5");
        assert_eq!(count(7043), "7\u{a0}043");
    }

    #[test]
    fn values_are_grouped() {
        assert_eq!(count(7043), "7,043");
        assert_eq!(value(1889.5, 2), "1,889.50");
        assert_eq!(value(-1234.0, 0), "−1,234");
        assert_eq!(value(72.0, 0), "72");
        assert_eq!([5.0, 1.0, 0.5, 0.1, 0.05].map(decimals_of), [0, 0, 1, 1, 2]);
        assert_eq!(field(1889.5, 2), "1889.50");
        assert_eq!(field(1889.555, 2), "1889.555");
        assert_eq!(with_unit("1,889.50", Some("$")), "$1,889.50");
        assert_eq!(with_unit("12", Some("months")), "12 months");
        assert_eq!(with_unit("1", Some("months")), "1 month");
        assert_eq!(with_unit("12", Some("%")), "12%");
    }
}
