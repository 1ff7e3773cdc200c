//! Saved cohorts: named groups of customers, as a versioned JSON document.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode, Result};
use crate::json;
use crate::schema::repeated;

/// What the document calls itself.
pub const FORMAT: &str = "churn-cohorts";

/// Version of the document that this code writes and reads.
pub const VERSION: u32 = 1;

/// The customers that satisfy a filter, under a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cohort {
    /// Name that the user gave.
    pub name: String,
    /// The filter, in the text form that the user types.
    pub filter: String,
}

/// Cohorts, and the data they were made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CohortDocument {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// SHA-256 of the data, in hexadecimal.
    pub data_hash: String,
    /// The cohorts in the user's order.
    pub cohorts: Vec<Cohort>,
}

impl CohortDocument {
    /// The document of some cohorts.
    pub fn new(data_hash: &str, cohorts: Vec<Cohort>) -> Self {
        Self {
            format: FORMAT.into(),
            version: VERSION,
            data_hash: data_hash.into(),
            cohorts,
        }
    }

    /// Reads and checks a document.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`], naming the field, for another format or
    /// version, a missing or unknown field, a name that is empty or stands
    /// twice.
    // Inlined for the size of the page, see `json::parse`.
    #[inline]
    pub fn from_json(text: &str) -> Result<Self> {
        let document: Self = json::parse(text, ErrorCode::Parameter, "a cohorts document")?;
        document.check()?;
        Ok(document)
    }

    fn check(&self) -> Result<()> {
        let fail = |field: &str, expected: String, got: String| {
            Err(Error::mismatch(ErrorCode::Parameter, expected, got).in_field(field))
        };
        if self.format != FORMAT {
            return fail("format", format!("'{FORMAT}'"), self.format.clone());
        }
        if self.version != VERSION {
            return fail("version", VERSION.to_string(), self.version.to_string());
        }
        let names: Vec<&str> = self.cohorts.iter().map(|c| c.name.as_str()).collect();
        if let Some(place) = names.iter().position(|name| name.trim().is_empty()) {
            return fail(
                &format!("cohorts[{place}].name"),
                "a name".into(),
                "none".into(),
            );
        }
        match repeated(&names) {
            Some(name) => fail(
                "cohorts",
                "distinct names".into(),
                format!("'{name}' twice"),
            ),
            None => Ok(()),
        }
    }

    /// The document as text.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] when it would not load again.
    #[inline]
    pub fn to_json(&self) -> Result<String> {
        self.check()?;
        serde_json::to_string_pretty(self)
            .map_err(|error| Error::new(ErrorCode::Parameter, error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> CohortDocument {
        let cohort = |name: &str, filter: &str| Cohort {
            name: name.into(),
            filter: filter.into(),
        };
        let cohorts = vec![
            cohort("Newcomers", "tenure<6 Contract:\"Month-to-month\""),
            cohort("“Fibre”", "-\"DSL\""),
        ];
        CohortDocument::new("abc", cohorts)
    }

    #[test]
    fn a_document_comes_back() -> Result<()> {
        let document = document();
        assert_eq!(CohortDocument::from_json(&document.to_json()?)?, document);
        Ok(())
    }

    #[test]
    fn what_is_wrong_is_named() -> Result<()> {
        let text = document().to_json()?;
        for (from, to, said) in [
            (
                FORMAT,
                "churn-model",
                "format: expected 'churn-cohorts', got",
            ),
            (
                "\"version\": 1",
                "\"version\": 2",
                "version: expected 1, got",
            ),
            (
                "\"filter\"",
                "\"fliter\"",
                "cohorts[0].fliter: not a cohorts document: unknown field",
            ),
            (
                "\"cohorts\"",
                "\"colour\": 1, \"cohorts\"",
                "colour: not a cohorts document: unknown field",
            ),
            ("Newcomers", " ", "cohorts[0].name: expected a name"),
            ("Newcomers", "“Fibre”", "cohorts: expected distinct names"),
        ] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text);
            let error = CohortDocument::from_json(&changed).err();
            let error = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(error.starts_with(said), "{error}");
        }
        Ok(())
    }
}
