//! All that an MLflow server is told by an entry of the outbox, step by step.

use churn_core::{Error, ErrorCode, Result, json};

use super::message::Message;
use super::server::Server;
use super::steps::{Progress, steps};
use crate::store::outbox::Entry;
use crate::telling::{self, Keep, Trouble};

impl telling::Server for Server {
    fn deliver(&self, entry: &Entry, keep: Keep<'_>) -> Result<Result<(), Trouble>> {
        let what = "what is told, as it is kept";
        let message: Message = json::parse(&entry.message, ErrorCode::Io, what)?;
        let mut progress = match entry.progress.as_str() {
            "" => Progress::default(),
            progress => json::parse(progress, ErrorCode::Io, what)?,
        };
        let steps = steps(&message, &entry.document);
        for (at, step) in steps.iter().enumerate().skip(progress.done) {
            if let Err(trouble) = step.make(self, &message, &mut progress) {
                return Ok(Err(trouble));
            }
            progress.done = at + 1;
            let text = serde_json::to_string(&progress);
            let text = text.map_err(|error| Error::new(ErrorCode::Io, error.to_string()))?;
            keep(&text)?;
        }
        Ok(Ok(()))
    }
}
