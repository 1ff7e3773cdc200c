//! Where scores go.

use churn_core::{Error, ErrorCode, Result};

use super::scores::{Block, Content, Rows};

/// In which form a destination takes scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As lines of CSV.
    Text,
    /// As rows.
    Rows,
}

/// Takes scores, batch by batch.
pub trait Destination {
    /// In which form.
    fn form(&self) -> Form;

    /// How many batches an earlier run has left here, complete.
    fn done(&self) -> u64 {
        0
    }

    /// Takes the next batch.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    fn write(&mut self, block: Block<'_>) -> Result<()>;

    /// Makes sure that a later run can go on behind so many batches.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    fn checkpoint(&mut self, batches: u64) -> Result<()>;

    /// Whether a later run has something to go on with.
    fn is_kept(&self) -> bool {
        false
    }

    /// Whether the reader has gone, so that going on is idle.
    fn is_closed(&self) -> bool {
        false
    }

    /// Puts the whole where it is to be; says whether all was taken.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    fn finish(self: Box<Self>) -> Result<bool>;
}

impl<'a> Block<'a> {
    /// Lines of CSV.
    ///
    /// # Errors
    /// When the block has another form.
    pub fn text(self) -> Result<Vec<u8>> {
        match self.content {
            Content::Text(text) => Ok(text),
            Content::Rows(_) => Err(other_form()),
        }
    }

    /// Rows.
    ///
    /// # Errors
    /// When the block has another form.
    pub fn rows(self) -> Result<Box<Rows<'a>>> {
        match self.content {
            Content::Rows(rows) => Ok(rows),
            Content::Text(_) => Err(other_form()),
        }
    }
}

fn other_form() -> Error {
    Error::new(ErrorCode::Io, "the scores have another form")
}
