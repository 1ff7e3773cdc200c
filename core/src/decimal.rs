//! Numbers written in decimal: "42", "-1889.5", "1e-3".
//!
//! The standard library's parser would do, but the page carries a second one
//! inside its JSON reader already; short numbers take neither.

/// Powers of ten that a double holds exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
/// Digits whose integer a double holds exactly.
const EXACT_DIGITS: usize = 15;

/// The double nearest to a decimal number, finite; anything else is none. A
/// digit may be missing before or after the point, not both.
pub fn parse(text: &str) -> Option<f64> {
    let (negative, unsigned) = signed(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = || whole.bytes().chain(fraction.bytes());
    let count = whole.len() + fraction.len();
    if count == 0 || !digits().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let size = match (exponent, EXACT_POWERS.get(fraction.len())) {
        // Both are exact, so the one division rounds correctly (Clinger 1990).
        (None, Some(power)) if count <= EXACT_DIGITS => {
            let integer = digits().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
            integer as f64 / power
        }
        _ => any_length(whole, fraction, exponent.unwrap_or("0"))?,
    };
    Some(if negative { -size } else { size })
}

/// Whether there is a minus, and what follows the sign.
fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Rounds a number of any length, in the strict spelling of JSON.
fn any_length(whole: &str, fraction: &str, exponent: &str) -> Option<f64> {
    let (_, digits) = signed(exponent);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    // JSON has no leading zeros, and no missing digits.
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    serde_json::from_str(&[whole, ".", fraction, "0e", exponent].concat()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_standard_library_reads() {
        for text in [
            "0",
            "-0",
            "00",
            "1.0",
            "+1",
            "5.",
            ".5",
            "-.5",
            "29.85",
            "118.75",
            "8684.8",
            "0.1",
            "0.3",
            "123456789012345",
            "1234567890123456",
            "9007199254740993",
            "0.000001234567890123456789",
            "179769313486231570000000000000",
            "1e5",
            "1E-3",
            "1.5e+10",
            ".5e2",
            "5.e2",
            "4.9e-324",
            "2.2250738585072011e-308",
            "1e-400",
            "1797693134862315.7e293",
            "0.1234567890123456789e15",
            "000000000000000000001.5",
        ] {
            let expected = text.parse().ok().map(f64::to_bits);
            assert_eq!(parse(text).map(f64::to_bits), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_finite_number() {
        for text in [
            "", ".", "+", "-", "--1", "+-1", "1e", "1e+", "e5", ".e5", "1e5.0", "1 ", " 1", "1,5",
            "inf", "NaN", "0x10", "1_000", "1e400", "-1e400", "١", "1e5e5",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
