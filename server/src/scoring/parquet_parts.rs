//! Scores to a Parquet file that appears when it is complete. Up to then there are
//! parts, each a Parquet file of its own, whose row groups are put into one file
//! in the end as they are.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use churn_core::Result;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaDataReader};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;

use super::destination::{Destination, Form};
use super::part_folder::PartFolder;
use super::scores::Block;
use super::work::Work;
use crate::table::cells::Kind;
use crate::table::rows_file::{RowsFile, unwritable};

/// Name of the whole, while it is not complete.
const WHOLE: &str = "whole.parquet";

/// A Parquet file on its way.
#[derive(Debug)]
pub struct ParquetParts {
    folder: PartFolder,
    columns: Vec<(String, Kind)>,
    /// Complete parts.
    parts: u64,
    part: Option<RowsFile>,
    done: u64,
}

impl ParquetParts {
    /// Begins the file, or goes on with it.
    ///
    /// # Errors
    /// [`churn_core::ErrorCode::Io`].
    pub fn open(path: &Path, work: Option<Work>, columns: Vec<(String, Kind)>) -> Result<Self> {
        let (folder, journal) = PartFolder::open(path, work)?;
        let (done, parts) = journal.map_or((0, 0), |journal| (journal.batches, journal.length));
        Ok(Self {
            folder,
            columns,
            parts,
            part: None,
            done,
        })
    }

    fn path(&self, part: u64) -> PathBuf {
        self.folder.path(&name(part))
    }

    fn part(&mut self) -> Result<&mut RowsFile> {
        if self.part.is_none() {
            let file = File::create(self.path(self.parts));
            let file = file.map_err(|error| self.folder.failed(&error))?;
            let columns = self.columns.iter();
            let columns: Vec<_> = columns.map(|(name, kind)| (name.as_str(), *kind)).collect();
            self.part = Some(RowsFile::new(file, &columns)?);
        }
        self.part
            .as_mut()
            .ok_or_else(|| unwritable(&ParquetError::General("no file".into())))
    }

    fn end_part(&mut self) -> Result<()> {
        if let Some(part) = self.part.take() {
            part.finish()?;
            self.parts += 1;
        }
        Ok(())
    }

    /// One file of all parts.
    fn join(&self) -> Result<(), ParquetError> {
        let properties = WriterProperties::builder()
            .set_created_by("churn".into())
            .build();
        let properties = Arc::new(properties);
        let whole = File::create(self.folder.path(WHOLE))?;
        let mut writer = None;
        for part in 0..self.parts {
            let file = File::open(self.path(part))?;
            let reader =
                ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Optional);
            let metadata = reader.parse_and_finish(&file)?;
            let writer = match &mut writer {
                Some(writer) => writer,
                None => {
                    let layout = metadata.file_metadata().schema_descr().root_schema_ptr();
                    let whole = whole.try_clone()?;
                    let new = SerializedFileWriter::new(whole, layout, Arc::clone(&properties))?;
                    writer.insert(new)
                }
            };
            let index = metadata.page_index();
            for (group, rows) in metadata.row_groups().iter().enumerate() {
                let mut out = writer.next_row_group()?;
                for (at, column) in rows.columns().iter().enumerate() {
                    let closed = ColumnCloseResult {
                        bytes_written: u64::try_from(column.compressed_size()).unwrap_or(0),
                        rows_written: u64::try_from(rows.num_rows()).unwrap_or(0),
                        metadata: column.clone(),
                        bloom_filter: None,
                        column_index: index.and_then(|all| all.column_index(group, at)).cloned(),
                        offset_index: index.and_then(|all| all.offset_index(group, at)).cloned(),
                    };
                    out.append_column(&file, closed)?;
                }
                out.close()?;
            }
        }
        if let Some(writer) = writer {
            writer.close()?;
        }
        whole.sync_all()?;
        Ok(())
    }
}

fn name(part: u64) -> String {
    format!("{part:06}.parquet")
}

impl Destination for ParquetParts {
    fn form(&self) -> Form {
        Form::Rows
    }

    fn done(&self) -> u64 {
        self.done
    }

    fn write(&mut self, block: Block<'_>) -> Result<()> {
        let part = self.part()?;
        block.rows()?.each(|row| part.push(row))
    }

    fn checkpoint(&mut self, batches: u64) -> Result<()> {
        self.end_part()?;
        self.folder.note(batches, self.parts)
    }

    fn is_kept(&self) -> bool {
        self.folder.is_kept()
    }

    fn finish(mut self: Box<Self>) -> Result<bool> {
        self.end_part()?;
        let file = match self.parts {
            1 => name(0),
            _ => {
                self.join().map_err(|error| unwritable(&error))?;
                WHOLE.into()
            }
        };
        self.folder.complete(&file).map(|()| true)
    }
}
