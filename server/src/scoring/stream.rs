//! Scores to standard output, a pipe or a device: as they come, never gone on with.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use churn_core::Result;

use super::destination::{Destination, Form};
use super::scores::Block;
use crate::output::{self, Output};

/// An output that takes CSV as it comes.
#[derive(Debug)]
pub struct Stream {
    output: Output,
    path: PathBuf,
    header: String,
}

impl Stream {
    /// Opens it.
    ///
    /// # Errors
    /// [`churn_core::ErrorCode::Io`].
    pub fn create(path: &Path, header: String) -> Result<Self> {
        Ok(Self {
            output: Output::create(path)?,
            path: path.to_owned(),
            header,
        })
    }
}

impl Destination for Stream {
    fn form(&self) -> Form {
        Form::Text
    }

    fn write(&mut self, block: Block<'_>) -> Result<()> {
        // The header not before there is a row.
        let header = std::mem::take(&mut self.header);
        let written = self.output.write_all(header.as_bytes());
        let text = block.text()?;
        let written = written.and_then(|()| self.output.write_all(&text));
        written.map_err(|error| output::failed(&self.path, &error))
    }

    fn checkpoint(&mut self, _: u64) -> Result<()> {
        Ok(())
    }

    fn is_closed(&self) -> bool {
        self.output.is_closed()
    }

    fn finish(self: Box<Self>) -> Result<bool> {
        self.output.finish()
    }
}
