//! What the columns of a training are, as options say it.

use churn_core::dataset::ReadOptions;
use churn_core::{Error, ErrorCode, Preset, Result};
use clap::Args;

/// What the columns are.
#[derive(Debug, Default, Args)]
pub struct ColumnsArgs {
    /// Column to predict [default: that of a known dataset]
    #[arg(long, value_name = "COLUMN")]
    pub target: Option<String>,

    /// Column that identifies a customer [default: that of a known dataset, or
    /// the first column if all its values differ]
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,

    /// Class of the target that means leaving [default: Yes]
    #[arg(long, value_name = "CLASS")]
    pub positive: Option<String>,
}

impl ColumnsArgs {
    /// What the options say of the columns, else what a preset does.
    ///
    /// # Errors
    /// Where nobody says which column is to be predicted.
    pub fn read_options(&self, header: &[String], preset: Option<&Preset>) -> Result<ReadOptions> {
        let target = self.target.clone();
        let Some(target) = target.or_else(|| preset.map(|preset| preset.target.clone())) else {
            let message = "name the column to predict with --target";
            let error = Error::new(ErrorCode::Target, message)
                .expected(format!("one of {}", header.join(", ")));
            return Err(error);
        };
        let of_target = preset.filter(|preset| preset.target == target);
        let positive = of_target.map(|preset| preset.positive.clone());
        Ok(ReadOptions {
            id: self
                .id
                .clone()
                .or_else(|| preset.map(|preset| preset.id.clone())),
            positive: self.positive.clone().or(positive),
            target: Some(target),
            ..ReadOptions::default()
        })
    }
}
