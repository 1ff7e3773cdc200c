//! Rows on their way into the file of a version.

use std::fs::File;
use std::path::PathBuf;

use churn_core::dataset::RowIssue;
use churn_core::infer::decimals_of;
use churn_core::tables::{Rejection, SourceRecord};
use churn_core::{Error, ErrorCode, Result};

use super::cells::{Cell, Kind};
use super::file::VersionFile;
use super::folder::TableFolder;
use super::rejects::Rejects;
use super::schema::{Spelling, TableColumn, TableSchema};
use super::source::Source;
use super::texts::Texts;
use super::track::Track;
use crate::issues::Issues;
use crate::output::failed;

/// A version while it is written.
#[derive(Debug)]
pub struct Writing {
    file: VersionFile,
    path: PathBuf,
    rejects: Rejects,
    schema: TableSchema,
    spellings: Vec<Option<Spelling>>,
    records: Vec<SourceRecord>,
}

/// What was written; it has no name yet.
#[derive(Debug)]
pub struct Written {
    /// The rows.
    pub file: PathBuf,
    /// How many.
    pub rows: u64,
    /// Their hash.
    pub content: String,
    /// Their columns, and how the sources wrote them.
    pub schema: TableSchema,
    /// Where they came from.
    pub records: Vec<SourceRecord>,
    /// The rows that did not fit, if any.
    pub rejects: Option<PathBuf>,
    /// Why.
    pub reasons: Vec<Rejection>,
    /// The first of them, and how many.
    pub issues: Issues,
}

impl Writing {
    /// Starts the files.
    ///
    /// # Errors
    /// [`ErrorCode::Io`].
    pub fn start(folder: &TableFolder, mut schema: TableSchema) -> Result<Self> {
        for column in &mut schema.columns {
            *column = TableColumn::new(&column.name, column.kind);
        }
        let path = folder.rows_part();
        let file = File::create(&path).map_err(|error| failed(&path, &error))?;
        Ok(Self {
            file: VersionFile::new(file, &schema)?,
            path,
            rejects: Rejects::new(&folder.rejected_part()),
            spellings: vec![None; schema.columns.len()],
            schema,
            records: Vec::new(),
        })
    }

    /// Takes all rows of a source.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] for one with other columns, and when it cannot be
    /// read; [`ErrorCode::Io`]; [`ErrorCode::Cancelled`].
    pub fn take(&mut self, source: &mut Source, track: &mut Track<'_>) -> Result<()> {
        let header = source.columns()?.names;
        let places = self.schema.places(&header);
        let places = places.map_err(|error| source.named(error))?;
        let name = source.name();
        let (rows, rejected) = (self.file.rows(), self.rejects.issues().count());
        source.each(&mut |row| {
            track.show(row.done)?;
            match row.issue {
                None => self.row(row.line, row.cells, &places)?,
                issue => issue,
            }
            .map_or(Ok(()), |issue| self.rejects.add(&name, issue, row.cells))
        })?;
        let rows = self.file.rows() - rows;
        let rejected = self.rejects.issues().count() - rejected;
        self.records.push(source.record(rows, rejected)?);
        Ok(())
    }

    /// Takes a row, or says why it does not fit.
    fn row(&mut self, line: u32, texts: &Texts, places: &[usize]) -> Result<Option<RowIssue>> {
        let mut row = Vec::with_capacity(places.len());
        for (column, at) in self.schema.columns.iter().zip(places) {
            let text = texts.get(*at).trim_ascii();
            let Some(cell) = Cell::parse(text, column.kind) else {
                return Ok(Some(RowIssue {
                    line,
                    column: Some(column.name.clone()),
                    expected: column.kind.expected().into(),
                    got: format!("'{text}'"),
                }));
            };
            row.push(cell);
        }
        for (at, cell) in row.iter().enumerate() {
            self.note(at, texts.get(places[at]).trim_ascii(), *cell);
        }
        self.file.push(&row)?;
        Ok(None)
    }

    /// How a cell is written, where a model could tell the difference.
    fn note(&mut self, at: usize, text: &str, cell: Cell<'_>) {
        let column = &mut self.schema.columns[at];
        match (cell, column.kind) {
            (Cell::Number(x), Kind::Number) => {
                column.decimals = column.decimals.max(decimals_of(text, x));
            }
            (Cell::Boolean(_), _) => {
                let known = &mut self.spellings[at];
                let new = Spelling::of(text).unwrap_or_default();
                *known = match *known {
                    Some(known) if known != new => Some(Spelling::Lower),
                    _ => Some(new),
                };
            }
            _ => {}
        }
    }

    /// Ends the files; they are on disk then.
    ///
    /// # Errors
    /// [`ErrorCode::Io`]; [`ErrorCode::Data`] when there is no row.
    pub fn finish(mut self) -> Result<Written> {
        let rows = self.file.rows();
        if rows == 0 {
            return Err(match self.rejects.issues().first() {
                Some(issue) => Error {
                    code: ErrorCode::Data,
                    message: "no row fits the table; the first problem".into(),
                    ..Error::from(issue)
                },
                None => Error::mismatch(ErrorCode::Data, "rows", "none"),
            });
        }
        for (column, spelling) in self.schema.columns.iter_mut().zip(self.spellings) {
            column.spelling = spelling.unwrap_or_default();
        }
        Ok(Written {
            file: self.path,
            rows,
            content: self.file.finish()?,
            schema: self.schema,
            records: self.records,
            rejects: self.rejects.finish()?,
            reasons: self.rejects.reasons().to_vec(),
            issues: self.rejects.issues().clone(),
        })
    }
}
