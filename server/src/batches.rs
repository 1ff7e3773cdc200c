//! A CSV file in batches of rows under a model's schema. A thread of its own
//! reads ahead, so that memory does not grow with the file.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use churn_core::csv::CsvBatches;
use churn_core::progress::Progress;
use churn_core::{Dataset, Error, ErrorCode, Reading, Result, Schema};

use crate::input::{in_file, open};
use crate::interrupt::Interrupt;
use crate::issues::Issues;
use crate::progress::Bar;

/// Batches that wait between the threads.
const AHEAD: usize = 2;

/// The rows of a file, batch by batch.
#[derive(Debug)]
pub struct Batches {
    path: PathBuf,
    length: u64,
    /// Batches with the bytes read so far; gone once the end is reached.
    receiver: Receiver<(u64, Result<Reading>)>,
    reader: Option<JoinHandle<()>>,
    stage: &'static str,
    bar: Bar,
    issues: Issues,
    rows: u64,
}

impl Batches {
    /// Opens a file and starts reading. `stage` is what the progress bar says.
    ///
    /// # Errors
    /// [`ErrorCode::Io`]; [`ErrorCode::Data`] for a header without a feature of
    /// the model.
    pub fn open(
        path: &Path,
        schema: &Schema,
        rows_per_batch: usize,
        stage: &'static str,
    ) -> Result<Self> {
        let (file, length) = open(path)?;
        let batches = CsvBatches::new(file, schema, rows_per_batch).map_err(in_file(path))?;
        let (sender, receiver) = sync_channel(AHEAD);
        let reader = thread::Builder::new().spawn(move || send_all(batches, &sender));
        let reader = reader.map_err(|error| {
            Error::new(ErrorCode::Io, format!("cannot start a thread: {error}"))
        })?;
        Ok(Self {
            path: path.to_owned(),
            length,
            receiver,
            reader: Some(reader),
            stage,
            bar: Bar::new(Interrupt::listen()),
            issues: Issues::default(),
            rows: 0,
        })
    }

    /// The next rows; nothing at the end of the file.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] when the text cannot be read or has no row that fits
    /// the model; [`ErrorCode::Cancelled`].
    pub fn read(&mut self) -> Result<Option<Dataset>> {
        let Ok((done, reading)) = self.receiver.recv() else {
            self.join()?;
            return self.end();
        };
        let progress = Progress {
            stage: self.stage,
            done,
            total: self.length,
        };
        if self.bar.show(progress).is_break() {
            return Err(Error::cancelled());
        }
        let reading = reading.map_err(in_file(&self.path))?;
        self.rows += reading.dataset.rows() as u64;
        self.issues.add(reading.issues);
        Ok(Some(reading.dataset))
    }

    /// Rows handed out.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Takes the progress bar away and gives the rows that were skipped.
    pub fn into_issues(self) -> Issues {
        self.issues
    }

    /// The end of the file: an error when no row could be used.
    fn end(&self) -> Result<Option<Dataset>> {
        if self.rows > 0 {
            return Ok(None);
        }
        let error = match self.issues.first() {
            Some(issue) => Error {
                code: ErrorCode::Data,
                message: "no row fits the model; the first problem".into(),
                ..Error::from(issue)
            },
            None => Error::mismatch(ErrorCode::Data, "rows below the header", "none"),
        };
        Err(error).map_err(in_file(&self.path))
    }

    /// A reader that broke down must not pass for the end of the file.
    fn join(&mut self) -> Result<()> {
        match self.reader.take().map(JoinHandle::join) {
            Some(Err(_)) => {
                let error = Error::new(ErrorCode::Io, "reading broke off");
                Err(error).map_err(in_file(&self.path))
            }
            _ => Ok(()),
        }
    }
}

/// Sends every batch until the end, an error, or nobody listens any more.
fn send_all<R: std::io::Read>(
    mut batches: CsvBatches<R>,
    sender: &SyncSender<(u64, Result<Reading>)>,
) {
    while let Some(reading) = batches.next() {
        let failed = reading.is_err();
        if sender.send((batches.bytes_read(), reading)).is_err() || failed {
            return;
        }
    }
}
