//! Rows that do not fit: kept in a file, their reasons counted.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use churn_core::Result;
use churn_core::dataset::RowIssue;
use churn_core::tables::Rejection;
use serde::Serialize;

use super::texts::Texts;
use crate::issues::Issues;
use crate::output::failed;

/// Most reasons that are counted apart.
const MOST_REASONS: usize = 100;

/// The rejected rows of an ingest. Their file is made with the first one.
#[derive(Debug)]
pub struct Rejects {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    issues: Issues,
    reasons: Vec<Rejection>,
}

/// A line of the file.
#[derive(Serialize)]
struct Line<'a> {
    source: &'a str,
    line: u32,
    column: Option<&'a str>,
    expected: &'a str,
    got: &'a str,
    cells: Vec<&'a str>,
}

impl Rejects {
    /// None yet. `path` is where to keep them.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            file: None,
            issues: Issues::default(),
            reasons: Vec::new(),
        }
    }

    /// Keeps a row.
    ///
    /// # Errors
    /// [`ErrorCode::Io`](churn_core::ErrorCode::Io).
    pub fn add(&mut self, source: &str, issue: RowIssue, cells: &Texts) -> Result<()> {
        let line = Line {
            source,
            line: issue.line,
            column: issue.column.as_deref(),
            expected: &issue.expected,
            got: &issue.got,
            cells: cells.iter().collect(),
        };
        let written = self.writer().and_then(|file| {
            serde_json::to_writer(&mut *file, &line)?;
            file.write_all(b"\n")
        });
        written.map_err(|error| failed(&self.path, &error))?;
        let is_same =
            |reason: &Rejection| reason.column == issue.column && reason.expected == issue.expected;
        match self.reasons.iter().position(is_same) {
            Some(at) => self.reasons[at].rows += 1,
            None if self.reasons.len() < MOST_REASONS => self.reasons.push(Rejection {
                column: issue.column.clone(),
                expected: issue.expected.clone(),
                rows: 1,
            }),
            None => {}
        }
        self.issues.add(vec![issue]);
        Ok(())
    }

    fn writer(&mut self) -> std::io::Result<&mut BufWriter<File>> {
        let file = match self.file.take() {
            Some(file) => file,
            None => BufWriter::new(File::create(&self.path)?),
        };
        Ok(self.file.insert(file))
    }

    /// Why, and how many each.
    pub fn reasons(&self) -> &[Rejection] {
        &self.reasons
    }

    /// The first ones, to be told.
    pub fn issues(&self) -> &Issues {
        &self.issues
    }

    /// The file, if there is one; it is on disk then.
    ///
    /// # Errors
    /// [`ErrorCode::Io`](churn_core::ErrorCode::Io).
    pub fn finish(&mut self) -> Result<Option<PathBuf>> {
        let Some(file) = self.file.take() else {
            return Ok(None);
        };
        let file = file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error);
        let synced = file.and_then(|file| file.sync_all());
        synced.map_err(|error| failed(&self.path, &error))?;
        Ok(Some(self.path.clone()))
    }
}
