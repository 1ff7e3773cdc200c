//! A build of a model, as it is named on the command line.

use std::str::FromStr;

use crate::store::registry::Which;

/// `churn-model@3` or `churn-model@challenger`.
#[derive(Clone, Debug)]
pub struct BuildName {
    /// Name of the model.
    pub model: String,
    /// Its build.
    pub which: Which,
}

impl FromStr for BuildName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('@');
        let (model, which) = parts.ok_or("expected a name, '@', and a version or an alias")?;
        Ok(Self {
            model: model.to_owned(),
            which: which
                .parse()
                .map_err(|expected| format!("expected {expected}"))?,
        })
    }
}
