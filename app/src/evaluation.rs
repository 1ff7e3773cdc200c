//! The rows that figures may honestly be computed on, and what deciding on them
//! at any cut would have meant.

use std::sync::OnceLock;

use churn_core::bootstrap::{Bootstrap, RESAMPLES};
use churn_core::cuts::Cuts;
use churn_core::{Dataset, ModelArtefact};

use crate::explorer::Explorer;

/// Fewest rows that figures are stated of.
pub const FEWEST_ROWS: u64 = 50;
/// Fewest rows of each outcome among them.
pub const FEWEST_OF_CLASS: u64 = 10;

/// Seed of the bands.
const SEED: u64 = 1;

/// Which rows were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Rows of the training data that were held out of the training.
    HeldOut,
    /// The data is not what the model was trained on: all labelled rows.
    OtherData,
    /// The model does not say what it was trained on: all labelled rows.
    UnknownData,
    /// All labelled rows, as the user wants them: most of them were trained on.
    AllRows,
    /// The model has seen all labelled rows: none.
    NothingHeldOut,
    /// The data does not say who left: none.
    NoOutcomes,
}

/// The rows, and their scores.
pub struct Evaluation {
    /// Which rows were taken.
    pub basis: Basis,
    /// The rows, in the order of the data.
    pub rows: Vec<usize>,
    /// What any cut means on them; nothing where there are too few.
    pub cuts: Option<Cuts>,
    drawn: OnceLock<Bootstrap>,
}

impl Evaluation {
    /// Chooses the rows of a cohort; `all` takes those that were trained on as
    /// well.
    pub fn of(cohort: &[u32], explorer: &Explorer, all: bool) -> Self {
        let artefact = explorer.predictor.artefact();
        let (risks, hash) = (&explorer.probabilities, &explorer.data_hash);
        Self::new(cohort, artefact, &explorer.data, risks, hash, all)
    }

    /// Chooses among rows of complete data. `data_hash` names the bytes that
    /// the data was read from.
    fn new(
        rows: &[u32],
        artefact: &ModelArtefact,
        data: &Dataset,
        probabilities: &[f64],
        data_hash: &str,
        all: bool,
    ) -> Self {
        let training = &artefact.training;
        let labelled = |&row: &usize| data.label(row).is_some();
        let rows = rows.iter().map(|&row| row as usize);
        let mut rows: Vec<usize> = rows.filter(labelled).collect();
        let known = (0..data.rows()).any(|row| labelled(&row));
        let basis = if !known {
            Basis::NoOutcomes
        } else if training.data_hash.is_empty() {
            Basis::UnknownData
        } else if training.data_hash != data_hash {
            Basis::OtherData
        } else if all {
            Basis::AllRows
        } else if training.held_out.is_empty() {
            Basis::NothingHeldOut
        } else {
            Basis::HeldOut
        };
        match basis {
            Basis::HeldOut => rows.retain(|&row| training.is_held_out(data.position(row))),
            Basis::NothingHeldOut => rows.clear(),
            Basis::OtherData | Basis::UnknownData | Basis::AllRows | Basis::NoOutcomes => {}
        }
        let scores: Vec<f64> = rows.iter().map(|&row| probabilities[row]).collect();
        let left: Vec<bool> = rows
            .iter()
            .map(|&row| data.label(row) == Some(true))
            .collect();
        let cuts = Cuts::new(&scores, &left);
        Self {
            basis,
            rows,
            cuts: is_enough(&cuts).then_some(cuts),
            drawn: OnceLock::new(),
        }
    }

    /// The resamples that bands are made of, drawn when they are first asked
    /// for: that takes a moment.
    pub fn bootstrap(&self) -> Option<&Bootstrap> {
        let cuts = self.cuts.as_ref()?;
        Some(self.drawn.get_or_init(|| draw(cuts)))
    }
}

/// The resamples of some rows.
pub fn draw(cuts: &Cuts) -> Bootstrap {
    Bootstrap::draw(cuts, RESAMPLES, SEED)
}

/// Whether there are rows enough to state figures of.
pub fn is_enough(cuts: &Cuts) -> bool {
    cuts.rows() >= FEWEST_ROWS
        && cuts.leavers() >= FEWEST_OF_CLASS
        && cuts.stayers() >= FEWEST_OF_CLASS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample;

    #[test]
    fn only_held_out_rows_count_when_the_data_is_known() {
        let explorer = sample::explorer();
        let mut artefact = explorer.predictor.artefact().clone();
        let rows: Vec<u32> = (0..32).collect();
        let of = |artefact: &ModelArtefact, hash: &str, all: bool| {
            let risks = &explorer.probabilities;
            let evaluation = Evaluation::new(&rows, artefact, &explorer.data, risks, hash, all);
            (evaluation.basis, evaluation.rows.len())
        };
        let choose = |artefact: &ModelArtefact, hash: &str| of(artefact, hash, false);
        artefact.training.data_hash = "a".into();
        let held_out = artefact.training.held_out.len();
        assert_eq!(held_out, 8);
        assert_eq!(choose(&artefact, "a"), (Basis::HeldOut, held_out));
        assert_eq!(of(&artefact, "a", true), (Basis::AllRows, 32));
        assert_eq!(choose(&artefact, "b"), (Basis::OtherData, 32));
        assert_eq!(of(&artefact, "b", true), (Basis::OtherData, 32));
        artefact.training.held_out.clear();
        assert_eq!(choose(&artefact, "a"), (Basis::NothingHeldOut, 0));
        artefact.training.data_hash.clear();
        assert_eq!(choose(&artefact, ""), (Basis::UnknownData, 32));
    }

    #[test]
    fn few_rows_give_no_figure() {
        let explorer = sample::explorer();
        // A cohort of nobody says nothing of the data.
        let nobody = Evaluation::of(&[], &explorer, false);
        assert_eq!((nobody.basis, nobody.rows.len()), (Basis::HeldOut, 0));
        assert!(nobody.cuts.is_none());
        let few = Evaluation::of(&[0, 1, 2, 3], &explorer, false);
        assert!(few.cuts.is_none() && few.bootstrap().is_none());
    }
}
