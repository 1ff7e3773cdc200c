//! The time, and names that nobody can guess.

use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// Milliseconds since 1970. Nothing is ordered by it: a clock can be set back.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// Random bytes of the system.
///
/// A system without randomness cannot make keys or names; there is nothing to
/// go on with.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    while getrandom::fill(&mut bytes).is_err() {
        std::thread::yield_now();
    }
    bytes
}

/// A name without any order.
pub fn random_uuid() -> Uuid {
    Builder::from_random_bytes(random()).into_uuid()
}

/// A name for a prediction: random, behind the time. Neighbours in time are
/// neighbours in the index, which keeps it quick at any size.
pub fn prediction_uuid(now_ms: i64) -> Uuid {
    let millis = u64::try_from(now_ms).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &random()).into_uuid()
}

/// A name in order of time (version 7) that is always the same for the same thing.
pub fn stable_uuid(ms: i64, of: &str) -> Uuid {
    let hash = Sha256::digest(of.as_bytes());
    let mut bytes = [0; 10];
    bytes.iter_mut().zip(hash).for_each(|(byte, of)| *byte = of);
    let millis = u64::try_from(ms).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

/// A moment as people and programs read it: `2026-11-23T17:30:34.123Z`.
pub fn rfc3339(ms: i64) -> String {
    let (days, in_day) = (ms.div_euclid(DAY_MS), ms.rem_euclid(DAY_MS));
    let (year, month, day) = date(days);
    let (seconds, millis) = (in_day / 1000, in_day % 1000);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{millis:03}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// The date of a day counted from 1970, in the Gregorian calendar (Howard
/// Hinnant's `civil_from_days`).
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_out() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(951_782_400_123), "2000-02-29T00:00:00.123Z");
        assert_eq!(rfc3339(1_795_455_034_999), "2026-11-23T17:30:34.999Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn names_of_the_same_thing_are_the_same() {
        let [name, again, other] = ["a", "a", "b"].map(|of| stable_uuid(1_795_455_034_999, of));
        assert_eq!((name, name.get_version_num()), (again, 7));
        assert_ne!(name, other);
        assert!(name < stable_uuid(1_795_455_035_000, "a"));
    }

    #[test]
    fn names_of_predictions_are_in_order_of_time() {
        assert!(prediction_uuid(1) < prediction_uuid(2));
        assert_ne!(prediction_uuid(1), prediction_uuid(1));
    }
}
