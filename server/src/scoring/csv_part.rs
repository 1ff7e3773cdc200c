//! Scores to a CSV file that appears when it is complete.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use churn_core::Result;

use super::destination::{Destination, Form};
use super::part_folder::PartFolder;
use super::scores::Block;
use super::work::Work;

/// Name of the file while it is not complete.
const ROWS: &str = "rows.csv";

/// Bytes collected before the system is called.
const BUFFER: usize = 1 << 18;

/// A CSV file on its way.
#[derive(Debug)]
pub struct CsvPart {
    folder: PartFolder,
    file: BufWriter<File>,
    length: u64,
    done: u64,
    header: String,
}

impl CsvPart {
    /// Begins the file, or goes on with it.
    ///
    /// # Errors
    /// [`churn_core::ErrorCode::Io`].
    pub fn open(path: &Path, work: Option<Work>, header: String) -> Result<Self> {
        let (folder, journal) = PartFolder::open(path, work)?;
        let (done, length) = journal.map_or((0, 0), |journal| (journal.batches, journal.length));
        let file = open(&folder.path(ROWS), length).map_err(|error| folder.failed(&error))?;
        Ok(Self {
            file: BufWriter::with_capacity(BUFFER, file),
            header: if length == 0 { header } else { String::new() },
            folder,
            length,
            done,
        })
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.length += bytes.len() as u64;
        let written = self.file.write_all(bytes);
        written.map_err(|error| self.folder.failed(&error))
    }

    fn sync(&mut self) -> Result<()> {
        let synced = self.file.flush();
        let synced = synced.and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(|error| self.folder.failed(&error))
    }
}

/// The file without what is behind the last checkpoint.
fn open(path: &Path, length: u64) -> io::Result<File> {
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    if file.metadata()?.len() < length {
        let message = "the scores of the run before are not complete; remove its folder";
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
    }
    file.set_len(length)?;
    file.seek(SeekFrom::End(0))?;
    Ok(file)
}

impl Destination for CsvPart {
    fn form(&self) -> Form {
        Form::Text
    }

    fn done(&self) -> u64 {
        self.done
    }

    fn write(&mut self, block: Block<'_>) -> Result<()> {
        let header = std::mem::take(&mut self.header);
        self.put(header.as_bytes())?;
        self.put(&block.text()?)
    }

    fn checkpoint(&mut self, batches: u64) -> Result<()> {
        self.sync()?;
        self.folder.note(batches, self.length)
    }

    fn is_kept(&self) -> bool {
        self.folder.is_kept()
    }

    fn finish(mut self: Box<Self>) -> Result<bool> {
        self.sync()?;
        self.folder.complete(ROWS).map(|()| true)
    }
}
