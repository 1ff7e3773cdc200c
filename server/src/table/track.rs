//! How far an ingest is through its sources.

use churn_core::progress::Progress;
use churn_core::{Error, Result};

use super::source::Source;
use crate::progress::Bar;

/// Rows between two looks at the bar.
const EVERY: u64 = 1024;

/// The bar and the sources that are done.
#[derive(Debug)]
pub struct Track<'a> {
    bar: &'a Bar,
    stage: &'static str,
    /// Length of each source; 0 of a query, as nobody knows.
    lengths: Vec<u64>,
    at: usize,
    rows: u64,
}

impl<'a> Track<'a> {
    /// Nothing is done yet.
    pub fn new(bar: &'a Bar, stage: &'static str, sources: &[Source]) -> Self {
        Self {
            bar,
            stage,
            lengths: sources.iter().map(Source::length).collect(),
            at: 0,
            rows: 0,
        }
    }

    /// Shows how much of the source at hand is done.
    ///
    /// # Errors
    /// [`ErrorCode::Cancelled`](churn_core::ErrorCode::Cancelled).
    pub fn show(&mut self, done: u64) -> Result<()> {
        self.rows += 1;
        if self.rows % EVERY != 1 {
            return Ok(());
        }
        let before: u64 = self.lengths.iter().take(self.at).sum();
        let progress = Progress {
            stage: self.stage,
            done: before + done,
            total: self.lengths.iter().sum(),
        };
        match self.bar.show(progress).is_break() {
            true => Err(Error::cancelled()),
            false => Ok(()),
        }
    }

    /// Goes on to the next source.
    pub fn next(&mut self) {
        self.at += 1;
    }
}
