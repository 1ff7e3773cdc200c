//! From sources to a new version of a table: whole or not at all.

use churn_core::{Error, ErrorCode, Result};
use serde::Serialize;

use super::Tables;
use super::folder::sha256_of;
use super::inference::Inference;
use super::schema::TableSchema;
use super::source::{Columns, Source};
use super::track::Track;
use super::writing::{Writing, Written};
use crate::clock::now_ms;
use crate::issues::Issues;
use crate::progress::Bar;
use crate::store::tables::{self, VersionRecord};

/// What is to be ingested.
#[derive(Debug)]
pub struct Ingest {
    /// Name of the table.
    pub name: String,
    /// Where the rows come from, in order.
    pub sources: Vec<Source>,
    /// The columns, where they are not those of the newest version.
    pub schema: Option<TableSchema>,
    /// Who ingests, where that is known.
    pub made_by: Option<String>,
}

/// What an ingest came to.
#[derive(Debug)]
pub struct Ingested {
    /// The version that holds the rows now.
    pub version: VersionRecord,
    /// Whether it was made, or was there with the same rows.
    pub is_new: bool,
    /// The rows that did not fit.
    pub issues: Issues,
}

impl Ingest {
    /// Ingests. The bar is told how far it is.
    ///
    /// # Errors
    /// When a source cannot be read, its columns are not those of the table, no
    /// row fits, or the version cannot be kept; [`ErrorCode::Cancelled`].
    pub fn run(mut self, tables: &mut Tables, bar: &Bar) -> Result<Ingested> {
        let lock = tables.folder.lock()?;
        tables.folder.clean(&lock, &mut tables.connection)?;
        let done = self.ingest(tables, bar);
        // What is not to be kept goes at once. If it cannot, the next ingest
        // sees to it.
        let cleaned = tables.folder.clean(&lock, &mut tables.connection);
        let done = done?;
        cleaned?;
        Ok(done)
    }

    fn ingest(&mut self, tables: &mut Tables, bar: &Bar) -> Result<Ingested> {
        let newest = tables::newest(&mut tables.connection, &self.name)?;
        let columns = self.columns()?;
        let schema = match (self.schema.take(), &newest) {
            (Some(given), _) => given,
            (None, Some(version)) => TableSchema::from_json(&version.schema)?,
            (None, None) => self.infer(columns, bar)?,
        };
        let mut writing = Writing::start(&tables.folder, schema)?;
        let mut track = Track::new(bar, "ingesting", &self.sources);
        for source in &mut self.sources {
            writing.take(source, &mut track)?;
            track.next();
        }
        let written = writing.finish()?;
        let number = newest.as_ref().map_or(0, |newest| newest.version) + 1;
        let is_same = |newest: &VersionRecord| newest.content == written.content && !newest.deleted;
        match newest.filter(is_same) {
            Some(newest) => Ok(Ingested {
                version: newest,
                is_new: false,
                issues: written.issues,
            }),
            None => self.keep(tables, number, written),
        }
    }

    /// Makes what was written the newest version.
    fn keep(&self, tables: &mut Tables, number: u32, written: Written) -> Result<Ingested> {
        let version = VersionRecord {
            name: self.name.clone(),
            version: number,
            created_ms: now_ms(),
            rows: written.rows,
            rejected: written.issues.count(),
            content: written.content,
            file: sha256_of(&written.file)?,
            schema: json(&written.schema)?,
            sources: json(&written.records)?,
            reasons: json(&written.reasons)?,
            made_by: self.made_by.clone(),
            deleted: false,
        };
        let rejects = written.rejects.as_deref();
        tables.folder.place(&written.file, rejects, &version)?;
        let add = |connection: &mut _| tables::add(connection, &version);
        let added = tables.connection.transaction(add);
        added.map_err(|error| {
            let message = format!("{}: the version cannot be kept: {error}", tables.place);
            Error::new(ErrorCode::Io, message)
        })?;
        Ok(Ingested {
            version,
            is_new: true,
            issues: written.issues,
        })
    }

    /// The columns that all sources have, in the order of the first.
    fn columns(&mut self) -> Result<Columns> {
        let mut all: Option<Columns> = None;
        for source in &mut self.sources {
            let columns = source.columns()?;
            let Some(first) = &mut all else {
                all = Some(columns);
                continue;
            };
            let place = |name: &String| columns.names.iter().position(|other| other == name);
            let places: Option<Vec<usize>> = first.names.iter().map(place).collect();
            let is_same = columns.names.len() == first.names.len();
            let Some(places) = places.filter(|_| is_same) else {
                let expected = format!("the first source's columns {}", first.names.join(", "));
                let error = Error::mismatch(ErrorCode::Data, expected, columns.names.join(", "));
                return Err(source.named(error));
            };
            // Where sources differ, the cells decide.
            for (kind, at) in first.kinds.iter_mut().zip(places) {
                *kind = kind.filter(|kind| columns.kinds[at] == Some(*kind));
            }
        }
        all.ok_or_else(|| Error::mismatch(ErrorCode::Parameter, "a source", "none"))
    }

    /// The schema that fits all rows.
    fn infer(&mut self, columns: Columns, bar: &Bar) -> Result<TableSchema> {
        let mut inference = Inference::new(columns);
        if inference.is_needed() {
            let mut track = Track::new(bar, "looking at columns", &self.sources);
            for source in &mut self.sources {
                let places = inference.schema().places(&source.columns()?.names)?;
                source.each(&mut |row| {
                    if row.issue.is_none() {
                        inference.add(places.iter().map(|at| row.cells.get(*at)));
                    }
                    track.show(row.done)
                })?;
                track.next();
            }
        }
        Ok(inference.schema())
    }
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::new(ErrorCode::Io, error.to_string()))
}
