//! Whole numbers of requests. JSON does not tell 3 from 3.0, and some clients
//! write the one for the other.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// Largest number of which a fraction would show.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads a whole number, for `deserialize_with`.
///
/// # Errors
/// For anything else.
pub fn whole<'de, D: Deserializer<'de>, T: TryFrom<i128>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(Whole(PhantomData))
}

/// Reads a whole number or null, for `deserialize_with`.
///
/// # Errors
/// For anything else.
pub fn whole_or_null<'de, D: Deserializer<'de>, T: TryFrom<i128>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    struct Number<T>(T);
    impl<'de, T: TryFrom<i128>> Deserialize<'de> for Number<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            whole(deserializer).map(Self)
        }
    }
    Ok(Option::deserialize(deserializer)?.map(|Number(number)| number))
}

struct Whole<T>(PhantomData<T>);

impl<T: TryFrom<i128>> Whole<T> {
    fn fit<E: Error>(number: i128, got: Unexpected<'_>) -> Result<T, E> {
        T::try_from(number).map_err(|_| E::invalid_value(got, &"a whole number in range"))
    }
}

impl<T: TryFrom<i128>> Visitor<'_> for Whole<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        Self::fit(number.into(), Unexpected::Signed(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        Self::fit(number.into(), Unexpected::Unsigned(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        let got = Unexpected::Float(number);
        if number.fract() != 0.0 || number.abs() >= EXACT {
            return Err(E::invalid_value(got, &"a whole number"));
        }
        Self::fit(number as i128, got)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<u64, String> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        whole(&mut deserializer).map_err(|error| error.to_string())
    }

    #[test]
    fn whole_numbers_are_read_however_they_are_written() {
        for (json, number) in [("3", 3), ("3.0", 3), ("1e3", 1000), ("0", 0)] {
            assert_eq!(read(json), Ok(number), "{json}");
        }
        for json in ["3.5", "-1", "-1.0", "1e300", "\"3\"", "true", "null"] {
            assert!(read(json).is_err(), "{json}");
        }
        let null = whole_or_null::<_, i64>(&mut serde_json::Deserializer::from_str("null"));
        assert_eq!(null.ok(), Some(None));
    }
}
