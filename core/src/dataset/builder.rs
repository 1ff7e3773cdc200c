//! Rows of text on their way to columns.

use super::header::{check_header, count, lacking, ragged};
use super::{Column, Dataset, LeftOut, ReadOptions, Reading, RowIssue, Texts};
use crate::error::{Error, ErrorCode, Result};
use crate::infer;
use crate::math::sort_places;
use crate::schema::Schema;

/// Rows of text on their way to a [`Dataset`]: from CSV, Parquet or SQL alike.
#[derive(Clone, Debug)]
pub struct DatasetBuilder {
    header: Vec<String>,
    /// All cells, row by row.
    text: String,
    /// End of each cell in `text`.
    ends: Vec<usize>,
    lines: Vec<u32>,
    positions: Vec<u32>,
    next_position: u32,
    issues: Vec<RowIssue>,
}

impl DatasetBuilder {
    /// A builder for rows under this header.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] for a header without names or with one twice.
    pub fn new(header: Vec<String>) -> Result<Self> {
        check_header(&header)?;
        Ok(Self {
            header,
            text: String::new(),
            ends: Vec::new(),
            lines: Vec::new(),
            positions: Vec::new(),
            next_position: 0,
            issues: Vec::new(),
        })
    }

    /// Makes room for a source of this many bytes.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.text.reserve(bytes);
    }

    /// Adds a row. `line` is its place in the source, from 1. A row with the
    /// wrong number of cells is skipped and reported.
    pub fn push<'a>(&mut self, line: u32, cells: impl IntoIterator<Item = &'a str>) {
        let start = self.ends.len();
        let text_start = self.text.len();
        for cell in cells {
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
        let fields = self.ends.len() - start;
        if fields == self.header.len() {
            self.take(line);
        } else {
            self.text.truncate(text_start);
            self.ends.truncate(start);
            self.skip(ragged(&self.header, line, count(fields)));
        }
    }

    /// Adds a row whose cells stand one behind the other in `text`; `ends` are
    /// their ends, as many as columns.
    pub(crate) fn push_joined(&mut self, line: u32, text: &str, ends: impl Iterator<Item = usize>) {
        let base = self.text.len();
        self.text.push_str(text);
        self.ends.extend(ends.map(|end| base + end));
        self.take(line);
    }

    fn take(&mut self, line: u32) {
        self.lines.push(line);
        self.positions.push(self.next_position);
        self.next_position = self.next_position.saturating_add(1);
    }

    /// Counts a row that could not be taken, and reports it.
    pub fn skip(&mut self, issue: RowIssue) {
        self.issues.push(issue);
        self.pass_over();
    }

    /// Counts a row that is not asked for.
    pub fn pass_over(&mut self) {
        self.next_position = self.next_position.saturating_add(1);
    }

    /// Rows taken so far.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// Column names.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h == name)
    }

    pub(crate) fn cell(&self, row: usize, column: usize) -> &str {
        let end = row * self.header.len() + column;
        let start = if end == 0 { 0 } else { self.ends[end - 1] };
        self.text[start..self.ends[end]].trim_ascii()
    }

    pub(crate) fn issue(&self, row: usize, column: usize, expected: &str) -> RowIssue {
        let cell = self.cell(row, column);
        let got = if cell.is_empty() {
            "nothing".to_owned()
        } else {
            format!("'{cell}'")
        };
        RowIssue {
            line: self.lines[row],
            column: Some(self.header[column].clone()),
            expected: expected.to_owned(),
            got,
        }
    }

    /// Infers the schema and makes the dataset.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] without rows or features, [`ErrorCode::Target`] when
    /// the target is unknown or has not exactly two classes,
    /// [`ErrorCode::Parameter`] for an unknown id or positive class.
    pub fn finish(self, options: &ReadOptions) -> Result<Reading> {
        self.require_rows()?;
        infer::infer(self, options)
    }

    /// Makes a dataset under a known schema (a model's). Columns that the
    /// schema does not name are left out; a cell that does not fit skips its
    /// row.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] without rows or when a feature has no column.
    pub fn finish_as(mut self, schema: &Schema) -> Result<Reading> {
        self.require_rows()?;
        self.take_as(schema)
    }

    /// As [`finish_as`](Self::finish_as), but keeps the builder for the rows to
    /// come and accepts none.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] when a feature has no column.
    pub fn take_as(&mut self, schema: &Schema) -> Result<Reading> {
        let mut skipped = vec![None; self.rows()];
        let mut columns = Vec::with_capacity(schema.features.len());
        for feature in &schema.features {
            let Some(at) = self.column(&feature.name) else {
                return Err(lacking(&feature.name, &self.header));
            };
            columns.push(self.encode(feature, at, &mut skipped));
        }
        let labels = self.labels(schema.target.as_ref(), &mut skipped);
        let id = schema.id.as_deref().and_then(|name| self.column(name));
        let target = schema.target.as_ref().map(|t| t.name.as_str());
        let left_out = self
            .header
            .iter()
            .filter(|h| Some(h.as_str()) != target && Some(*h) != schema.id.as_ref())
            .filter(|h| schema.position(h).is_none())
            .map(|h| LeftOut {
                column: h.clone(),
                reason: "not used by the model".into(),
            })
            .collect();
        let reading = self.assemble(schema.clone(), columns, id, labels, skipped, left_out);
        self.text.clear();
        self.ends.clear();
        self.lines.clear();
        self.positions.clear();
        Ok(reading)
    }

    fn require_rows(&self) -> Result<()> {
        if self.rows() > 0 {
            return Ok(());
        }
        Err(match self.issues.first() {
            Some(issue) => {
                let mut error = Error::from(issue);
                error.message = "no row can be read; the first problem".into();
                error.code = ErrorCode::Data;
                error
            }
            None => Error::mismatch(ErrorCode::Data, "rows below the header", "none"),
        })
    }

    /// Drops the skipped rows and puts the parts together.
    pub(crate) fn assemble(
        &mut self,
        schema: Schema,
        mut columns: Vec<Column>,
        id: Option<usize>,
        mut labels: Vec<Option<bool>>,
        skipped: Vec<Option<RowIssue>>,
        left_out: Vec<LeftOut>,
    ) -> Reading {
        let keep: Vec<bool> = skipped.iter().map(Option::is_none).collect();
        let mut positions = std::mem::take(&mut self.positions);
        let mut lines = std::mem::take(&mut self.lines);
        let ids = id.map(|at| {
            let mut ids = Texts::default();
            for row in (0..keep.len()).filter(|&row| keep[row]) {
                ids.push(self.cell(row, at));
            }
            ids
        });
        if keep.contains(&false) {
            for column in &mut columns {
                match column {
                    Column::Categorical(codes) => retain(codes, &keep),
                    Column::Numeric(numbers) => retain(numbers, &keep),
                }
            }
            retain(&mut labels, &keep);
            retain(&mut positions, &keep);
            retain(&mut lines, &keep);
        }
        let mut issues = std::mem::take(&mut self.issues);
        issues.extend(skipped.into_iter().flatten());
        let mut order: Vec<u32> = (0..).take(issues.len()).collect();
        sort_places(&mut order, &|a, b| issues[a].line.cmp(&issues[b].line));
        let mut issues: Vec<_> = issues.into_iter().map(Some).collect();
        let issues = order
            .iter()
            .filter_map(|&at| issues[at as usize].take())
            .collect();
        let dataset = Dataset {
            schema,
            columns,
            ids,
            labels,
            positions,
            lines,
        };
        Reading {
            dataset,
            issues,
            left_out,
        }
    }
}

fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut index = 0;
    items.retain(|_| {
        index += 1;
        keep[index - 1]
    });
}
