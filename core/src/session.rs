//! A session as a file: what a user made on some data with some model, to go on
//! elsewhere. A versioned JSON document.

use serde::{Deserialize, Serialize};

use crate::cohorts::Cohort;
use crate::error::{Error, ErrorCode, Result};
use crate::json;

/// What the document calls itself.
pub const FORMAT: &str = "churn-session";

/// Version of the document that this code writes and reads.
pub const VERSION: u32 = 1;

/// What a user made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionDocument {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// SHA-256 of the data, in hexadecimal.
    pub data_hash: String,
    /// [`Predictor::id`](crate::Predictor::id) of the model.
    pub model_id: String,
    /// The list as the page's address spells it: filter, order, rule, cohort.
    pub address: String,
    /// The cohorts in the user's order.
    pub cohorts: Vec<Cohort>,
    /// Ids of the customers with a star.
    pub stars: Vec<String>,
    /// Ids of the customers that stay on top.
    pub pins: Vec<String>,
    /// Names of the table's columns that are shown though they are not standard,
    /// of standard ones that are not, and behind their width in pixels of those
    /// that were given one, as in `180 value.tenure`.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Named edits of customers.
    pub scenarios: Vec<SavedScenario>,
}

/// Named edits of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedScenario {
    /// Id of the customer.
    pub customer: String,
    /// Name and edits as an address: `#/Longer?Contract=One+year`.
    pub scenario: String,
}

impl SessionDocument {
    /// Reads and checks a document.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`], naming the field, for another format or
    /// version, a missing or unknown field.
    // Inlined for the size of the page, see `json::parse`.
    #[inline]
    pub fn from_json(text: &str) -> Result<Self> {
        let document: Self = json::parse(text, ErrorCode::Parameter, "a session document")?;
        let fail = |field: &str, expected: &str, got: &str| {
            Err(Error::mismatch(ErrorCode::Parameter, expected, got).in_field(field))
        };
        if document.format != FORMAT {
            return fail("format", FORMAT, &document.format);
        }
        if document.version != VERSION {
            return fail(
                "version",
                &VERSION.to_string(),
                &document.version.to_string(),
            );
        }
        Ok(document)
    }

    /// The document as text.
    ///
    /// # Errors
    /// None of a document made of texts; [`ErrorCode::Parameter`] otherwise.
    #[inline]
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self)
            .map_err(|error| Error::new(ErrorCode::Parameter, error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> SessionDocument {
        SessionDocument {
            format: FORMAT.into(),
            version: VERSION,
            data_hash: "abc".into(),
            model_id: "def".into(),
            address: "#/customers?top=200".into(),
            cohorts: vec![Cohort {
                name: "Newcomers".into(),
                filter: "tenure<6".into(),
            }],
            stars: vec!["7590-VHVEG".into()],
            pins: Vec::new(),
            columns: vec!["180 risk".into()],
            scenarios: vec![SavedScenario {
                customer: "7590-VHVEG".into(),
                scenario: "#/Longer?Contract=One+year".into(),
            }],
        }
    }

    #[test]
    fn a_document_comes_back() -> Result<()> {
        let document = document();
        assert_eq!(SessionDocument::from_json(&document.to_json()?)?, document);
        Ok(())
    }

    #[test]
    fn what_is_wrong_is_named() -> Result<()> {
        let text = document().to_json()?;
        for (from, to, said) in [
            (FORMAT, "churn-cohorts", "format: expected churn-session"),
            ("\"version\": 1", "\"version\": 2", "version: expected 1"),
            ("\"stars\"", "\"star\"", "unknown field `star`"),
            ("\"customer\"", "\"id\"", "scenarios[0]"),
        ] {
            let broken = text.replace(from, to);
            let error = SessionDocument::from_json(&broken).err();
            let error = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(said), "{error}, not {said}");
        }
        Ok(())
    }
}
