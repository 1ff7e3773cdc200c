//! What is known of datasets that come with the program. All knowledge of their
//! columns is in these files.

use churn_core::{Preset, Result};

/// The documents, from `public/data`.
const DOCUMENTS: [&str; 1] = [include_str!(
    "../../public/data/telco-customer-churn.preset.json"
)];

/// The preset that speaks of a table with these columns, if there is one.
///
/// # Errors
/// [`ErrorCode::Preset`](churn_core::ErrorCode::Preset) when a document is broken.
pub fn fitting(header: &[String]) -> Result<Option<Preset>> {
    for document in DOCUMENTS {
        let preset = Preset::from_json(document)?;
        if preset.fits(header) {
            return Ok(Some(preset));
        }
    }
    Ok(None)
}
