//! CSV, from bytes or a reader, to datasets.
//!
//! Quotes, CRLF and a byte order mark are understood; text is UTF-8. Rows that
//! cannot be read (ragged, not UTF-8) are skipped and reported with their line.

use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder};

use crate::dataset::{Dataset, DatasetBuilder, ReadOptions, Reading, RowIssue, count};
use crate::error::{Error, ErrorCode, Result};
use crate::progress::{OnProgress, report};
use crate::schema::Schema;

/// Rows between two reports of progress.
const REPORT_EVERY: usize = 8192;

impl Dataset {
    /// Reads CSV and infers the schema.
    ///
    /// # Errors
    /// As [`DatasetBuilder::finish`]; [`ErrorCode::Data`] when the text cannot be
    /// read; [`ErrorCode::Cancelled`].
    pub fn read_csv(
        bytes: &[u8],
        options: &ReadOptions,
        on_progress: OnProgress<'_>,
    ) -> Result<Reading> {
        read_all(bytes, on_progress)?.finish(options)
    }

    /// Reads CSV under a known schema (a model's).
    ///
    /// # Errors
    /// As [`DatasetBuilder::finish_as`]; [`ErrorCode::Data`] when the text cannot
    /// be read; [`ErrorCode::Cancelled`].
    pub fn read_csv_as(
        bytes: &[u8],
        schema: &Schema,
        on_progress: OnProgress<'_>,
    ) -> Result<Reading> {
        read_all(bytes, on_progress)?.finish_as(schema)
    }
}

/// Column names of CSV.
///
/// # Errors
/// [`ErrorCode::Data`] when the header cannot be read, lacks a name or has one
/// twice.
pub fn header(bytes: &[u8]) -> Result<Vec<String>> {
    Ok(Rows::new(bytes)?.builder.header().to_vec())
}

fn read_all(bytes: &[u8], on_progress: OnProgress<'_>) -> Result<DatasetBuilder> {
    let mut rows = Rows::new(bytes)?;
    rows.builder.reserve(bytes.len());
    while rows.fill(REPORT_EVERY)? > 0 {
        report(
            on_progress,
            "reading rows",
            rows.bytes_read() as usize,
            bytes.len(),
        )?;
    }
    Ok(rows.builder)
}

/// Batches of rows under a known schema, in memory that does not grow.
pub struct CsvBatches<R> {
    rows: Rows<R>,
    schema: Schema,
    batch: usize,
}

impl<R: Read> CsvBatches<R> {
    /// Reads the header. `batch` is the number of rows per dataset.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] when the header cannot be read or lacks a feature.
    pub fn new(reader: R, schema: &Schema, batch: usize) -> Result<Self> {
        let mut rows = Rows::new(reader)?;
        rows.builder.take_as(schema)?;
        Ok(Self {
            rows,
            schema: schema.clone(),
            batch: batch.max(1),
        })
    }

    /// Bytes taken from the reader so far.
    pub fn bytes_read(&self) -> u64 {
        self.rows.bytes_read()
    }
}

impl<R: Read> Iterator for CsvBatches<R> {
    type Item = Result<Reading>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.rows.fill(self.batch) {
            Ok(0) => None,
            Ok(_) => Some(self.rows.builder.take_as(&self.schema)),
            Err(error) => Some(Err(error)),
        }
    }
}

/// A CSV reader that fills a [`DatasetBuilder`].
struct Rows<R> {
    reader: Reader<R>,
    record: ByteRecord,
    builder: DatasetBuilder,
    /// Lines end in "\r\n": a record ends at the "\r", its "\n" is still to come.
    crlf: bool,
}

impl<R: Read> Rows<R> {
    fn new(source: R) -> Result<Self> {
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(source);
        let header = reader.byte_headers().map_err(|error| unreadable(&error))?;
        // The csv crate removes UTF-8's mark itself.
        if header.as_slice().starts_with(&[0xFF, 0xFE])
            || header.as_slice().starts_with(&[0xFE, 0xFF])
        {
            return Err(Error::mismatch(
                ErrorCode::Data,
                "UTF-8 text",
                "UTF-16: save it as UTF-8",
            ));
        }
        let names = header
            .iter()
            .map(|name| Ok(utf8(name)?.trim_ascii().to_owned()))
            .collect::<Result<Vec<String>>>()
            .map_err(|error| error.at_line(1))?;
        let header_breaks = line_breaks(header);
        let builder = DatasetBuilder::new(names)?;
        Ok(Self {
            crlf: reader.position().line() == 1 + header_breaks,
            reader,
            record: ByteRecord::new(),
            builder,
        })
    }

    fn bytes_read(&self) -> u64 {
        self.reader.position().byte()
    }

    /// Reads up to `most` rows; returns how many lines it took, skipped ones
    /// included.
    fn fill(&mut self, most: usize) -> Result<usize> {
        for done in 0..most {
            let more = self.reader.read_byte_record(&mut self.record);
            if !more.map_err(|error| unreadable(&error))? {
                return Ok(done);
            }
            self.push();
        }
        Ok(most)
    }

    /// First and last line of the record just read. Its own position is that
    /// of what comes before it: the rest of a "\r\n", blank lines.
    fn lines(&self) -> (u32, u32) {
        let before = self.record.position().map_or(0, csv::Position::line);
        let breaks = self.reader.position().line().saturating_sub(before);
        let inside = line_breaks(&self.record);
        // One break is the end of the line before, or else that of this one,
        // which the last line may lack.
        let blank = breaks.saturating_sub(1 + inside);
        let first = before + u64::from(self.crlf) + blank;
        let open = self.record.as_slice().ends_with(b"\n");
        let last = first + inside - u64::from(open);
        let short = |line| u32::try_from(line).unwrap_or(u32::MAX);
        (short(first), short(last))
    }

    fn push(&mut self) {
        let (line, last_line) = self.lines();
        let fields = self.record.len();
        if fields != self.builder.header().len() {
            let got = if last_line > line {
                format!(
                    "{} up to line {last_line}; is a quote not closed?",
                    count(fields)
                )
            } else {
                count(fields)
            };
            self.builder.skip(self.builder.ragged(line, got));
            return;
        }
        let end = |at| self.record.range(at).map_or(0, |range| range.end);
        match std::str::from_utf8(self.record.as_slice()) {
            // The halves of a character in two fields are text together, and
            // none alone.
            Ok(text) if (0..fields).all(|at| text.is_char_boundary(end(at))) => {
                self.builder.push_joined(line, text, (0..fields).map(end));
            }
            _ => self.builder.skip(self.not_utf8(line)),
        }
    }

    fn not_utf8(&self, line: u32) -> RowIssue {
        let at = self
            .record
            .iter()
            .position(|field| std::str::from_utf8(field).is_err());
        let column = at.map(|at| self.builder.header()[at].clone());
        RowIssue {
            line,
            column,
            expected: "UTF-8 text".into(),
            got: "other bytes".into(),
        }
    }
}

/// Line breaks within the quotes of a record.
fn line_breaks(record: &ByteRecord) -> u64 {
    record.as_slice().iter().filter(|b| **b == b'\n').count() as u64
}

fn utf8(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes)
        .map_err(|_| Error::mismatch(ErrorCode::Data, "UTF-8 text", "other bytes"))
}

fn unreadable(error: &csv::Error) -> Error {
    Error::new(ErrorCode::Data, format!("the data cannot be read: {error}"))
}
