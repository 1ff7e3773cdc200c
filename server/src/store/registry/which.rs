//! How a build of a model is named: by its version, or by an alias.

use std::fmt;
use std::str::FromStr;

/// Longest alias.
const LONGEST: usize = 64;

/// Which build of a model is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// That of a version.
    Version(i64),
    /// That of an alias.
    Alias(String),
}

impl FromStr for Which {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(version @ 1..) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(Self::Version(version))
            }
            _ => alias(text).map(Self::Alias),
        }
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => write!(f, "version {version}"),
            Self::Alias(alias) => write!(f, "alias '{alias}'"),
        }
    }
}

/// An alias, checked: none looks like a version, such as `v2`.
///
/// # Errors
/// What is expected.
pub fn alias(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let fits = text.len() <= LONGEST && text.bytes().all(plain);
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if fits && begins && text.bytes().skip(1).any(|byte| !byte.is_ascii_digit()) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "a version, or an alias: up to {LONGEST} letters, digits, '-' and '_', of which the first \
         is a letter and one more no digit"
    ))
}
