//! A loaded support vector machine, ready to score and explain.

use super::SvmArtefact;
use crate::dataset::Dataset;
use crate::design::Design;
use crate::error::Result;
use crate::explanation::Explanation;
use crate::imputation::Imputer;
use crate::row::Row;
use crate::sampled_lime::Pool;

/// A machine with its tables.
#[derive(Clone, Debug)]
pub struct SvmPredictor {
    artefact: SvmArtefact,
    design: Design,
    imputer: Imputer,
}

impl SvmPredictor {
    /// Builds the tables of a document.
    ///
    /// # Errors
    /// [`ErrorCode::Model`](crate::ErrorCode::Model) when its parts do not fit.
    pub fn new(artefact: SvmArtefact) -> Result<Self> {
        Ok(Self {
            design: Design::new(&artefact.schema),
            imputer: Imputer::new(&artefact.imputation, &artefact.schema)?,
            artefact,
        })
    }

    /// The document behind it.
    pub fn artefact(&self) -> &SvmArtefact {
        &self.artefact
    }

    /// The document again.
    pub fn into_artefact(self) -> SvmArtefact {
        self.artefact
    }

    /// The row with missing values filled in, and which features were.
    pub fn complete(&self, row: &Row) -> (Row, Vec<usize>) {
        self.imputer.complete(row)
    }

    /// Decision value of a complete row, above 0 for those who leave.
    pub fn decision(&self, row: &Row) -> f64 {
        let SvmArtefact { model, scaling, .. } = &self.artefact;
        model.decision(&self.design, scaling, row)
    }

    /// Probability of leaving of a complete row.
    pub fn probability(&self, row: &Row) -> f64 {
        self.artefact.model.platt.probability(self.decision(row))
    }

    /// Probabilities of some rows of complete data.
    pub fn probabilities(&self, data: &Dataset, rows: &[usize]) -> Vec<f64> {
        let rows = rows.iter();
        rows.map(|&row| self.probability(&data.row(row))).collect()
    }

    /// A pool for sampled LIME, scored by this machine.
    ///
    /// # Errors
    /// As [`Pool::draw`].
    pub fn pool(&self, samples: usize, seed: u64) -> Result<Pool> {
        Pool::draw(&self.artefact.background, samples, seed, |row| {
            self.probability(row)
        })
    }

    /// Sampled LIME of a complete row over a pool.
    pub fn explain_sampled(&self, row: &Row, pool: &Pool, top: usize) -> Explanation {
        let codes = self.artefact.background.codes(&row.0);
        pool.explain(&codes, self.probability(row), top)
    }
}
