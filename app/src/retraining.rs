//! Rules on a model of the server behind the page, and what was decided by them.

use churn_core::retraining::Retraining;
use churn_core::{ErrorCode, json};

use crate::registry::{get, unreadable};
use crate::server::Trouble;

/// Rules, alerts and the newest looks.
///
/// # Errors
/// When the server does not tell.
pub async fn read(model: &str) -> Result<Retraining, Trouble> {
    let body = get(model, "retraining").await?;
    json::parse(&body, ErrorCode::Data, "an answer").map_err(unreadable)
}
