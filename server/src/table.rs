//! Tables: named, in versions, each a Parquet file that never changes.
//!
//! What a version is, is told by the store ([`crate::store::tables`]); its rows
//! are in a file of a folder beside ([`folder`]).
//!
//! * [`cells`], [`texts`], [`schema`], [`inference`]: kinds of columns and what is in them.
//! * [`source`], [`query`], [`parquet_file`], [`parquet_types`]: where rows come
//!   from.
//! * [`ingest`], [`writing`]: from sources to a version; [`mod@file`], [`content`]:
//!   its file and its hash; [`rows_file`]: rows as Parquet; [`rejects`]: rows that do not fit; [`track`]: how far
//!   it is.
//! * [`version`]: a version, open for reading; [`selection`]: which of its rows.
//! * [`copy`]: the files in backups.
//! * [`quality`], [`difference`], [`ids`]: what is in a version, and what changed.

pub mod cells;
pub mod content;
pub mod copy;
pub mod difference;
pub mod file;
pub mod folder;
pub mod ids;
pub mod inference;
pub mod ingest;
pub mod parquet_file;
pub mod parquet_types;
pub mod quality;
pub mod query;
pub mod rejects;
pub mod rows_file;
pub mod schema;
pub mod selection;
pub mod source;
pub mod texts;
pub mod track;
pub mod version;
pub mod writing;

use churn_core::Result;

use crate::store::{Connection, Place};
use folder::TableFolder;

/// All tables of a store.
#[derive(Debug)]
pub struct Tables {
    /// Where the store is.
    pub place: Place,
    /// Knows the versions.
    pub connection: Connection,
    /// Has the files.
    pub folder: TableFolder,
}

impl Tables {
    /// The tables of a store, with their files in a folder.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub fn open(place: Place, folder: TableFolder) -> Result<Self> {
        Ok(Self {
            connection: place.open()?,
            place,
            folder,
        })
    }
}
