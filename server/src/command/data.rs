//! Where the data of a server are, as options say it.

use std::env;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use churn_core::{Error, ErrorCode, Result};
use clap::Args;

use crate::store::postgresql::Server;
use crate::store::{Folder, Place};
use crate::table::Tables;
use crate::table::folder::TableFolder;

/// The address of a PostgreSQL database, where no option names a place.
pub const VARIABLE: &str = "CHURN_DATABASE_URL";

/// Where the data of a server are.
#[derive(Debug, Args)]
pub struct DataArgs {
    /// Folder of the data of a server
    #[arg(long, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,

    /// PostgreSQL database of the data, instead of a folder: an address such as
    /// postgresql://USER:PASSWORD@HOST/DATABASE?sslmode=require, which other
    /// users of this machine cannot see if it is in CHURN_DATABASE_URL instead
    #[arg(long, value_name = "URL", conflicts_with = "data_dir")]
    pub database_url: Option<Secret>,
}

/// What is not to be printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// What nobody else is to see.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.into()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("...")
    }
}

impl DataArgs {
    /// The address of the PostgreSQL database, if the data are in one.
    pub fn url(&self) -> Option<String> {
        match (&self.data_dir, &self.database_url) {
            (_, Some(Secret(url))) => Some(url.clone()),
            (Some(_), None) => None,
            (None, None) => env::var(VARIABLE).ok().filter(|url| !url.is_empty()),
        }
    }

    /// The PostgreSQL server, if the data are on one.
    fn server(&self) -> Result<Option<Place>> {
        Ok(self
            .url()
            .map(|url| Server::new(&url).map(Box::new))
            .transpose()?
            .map(Place::Server))
    }

    /// The place, or `folder` if nothing is said. A folder is made if it is
    /// missing.
    ///
    /// # Errors
    /// For an address that is none, and a folder that cannot be made.
    pub fn made_or(&self, folder: Option<&str>) -> Result<Option<Place>> {
        if let Some(server) = self.server()? {
            return Ok(Some(server));
        }
        let folder = self.data_dir.clone().or(folder.map(Into::into));
        let folder = folder.map(|folder| Folder::open(&folder)).transpose()?;
        Ok(folder.map(Place::Folder))
    }

    /// The place; a folder is made if it is missing.
    ///
    /// # Errors
    /// As [`DataArgs::made_or`], and when nothing is said.
    pub fn made(&self) -> Result<Place> {
        self.made_or(None)?.ok_or_else(nothing_said)
    }

    /// The place; a folder has to hold data.
    ///
    /// # Errors
    /// When it holds none, and when nothing is said.
    pub fn existing(&self) -> Result<Place> {
        match (self.server()?, &self.data_dir) {
            (Some(server), _) => Ok(server),
            (None, Some(folder)) => Ok(Place::Folder(Folder::existing(folder)?)),
            (None, None) => Err(nothing_said()),
        }
    }
}

/// Where tables are.
#[derive(Debug, Args)]
pub struct TablesArgs {
    #[command(flatten)]
    pub data: DataArgs,

    /// Folder of the files of tables [default: tables in the folder of the data]
    #[arg(long, value_name = "FOLDER")]
    pub tables: Option<PathBuf>,
}

impl TablesArgs {
    /// The tables; what is missing is made.
    ///
    /// # Errors
    /// As [`DataArgs::made`]; when no folder is said and the data are in none.
    pub fn made(&self) -> Result<Tables> {
        self.of(self.data.made()?)
    }

    /// The tables of a place that has to hold data.
    ///
    /// # Errors
    /// As [`DataArgs::existing`]; when no folder is said and the data are in none.
    pub fn existing(&self) -> Result<Tables> {
        self.of(self.data.existing()?)
    }

    /// The place of the data itself, made if it is missing.
    ///
    /// # Errors
    /// As [`DataArgs::made`].
    pub fn place(&self) -> Result<Place> {
        self.data.made()
    }

    /// The place of the data itself, which has to hold some.
    ///
    /// # Errors
    /// As [`DataArgs::existing`].
    pub fn existing_place(&self) -> Result<Place> {
        self.data.existing()
    }

    fn of(&self, place: Place) -> Result<Tables> {
        let folder = self.folder(&place).ok_or_else(without_folder)?;
        Tables::open(place, folder)
    }

    /// Where the files are; nothing where no folder is said and the data are in
    /// none.
    pub fn folder(&self, place: &Place) -> Option<TableFolder> {
        match (&self.tables, place) {
            (Some(folder), _) => Some(TableFolder::new(folder)),
            (None, Place::Folder(folder)) => Some(TableFolder::new(&folder.tables())),
            (None, Place::Server(_)) => None,
        }
    }
}

/// The data are on a server and nobody said where the files of tables are.
pub fn without_folder() -> Error {
    let expected = "--tables FOLDER, for the files beside the database";
    Error::mismatch(ErrorCode::Parameter, expected, "none")
}

fn nothing_said() -> Error {
    let expected = "--data-dir FOLDER or --database-url URL";
    Error::mismatch(ErrorCode::Parameter, expected, "neither")
}
