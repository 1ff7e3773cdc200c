//! The rows of CSV, one by one.

use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder};

use crate::dataset::{RowIssue, check_header, count, ragged};
use crate::error::{Error, ErrorCode, Result};

/// A reader of CSV, row by row, in memory that does not grow.
pub struct CsvRows<R> {
    reader: Reader<R>,
    record: ByteRecord,
    header: Vec<String>,
    /// Lines end in "\r\n": a record ends at the "\r", its "\n" is still to come.
    crlf: bool,
}

/// A row as it is in the text.
#[derive(Clone, Copy, Debug)]
pub struct CsvRow<'a> {
    /// Its line, from 1 (the header is line 1).
    pub line: u32,
    record: &'a ByteRecord,
    text: &'a str,
}

impl<'a> CsvRow<'a> {
    /// The cells one behind the other.
    pub fn text(self) -> &'a str {
        self.text
    }

    /// The end of every cell in the text.
    pub fn ends(self) -> impl Iterator<Item = usize> + 'a {
        ends(self.record)
    }
}

impl<R: Read> CsvRows<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] when it cannot be read, lacks a name or has one twice.
    pub fn new(source: R) -> Result<Self> {
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
        check_header(&names)?;
        Ok(Self {
            crlf: reader.position().line() == 1 + header_breaks,
            reader,
            record: ByteRecord::new(),
            header: names,
        })
    }

    /// Column names.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Bytes taken from the source so far.
    pub fn bytes_read(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next row, or what is wrong with it; nothing at the end.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] when the text cannot be read any further.
    pub fn read(&mut self) -> Result<Option<Result<CsvRow<'_>, RowIssue>>> {
        let more = self.reader.read_byte_record(&mut self.record);
        if !more.map_err(|error| unreadable(&error))? {
            return Ok(None);
        }
        Ok(Some(self.row()))
    }

    /// The fields of the row just read, also of one that is not right; other
    /// bytes than UTF-8 are replaced.
    pub fn fields(&self) -> impl Iterator<Item = String> {
        let fields = self.record.iter();
        fields.map(|field| String::from_utf8_lossy(field).into_owned())
    }

    fn row(&self) -> Result<CsvRow<'_>, RowIssue> {
        let (line, last_line) = self.lines();
        let fields = self.record.len();
        if fields != self.header.len() {
            let got = if last_line > line {
                format!(
                    "{} up to line {last_line}; is a quote not closed?",
                    count(fields)
                )
            } else {
                count(fields)
            };
            return Err(ragged(&self.header, line, got));
        }
        match std::str::from_utf8(self.record.as_slice()) {
            // The halves of a character in two fields are text together, and
            // none alone.
            Ok(text) if ends(&self.record).all(|end| text.is_char_boundary(end)) => Ok(CsvRow {
                line,
                record: &self.record,
                text,
            }),
            _ => Err(self.not_utf8(line)),
        }
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

    fn not_utf8(&self, line: u32) -> RowIssue {
        let at = self
            .record
            .iter()
            .position(|field| std::str::from_utf8(field).is_err());
        let column = at.map(|at| self.header[at].clone());
        RowIssue {
            line,
            column,
            expected: "UTF-8 text".into(),
            got: "other bytes".into(),
        }
    }
}

/// The end of every field among the bytes of a record.
fn ends(record: &ByteRecord) -> impl Iterator<Item = usize> + '_ {
    (0..record.len()).map(|at| record.range(at).map_or(0, |range| range.end))
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
