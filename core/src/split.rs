//! Which rows train and which are held out, and the folds of cross-validation.

use std::collections::HashSet;

use rand_mt::Mt;

use crate::dataset::Dataset;
use crate::error::{Error, ErrorCode, Result};

/// How rows are held out.
#[derive(Clone, Debug, PartialEq)]
pub enum HoldOut {
    /// A random share; 0 holds nothing out.
    Fraction {
        /// Share of the rows, rounded up, in 0..1.
        fraction: f64,
        /// Seed of the permutation.
        seed: u32,
    },
    /// The customers with these ids.
    Ids(HashSet<String>),
}

/// Rows that train and rows that test; neither is sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Rows to learn from, in the order that folds are cut in.
    pub train: Vec<usize>,
    /// Rows held out.
    pub test: Vec<usize>,
}

impl Split {
    /// Splits the given rows of the data.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for a fraction out of range or an id that is not
    /// among the rows.
    pub fn new(data: &Dataset, rows: &[usize], hold_out: &HoldOut) -> Result<Self> {
        match hold_out {
            HoldOut::Fraction { fraction, seed } => {
                if !(0.0..1.0).contains(fraction) {
                    let error = Error::mismatch(
                        ErrorCode::Parameter,
                        "0 up to below 1",
                        fraction.to_string(),
                    );
                    return Err(error.in_field("test fraction"));
                }
                let order = permutation(rows.len(), *seed);
                let mut picked = order.into_iter().map(|at| rows[at]);
                let held_out = libm::ceil(fraction * rows.len() as f64) as usize;
                let test = picked.by_ref().take(held_out).collect();
                Ok(Self {
                    train: picked.collect(),
                    test,
                })
            }
            HoldOut::Ids(ids) => {
                let (test, train): (Vec<usize>, Vec<usize>) =
                    rows.iter().partition(|&&row| ids.contains(&data.id(row)));
                let found: HashSet<String> = test.iter().map(|&row| data.id(row)).collect();
                let unknown = ids.difference(&found);
                if let Some(id) = unknown.clone().min() {
                    let got = format!("'{id}' and {} more", unknown.count() - 1);
                    let expected = "ids of complete, labelled rows of the data";
                    let error = Error::mismatch(ErrorCode::Parameter, expected, got);
                    return Err(error.in_field("held-out ids"));
                }
                Ok(Self { train, test })
            }
        }
    }
}

/// A random permutation of 0..n, the one that NumPy's
/// `RandomState(seed).permutation(n)` gives: Fisher–Yates from the end over
/// MT19937, each place drawn by masking and rejection. So a split with
/// scikit-learn's `train_test_split(random_state=seed)` is the same split.
pub fn permutation(n: usize, seed: u32) -> Vec<usize> {
    let mut random = Mt::new(seed);
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        let mask = (i + 1).next_power_of_two() - 1;
        let j = loop {
            let draw = random.next_u32() as usize & mask;
            if draw <= i {
                break draw;
            }
        };
        order.swap(i, j);
    }
    order
}

/// Fold (0..folds) of each label, stratified and unshuffled as scikit-learn's
/// `StratifiedKFold`: each class fills the folds in order, and fold sizes per
/// class are those of dealing the sorted labels round.
///
/// # Errors
/// [`ErrorCode::Parameter`] for less than 2 folds or a class with fewer rows
/// than folds.
pub fn stratified_folds(labels: &[bool], folds: usize) -> Result<Vec<usize>> {
    let counts = [false, true].map(|class| labels.iter().filter(|&&y| y == class).count());
    let smallest = counts[0].min(counts[1]);
    if folds < 2 || folds > smallest {
        let expected = format!("2 to {smallest} folds (rows of the smaller class)");
        let error = Error::mismatch(ErrorCode::Parameter, expected, folds.to_string());
        return Err(error.in_field("cross-validation"));
    }
    // Sorted labels in the order in which classes first occur.
    let first = labels.first().copied().unwrap_or(false);
    let first_count = counts[usize::from(first)];
    let mut next = [0_usize; 2];
    let mut left = vec![[0_usize; 2]; folds];
    for (fold, left) in left.iter_mut().enumerate() {
        for at in (fold..labels.len()).step_by(folds) {
            left[usize::from(at >= first_count)] += 1;
        }
    }
    Ok(labels
        .iter()
        .map(|&label| {
            let class = usize::from(label != first);
            while next[class] < folds - 1 && left[next[class]][class] == 0 {
                next[class] += 1;
            }
            let fold = next[class];
            left[fold][class] = left[fold][class].saturating_sub(1);
            fold
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `numpy.random.RandomState(42).permutation(10)`.
    #[test]
    fn permutes_as_numpy() {
        assert_eq!(permutation(10, 42), [8, 1, 5, 0, 7, 2, 9, 4, 3, 6]);
    }

    #[test]
    fn folds_are_stratified() -> Result<()> {
        let labels: Vec<bool> = (0..20).map(|i| i % 4 == 1).collect();
        let folds = stratified_folds(&labels, 5)?;
        for fold in 0..5 {
            let of = |class| {
                folds
                    .iter()
                    .zip(&labels)
                    .filter(|(f, y)| **f == fold && **y == class)
                    .count()
            };
            assert_eq!((of(false), of(true)), (3, 1));
        }
        assert!(stratified_folds(&labels, 6).is_err());
        Ok(())
    }
}
