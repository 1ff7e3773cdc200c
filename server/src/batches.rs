//! Customers of a CSV file or a table in batches of rows under a model's schema. A
//! thread of its own reads ahead, so that memory does not grow with the rows.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use churn_core::csv::CsvBatches;
use churn_core::progress::Progress;
use churn_core::{Dataset, Error, ErrorCode, Reading, Result, Schema};

use crate::customers::Customers;
use crate::input::{named, open};
use crate::interrupt::Interrupt;
use crate::issues::Issues;
use crate::progress::Bar;
use crate::table::selection::SelectionBatches;

/// Batches that wait between the threads.
const AHEAD: usize = 2;

/// The rows, batch by batch.
#[derive(Debug)]
pub struct Batches {
    name: String,
    /// What is missing where there is no row.
    expected: &'static str,
    /// Bytes of a file, rows of a table.
    length: u64,
    /// Batches with what is read so far; gone once the end is reached.
    receiver: Receiver<(u64, Result<Reading>)>,
    reader: Option<JoinHandle<()>>,
    stage: &'static str,
    bar: Bar,
    issues: Issues,
    rows: u64,
}

impl Batches {
    /// Opens the source and starts reading. `stage` is what the progress bar says.
    ///
    /// # Errors
    /// [`ErrorCode::Io`]; [`ErrorCode::Data`] for a header without a feature of
    /// the model.
    pub fn open(
        customers: &Customers,
        schema: &Schema,
        rows_per_batch: usize,
        stage: &'static str,
    ) -> Result<Self> {
        let name = customers.name();
        let in_source = |error| named(&name, error);
        let (sender, receiver) = sync_channel(AHEAD);
        let builder = thread::Builder::new();
        let (length, reader) = match customers {
            Customers::File(path) => {
                let (file, length) = open(path)?;
                let batches = CsvBatches::new(file, schema, rows_per_batch);
                let batches = batches.map_err(in_source)?;
                let read = move || send_all(batches, CsvBatches::bytes_read, &sender);
                (length, builder.spawn(read))
            }
            Customers::Table(selection) => {
                let batches = selection.batches(schema, rows_per_batch);
                let batches = batches.map_err(in_source)?;
                let read = move || send_all(batches, SelectionBatches::done, &sender);
                (selection.version.record.rows, builder.spawn(read))
            }
        };
        let reader = reader.map_err(|error| {
            Error::new(ErrorCode::Io, format!("cannot start a thread: {error}"))
        })?;
        Ok(Self {
            name,
            expected: customers.expected(),
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
        let reading = reading.map_err(|error| named(&self.name, error))?;
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
            None => Error::mismatch(ErrorCode::Data, self.expected, "none"),
        };
        Err(named(&self.name, error))
    }

    /// A reader that broke down must not pass for the end of the file.
    fn join(&mut self) -> Result<()> {
        match self.reader.take().map(JoinHandle::join) {
            Some(Err(_)) => {
                let error = Error::new(ErrorCode::Io, "reading broke off");
                Err(named(&self.name, error))
            }
            _ => Ok(()),
        }
    }
}

/// Sends every batch until the end, an error, or nobody listens any more.
fn send_all<B: Iterator<Item = Result<Reading>>>(
    mut batches: B,
    done: impl Fn(&B) -> u64,
    sender: &SyncSender<(u64, Result<Reading>)>,
) {
    while let Some(reading) = batches.next() {
        let failed = reading.is_err();
        if sender.send((done(&batches), reading)).is_err() || failed {
            return;
        }
    }
}
