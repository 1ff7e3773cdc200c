//! What is told of a look at a model, when something came of it.

use churn_core::retraining::{Measure, RuleCheck};
use churn_core::{Error, ErrorCode, Result};
use serde::Serialize;
use uuid::Uuid;

use crate::clock;
use crate::store::{Connection, notices};

/// A rule was broken or holds again, or a challenger was tried.
#[derive(Debug, Serialize)]
pub struct Notice<'a> {
    /// The same however often it is told.
    uuid: Uuid,
    /// Rules that are broken from now on.
    broken: Vec<Measure>,
    /// Rules that hold again.
    mended: Vec<Measure>,
    /// What was seen and done.
    check: &'a RuleCheck,
}

impl<'a> Notice<'a> {
    /// Tells of a look.
    pub fn new(check: &'a RuleCheck, broken: Vec<Measure>, mended: Vec<Measure>) -> Self {
        Self {
            uuid: clock::random_uuid(),
            broken,
            mended,
            check,
        }
    }

    /// Lets it be told.
    ///
    /// # Errors
    /// When the database does not take it.
    pub fn add(&self, connection: &mut Connection) -> Result<()> {
        let message = serde_json::to_string(self)
            .map_err(|error| Error::new(ErrorCode::Io, error.to_string()))?;
        Ok(notices::add(
            connection,
            self.uuid,
            self.check.at_ms,
            &message,
        )?)
    }
}
