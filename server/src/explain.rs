//! How an answer is explained, as a request says and as the store keeps it.

use churn_core::{Error, ErrorCode, Method, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use churn_core::whole::whole_or_null;

/// Most artificial customers that a request may ask for.
const MOST_SAMPLES: usize = 50_000;

/// Most features that a request may ask for; a model has fewer.
const MOST_TOP: usize = 10_000;

/// Largest seed: the largest whole number that every reader of JSON keeps.
const LARGEST_SEED: u64 = (1 << 53) - 1;

/// What a request may say of its explanation.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainOptions {
    /// How to explain; exact if nothing is said.
    pub method: Option<Method>,
    /// Features to report, the largest weights first; 10 if nothing is said.
    #[schema(minimum = 1, maximum = 10000)]
    #[serde(default, deserialize_with = "whole_or_null")]
    pub top: Option<usize>,
    /// Artificial customers to draw, for the method sampled; 5,000 if nothing
    /// is said.
    #[schema(minimum = 10, maximum = 50000)]
    #[serde(default, deserialize_with = "whole_or_null")]
    pub samples: Option<usize>,
    /// Seed of the draw, for the method sampled; 0 if nothing is said.
    #[schema(maximum = 9007199254740991u64)]
    #[serde(default, deserialize_with = "whole_or_null")]
    pub seed: Option<u64>,
}

/// How an answer is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explain {
    /// How.
    pub method: Method,
    /// Features to report.
    pub top: usize,
    /// Artificial customers, for the method sampled.
    pub samples: usize,
    /// Seed, for the method sampled.
    pub seed: u64,
}

impl ExplainOptions {
    /// The settings, checked.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`], naming the field.
    pub fn check(&self) -> Result<Explain> {
        let explain = Explain {
            method: self.method.unwrap_or(Method::Exact),
            top: self.top.unwrap_or(10),
            samples: self.samples.unwrap_or(5000),
            seed: self.seed.unwrap_or(0),
        };
        let fail = |field: &str, expected: &str, got: usize| {
            let error = Error::mismatch(ErrorCode::Parameter, expected, got.to_string());
            Err(error.in_field(field))
        };
        if !(1..=MOST_TOP).contains(&explain.top) {
            return fail("top", "a number from 1 to 10,000", explain.top);
        }
        if !(10..=MOST_SAMPLES).contains(&explain.samples) {
            return fail("samples", "a number from 10 to 50,000", explain.samples);
        }
        if explain.seed > LARGEST_SEED {
            return fail("seed", "a number up to 2^53 - 1", explain.seed as usize);
        }
        Ok(explain)
    }
}

impl Explain {
    /// As the store keeps it.
    pub fn to_text(self) -> String {
        let Self {
            method,
            top,
            samples,
            seed,
        } = self;
        match method {
            Method::Sampled => format!("{method} {top} {samples} {seed}"),
            _ => format!("{method} {top}"),
        }
    }

    /// As the store kept it.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let method = words.next()?.parse().ok()?;
        let top = words.next()?.parse().ok()?;
        let (samples, seed) = match method {
            Method::Sampled => (words.next()?.parse().ok()?, words.next()?.parse().ok()?),
            _ => (0, 0),
        };
        Some(Self {
            method,
            top,
            samples,
            seed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_keeps_all_of_it() -> Result<()> {
        for method in [Method::Exact, Method::Sampled, Method::Contributions] {
            let options = ExplainOptions {
                method: Some(method),
                top: Some(3),
                seed: Some(7),
                ..ExplainOptions::default()
            };
            let explain = options.check()?;
            let kept = Explain::from_text(&explain.to_text());
            assert_eq!(kept.map(|kept| (kept.method, kept.top)), Some((method, 3)));
            if method == Method::Sampled {
                assert_eq!(kept, Some(explain));
            }
        }
        Ok(())
    }
}
