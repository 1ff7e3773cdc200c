//! How long work reports and is cancelled.

use std::ops::ControlFlow;

use crate::error::{Error, Result};

/// How far a piece of work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done, in a few words.
    pub stage: &'static str,
    /// Units done (bytes, fits, rows).
    pub done: u64,
    /// Units in all; 0 when unknown.
    pub total: u64,
}

/// A callback that long work calls now and then; `Break` cancels the work,
/// which then ends with [`ErrorCode::Cancelled`](crate::ErrorCode::Cancelled).
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

/// A callback for callers that need none: `&mut progress::ignore`.
pub fn ignore(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Reports, and turns a wish to stop into the error to return.
///
/// # Errors
/// [`ErrorCode::Cancelled`](crate::ErrorCode::Cancelled).
pub fn report(
    on_progress: OnProgress<'_>,
    stage: &'static str,
    done: usize,
    total: usize,
) -> Result<()> {
    let progress = Progress {
        stage,
        done: done as u64,
        total: total as u64,
    };
    match on_progress(progress) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::cancelled()),
    }
}
