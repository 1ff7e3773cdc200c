//! Skipped rows: the first few are told, the others counted.

use churn_core::Error;
use churn_core::dataset::RowIssue;

use crate::count::Count;
use crate::terminal::say;

/// How many are told in full.
const TOLD: usize = 10;

/// Skipped rows of one file.
#[derive(Clone, Debug, Default)]
pub struct Issues {
    first: Vec<RowIssue>,
    count: u64,
}

impl Issues {
    /// Takes the next ones, in the order of their lines.
    pub fn add(&mut self, issues: Vec<RowIssue>) {
        self.count += issues.len() as u64;
        let room = TOLD.saturating_sub(self.first.len());
        self.first.extend(issues.into_iter().take(room));
    }

    /// How many rows were skipped.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The first row's problem.
    pub fn first(&self) -> Option<&RowIssue> {
        self.first.first()
    }

    /// Tells of them; says nothing when there are none.
    pub fn tell(&self) {
        if self.count == 0 {
            return;
        }
        say(format_args!("skipped {}:", Count(self.count).things("row")));
        for issue in &self.first {
            say(format_args!("  {}", Error::from(issue)));
        }
        let more = self.count - self.first.len() as u64;
        if more > 0 {
            say(format_args!("  and {} more", Count(more)));
        }
    }
}
