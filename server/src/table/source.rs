//! What is ingested: files of CSV and Parquet, or a query, as rows of text.

use std::fs;
use std::path::{Path, PathBuf};

use churn_core::csv::CsvRows;
use churn_core::dataset::RowIssue;
use churn_core::tables::SourceRecord;
use churn_core::{Error, ErrorCode, Result};

use super::cells::Kind;
use super::folder::sha256_of;
use super::parquet_file::ParquetFile;
use super::query::Query;
use super::texts::Texts;
use crate::input::{in_file, named, open};

/// Rows come from here.
#[derive(Debug)]
pub enum Source {
    /// A CSV file with a header line.
    Csv(SourceFile),
    /// A Parquet file.
    Parquet(SourceFile),
    /// A query on a database.
    Query(Box<Query>),
}

/// A file, and what it is called.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// What versions and errors call it.
    pub name: String,
}

/// A row of a source.
#[derive(Debug)]
pub struct SourceRow<'a> {
    /// Line of a CSV file, from 1; number of the row elsewhere.
    pub line: u32,
    /// Its cells, as many as columns unless there is an issue.
    pub cells: &'a Texts,
    /// Why it cannot be taken.
    pub issue: Option<RowIssue>,
    /// How much of the source is done: bytes, or rows.
    pub done: u64,
}

/// The columns of a source.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Their names.
    pub names: Vec<String>,
    /// Their kinds, where the source knows them.
    pub kinds: Vec<Option<Kind>>,
}

impl SourceFile {
    /// Puts the name into an error about the content.
    fn named(&self) -> impl Fn(Error) -> Error + '_ {
        |error| named(&self.name, error)
    }
}

impl Source {
    /// The files of a path: itself, or those of a folder in order of their
    /// names.
    ///
    /// # Errors
    /// [`ErrorCode::Io`]; [`ErrorCode::Parameter`] for a folder without any, and
    /// a file whose name is of neither format.
    pub fn files(path: &Path) -> Result<Vec<Self>> {
        if !path.is_dir() {
            return Ok(vec![Self::file(path).ok_or_else(|| {
                let expected = "a name that ends in .csv or .parquet";
                in_file(path)(Error::mismatch(ErrorCode::Parameter, expected, "another"))
            })?]);
        }
        let unreadable = |error: std::io::Error| {
            Error::new(ErrorCode::Io, format!("{}: {error}", path.display()))
        };
        let mut files = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            files.push(entry.map_err(unreadable)?.path());
        }
        files.sort();
        let files: Vec<Self> = files.iter().filter_map(|file| Self::file(file)).collect();
        if files.is_empty() {
            let expected = "files that end in .csv or .parquet";
            let error = Error::mismatch(ErrorCode::Parameter, expected, "none");
            return Err(in_file(path)(error));
        }
        Ok(files)
    }

    /// The format is told by the end of the name.
    fn file(path: &Path) -> Option<Self> {
        let end = path.extension()?.to_ascii_lowercase();
        let file = SourceFile {
            path: path.to_owned(),
            name: path.display().to_string(),
        };
        match end.to_str()? {
            "csv" => Some(Self::Csv(file)),
            "parquet" => Some(Self::Parquet(file)),
            _ => None,
        }
    }

    /// The file, or the database.
    pub fn name(&self) -> String {
        match self {
            Self::Csv(file) | Self::Parquet(file) => file.name.clone(),
            Self::Query(query) => query.place(),
        }
    }

    /// What a version tells of it, when it was read. A file is hashed as it is then.
    ///
    /// # Errors
    /// When a file cannot be read any more.
    pub fn record(&self, rows: u64, rejected: u64) -> Result<SourceRecord> {
        let (query, sha256) = match self {
            Self::Query(query) => (Some(query.sql().to_owned()), None),
            Self::Csv(file) | Self::Parquet(file) => (None, Some(sha256_of(&file.path)?)),
        };
        Ok(SourceRecord {
            from: self.name(),
            query,
            sha256,
            rows,
            rejected,
        })
    }

    /// An error with the source before it.
    pub fn named(&self, error: Error) -> Error {
        named(&self.name(), error)
    }

    /// How much there is to do, as far as is known: bytes, or rows.
    pub fn length(&self) -> u64 {
        match self {
            Self::Csv(file) => fs::metadata(&file.path).map_or(0, |file| file.len()),
            Self::Parquet(file) => ParquetFile::open(&file.path).map_or(0, |file| file.rows()),
            Self::Query(_) => 0,
        }
    }

    /// Names and kinds of the columns.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn columns(&mut self) -> Result<Columns> {
        match self {
            Self::Csv(file) => {
                let names = CsvRows::new(open(&file.path)?.0).map_err(file.named())?;
                let names = names.header().to_vec();
                Ok(Columns {
                    kinds: vec![None; names.len()],
                    names,
                })
            }
            Self::Parquet(file) => {
                let file = ParquetFile::open(&file.path)?;
                Ok(Columns {
                    names: file.header(),
                    kinds: file.kinds().into_iter().map(Some).collect(),
                })
            }
            Self::Query(query) => query.columns(),
        }
    }

    /// Calls for every row, in order.
    ///
    /// # Errors
    /// Those of the call, and when the source cannot be read.
    pub fn each(&mut self, call: &mut dyn FnMut(SourceRow<'_>) -> Result<()>) -> Result<()> {
        match self {
            Self::Csv(file) => csv(&file.path, call).map_err(file.named()),
            Self::Parquet(file) => {
                parquet(ParquetFile::open(&file.path)?, call).map_err(file.named())
            }
            Self::Query(query) => query.each(call),
        }
    }
}

fn csv(path: &Path, call: &mut dyn FnMut(SourceRow<'_>) -> Result<()>) -> Result<()> {
    let mut rows = CsvRows::new(open(path)?.0)?;
    let mut cells = Texts::default();
    loop {
        cells.clear();
        let (line, issue) = match rows.read()? {
            None => return Ok(()),
            Some(Ok(row)) => {
                cells.fill(row.text(), row.ends());
                (row.line, None)
            }
            Some(Err(issue)) => (issue.line, Some(issue)),
        };
        if issue.is_some() {
            for field in rows.fields() {
                cells.push(&field);
            }
        }
        call(SourceRow {
            line,
            cells: &cells,
            issue,
            done: rows.bytes_read(),
        })?;
    }
}

fn parquet(mut file: ParquetFile, call: &mut dyn FnMut(SourceRow<'_>) -> Result<()>) -> Result<()> {
    let mut cells = Texts::default();
    let mut done = 0;
    while let Some(batch) = file.read()? {
        let rows = batch.first().map_or(0, |column| column.present.len());
        for row in 0..rows {
            cells.clear();
            for column in &batch {
                column.get(row).write(cells.open());
                cells.end();
            }
            done += 1;
            call(SourceRow {
                line: u32::try_from(done).unwrap_or(u32::MAX),
                cells: &cells,
                issue: None,
                done,
            })?;
        }
    }
    Ok(())
}
