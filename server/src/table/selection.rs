//! Rows of a version, all or those that a condition holds for, as datasets.

use churn_core::artefact::TableRecord;
use churn_core::dataset::{DatasetBuilder, ReadOptions};
use churn_core::progress::{OnProgress, report};
use churn_core::{Error, ErrorCode, Reading, Result, Schema};

use super::cells::Cells;
use super::parquet_file::{BATCH, ParquetFile};
use super::schema::TableColumn;
use super::version::Version;
use crate::condition::Condition;

/// Rows of a version.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The version.
    pub version: Version,
    /// Which of its rows, as it was said.
    text: Option<String>,
    condition: Option<Condition>,
}

impl Selection {
    /// All rows, or those that a condition holds for.
    ///
    /// # Errors
    /// Those of [`Condition::parse`].
    pub fn new(version: Version, text: Option<&str>) -> Result<Self> {
        let columns = &version.schema.columns;
        let lookup = |name: &str| {
            let at = columns.iter().position(|column| column.name == name)?;
            Some((at, columns[at].kind))
        };
        let parse = |text| Condition::parse(text, "--where", &lookup);
        let condition = text.map(parse).transpose()?;
        Ok(Self {
            condition,
            text: text.map(str::to_owned),
            version,
        })
    }

    /// What a model trained on it tells of its source.
    pub fn record(&self) -> TableRecord {
        TableRecord {
            name: self.version.record.name.clone(),
            version: self.version.record.version,
            selection: self.text.clone(),
        }
    }

    /// Reads the rows and infers a model's schema.
    ///
    /// # Errors
    /// As [`DatasetBuilder::finish`]; [`ErrorCode::Cancelled`].
    pub fn read(&self, options: &ReadOptions, on_progress: OnProgress<'_>) -> Result<Reading> {
        self.all(on_progress)?.finish(options)
    }

    /// Reads the rows under a known schema (a model's).
    ///
    /// # Errors
    /// As [`DatasetBuilder::finish_as`]; [`ErrorCode::Cancelled`].
    pub fn read_as(&self, schema: &Schema, on_progress: OnProgress<'_>) -> Result<Reading> {
        self.all(on_progress)?.finish_as(schema)
    }

    fn all(&self, on_progress: OnProgress<'_>) -> Result<DatasetBuilder> {
        let mut rows = Rows::new(self)?;
        let total = usize::try_from(self.version.record.rows).unwrap_or(usize::MAX);
        while rows.fill(BATCH)? > 0 {
            report(on_progress, "reading rows", rows.done as usize, total)?;
        }
        if rows.builder.rows() == 0 {
            return Err(self.none());
        }
        Ok(rows.builder)
    }

    /// The rows in batches under a model's schema.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] when a feature has no column, or the file cannot be
    /// read.
    pub fn batches(&self, schema: &Schema, rows_per_batch: usize) -> Result<SelectionBatches> {
        let mut rows = Rows::new(self)?;
        rows.builder.take_as(schema)?;
        Ok(SelectionBatches {
            rows,
            schema: schema.clone(),
            batch: rows_per_batch.max(1),
        })
    }

    /// The error for a selection without rows.
    fn none(&self) -> Error {
        let expected = match &self.text {
            Some(text) => format!("rows where {text}"),
            None => "rows".into(),
        };
        Error::mismatch(ErrorCode::Data, expected, "none")
    }
}

/// Batches of rows under a known schema, in memory that does not grow.
#[derive(Debug)]
pub struct SelectionBatches {
    rows: Rows,
    schema: Schema,
    batch: usize,
}

impl SelectionBatches {
    /// Rows of the version seen so far.
    pub fn done(&self) -> u64 {
        self.rows.done
    }
}

impl Iterator for SelectionBatches {
    type Item = Result<Reading>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.rows.fill(self.batch) {
            Ok(0) => None,
            Ok(_) => Some(self.rows.builder.take_as(&self.schema)),
            Err(error) => Some(Err(error)),
        }
    }
}

/// A file that fills a [`DatasetBuilder`].
#[derive(Debug)]
struct Rows {
    file: ParquetFile,
    columns: Vec<TableColumn>,
    condition: Option<Condition>,
    batch: Vec<Cells>,
    /// The next row in the batch, and how many there are.
    at: usize,
    length: usize,
    done: u64,
    builder: DatasetBuilder,
}

impl Rows {
    fn new(selection: &Selection) -> Result<Self> {
        Ok(Self {
            file: selection.version.open()?,
            columns: selection.version.schema.columns.clone(),
            condition: selection.condition.clone(),
            batch: Vec::new(),
            at: 0,
            length: 0,
            done: 0,
            builder: DatasetBuilder::new(selection.version.schema.names())?,
        })
    }

    /// Takes up to `most` rows, those that are passed over included; how many.
    fn fill(&mut self, most: usize) -> Result<usize> {
        let mut text = String::new();
        let mut ends = Vec::with_capacity(self.columns.len());
        for taken in 0..most {
            while self.at == self.length {
                let Some(batch) = self.file.read()? else {
                    return Ok(taken);
                };
                self.length = batch.first().map_or(0, |column| column.present.len());
                self.batch = batch;
                self.at = 0;
            }
            let row = self.at;
            self.at += 1;
            self.done += 1;
            let cell = |column: usize| self.batch[column].get(row);
            if self
                .condition
                .as_ref()
                .is_some_and(|condition| !condition.holds(&cell))
            {
                self.builder.pass_over();
                continue;
            }
            text.clear();
            ends.clear();
            for (column, cells) in self.columns.iter().zip(&self.batch) {
                column.write(cells.get(row), &mut text);
                ends.push(text.len());
            }
            let starts = std::iter::once(0).chain(ends.iter().copied());
            let cells = starts.zip(&ends).map(|(start, end)| &text[start..*end]);
            let line = u32::try_from(self.done).unwrap_or(u32::MAX);
            self.builder.push(line, cells);
        }
        Ok(most)
    }
}
