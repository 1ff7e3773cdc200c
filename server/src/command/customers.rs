//! Where the customers of a command come from, as options say it.

use std::path::PathBuf;

use churn_core::Result;
use clap::Args;

use super::data::TablesArgs;
use crate::customers::Customers;
use crate::store::Place;
use crate::table::selection::Selection;
use crate::table::version::VersionName;

/// Where customers come from.
#[derive(Debug, Args)]
pub struct CustomersArgs {
    /// Customers: a CSV file with a header line
    #[arg(
        value_name = "DATA.csv",
        required_unless_present = "table",
        conflicts_with = "table"
    )]
    file: Option<PathBuf>,

    /// Customers of a table instead: its newest version, or another
    #[arg(long, value_name = "NAME[@VERSION]")]
    table: Option<VersionName>,

    /// Those rows of the table alone for which this holds, such as
    /// "Contract = 'One year' and tenure < 6"; a name with other signs in it
    /// stands in double quotes
    #[arg(long = "where", value_name = "CONDITION", requires = "table")]
    selection: Option<String>,

    #[command(flatten)]
    tables: TablesArgs,
}

impl CustomersArgs {
    /// Where the data of a server are, made if it is missing.
    ///
    /// # Errors
    /// As [`TablesArgs::place`].
    pub fn place(&self) -> Result<Place> {
        self.tables.place()
    }

    /// Where the data of a server are.
    ///
    /// # Errors
    /// As [`TablesArgs::existing_place`].
    pub fn existing_place(&self) -> Result<Place> {
        self.tables.existing_place()
    }

    /// The customers; of a table, it is made sure that it is there.
    ///
    /// # Errors
    /// When there is no such table, or the condition is none.
    pub fn open(&self) -> Result<Customers> {
        match (&self.file, &self.table) {
            (_, Some(name)) => {
                let version = self.tables.existing()?.version(name)?;
                let selection = Selection::new(version, self.selection.as_deref())?;
                Ok(Customers::Table(Box::new(selection)))
            }
            (file, None) => Ok(Customers::File(file.clone().unwrap_or_default())),
        }
    }
}
