//! The customers of an experiment: read once, and split once, so that every run
//! learns from the same and is measured on the same.

use churn_core::artefact::TableRecord;
use churn_core::split::{HoldOut, Split};
use churn_core::{Dataset, Error, ErrorCode, Preset, Reading, Result};

use super::choice::{Choice, Recipe};

/// The customers of an experiment.
#[derive(Debug)]
pub struct Ground {
    /// All that was read.
    pub reading: Reading,
    /// What is known of the columns.
    pub preset: Option<Preset>,
    /// Names the data.
    pub hash: String,
    /// The table, where it was one.
    pub table: Option<TableRecord>,
    /// Who is held out.
    pub hold_out: HoldOut,
    /// Rows with a label and every feature: those that take part.
    complete: Vec<usize>,
    /// Rows held out, ascending.
    test: Vec<usize>,
}

impl Ground {
    /// Splits the customers.
    ///
    /// # Errors
    /// As [`Split::new`]; [`ErrorCode::Parameter`] where nobody is held out.
    pub fn new(
        reading: Reading,
        preset: Option<Preset>,
        (hash, table): (String, Option<TableRecord>),
        hold_out: HoldOut,
    ) -> Result<Self> {
        let data = &reading.dataset;
        let mut complete = data.complete_rows();
        complete.retain(|&row| data.label(row).is_some());
        let mut test = Split::new(data, &complete, &hold_out)?.test;
        if test.is_empty() || test.len() == complete.len() {
            let got = format!("{} of {} rows", test.len(), complete.len());
            let error = Error::mismatch(ErrorCode::Parameter, "some rows held out", got);
            return Err(error.in_field("hold-out"));
        }
        test.sort_unstable();
        Ok(Self {
            reading,
            preset,
            hash,
            table,
            hold_out,
            complete,
            test,
        })
    }

    /// Rows that runs train on.
    pub fn train_rows(&self) -> usize {
        self.complete.len() - self.test.len()
    }

    /// The customers as a choice has them. Rows that lack only what it leaves out
    /// take no part either, so that all runs have the same.
    ///
    /// # Errors
    /// For a feature that there is not.
    pub fn reading(&self, choice: &Choice) -> Result<Reading> {
        let data = &self.reading.dataset;
        let dataset = match choice.leave_out.is_empty() {
            true => data.clone(),
            false => data.select(&self.complete).without(&choice.leave_out)?,
        };
        Ok(Reading {
            dataset,
            issues: self.reading.issues.clone(),
            left_out: self.reading.left_out.clone(),
        })
    }

    /// Rows that could be read, and those of them that take no part.
    pub fn counts(&self) -> (u64, u64) {
        let rows = self.reading.dataset.rows();
        (rows as u64, (rows - self.complete.len()) as u64)
    }

    /// Whether all choices can be tried.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn check(&self, choices: &[Choice]) -> Result<()> {
        let data = &self.reading.dataset;
        for (number, choice) in (1..).zip(choices) {
            let told = |error: Error| {
                let field = error.field.clone().unwrap_or_default();
                error.in_field(format!("run {number}, {field}"))
            };
            if let Recipe::Logistic(params) = &choice.recipe {
                params.check(data).map_err(told)?;
            }
            if !choice.leave_out.is_empty() {
                data.without(&choice.leave_out).map_err(told)?;
            }
        }
        Ok(())
    }

    /// The rows held out of a reading of these customers, ascending.
    pub fn held_out(&self, data: &Dataset) -> Vec<usize> {
        let of = |row: &usize| self.reading.dataset.position(*row);
        let positions: Vec<u32> = self.test.iter().map(of).collect();
        let is_held_out = |row: &usize| positions.binary_search(&data.position(*row)).is_ok();
        (0..data.rows()).filter(is_held_out).collect()
    }

    /// Positions and outcomes of the rows held out, as they are kept: four bytes
    /// each, little end first, the outcome in the lowest bit.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] for more rows than such a number counts.
    pub fn kept(&self) -> Result<Vec<u8>> {
        let data = &self.reading.dataset;
        let mut kept = Vec::with_capacity(4 * self.test.len());
        for &row in &self.test {
            let position = data.position(row);
            if position >= 1 << 31 {
                let got = position.to_string();
                return Err(Error::mismatch(ErrorCode::Data, "at most 2^31 rows", got));
            }
            let outcome = u32::from(data.label(row) == Some(true));
            kept.extend((position << 1 | outcome).to_le_bytes());
        }
        Ok(kept)
    }
}
