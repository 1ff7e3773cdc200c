//! How far two explanations agree.

use churn_core::math::by_size;

/// Features that should be among the heaviest of both.
pub const TOP: usize = 5;

/// What two lists of weights have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Features whose signs do not contradict each other.
    pub signs: usize,
    /// Features.
    pub features: usize,
    /// Features that are among the heaviest of both.
    pub top: usize,
    /// Rank correlation of the sizes (Spearman's rho).
    pub order: f64,
}

impl Agreement {
    /// Compares weights of the same features.
    pub fn of(a: &[f64], b: &[f64]) -> Self {
        let heaviest =
            |weights: &[f64]| -> Vec<usize> { by_size(weights).into_iter().take(TOP).collect() };
        let (first, second) = (heaviest(a), heaviest(b));
        Self {
            signs: a.iter().zip(b).filter(|(a, b)| *a * *b >= 0.0).count(),
            features: a.len(),
            top: first.iter().filter(|place| second.contains(place)).count(),
            order: correlation(&ranks(a), &ranks(b)),
        }
    }
}

/// The place of each weight by size.
fn ranks(weights: &[f64]) -> Vec<f64> {
    let mut ranks = vec![0.0; weights.len()];
    for (rank, place) in by_size(weights).into_iter().enumerate() {
        ranks[place] = rank as f64;
    }
    ranks
}

/// Correlation of two orders of as many places.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let middle = (a.len() as f64 - 1.0) / 2.0;
    let of = |x: &[f64], y: &[f64]| -> f64 {
        x.iter()
            .zip(y)
            .map(|(x, y)| (x - middle) * (y - middle))
            .sum()
    };
    let spread = of(a, a);
    if spread > 0.0 { of(a, b) / spread } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_signs_and_compares_the_order() {
        let weights = [0.5, -0.4, 0.3, -0.2, 0.1, 0.05];
        let same = Agreement::of(&weights, &weights);
        assert_eq!((same.signs, same.top, same.order), (6, 5, 1.0));
        let turned = Agreement::of(&weights, &[0.05, 0.1, 0.2, -0.3, 0.4, -0.5]);
        assert_eq!((turned.signs, turned.features, turned.top), (4, 6, 4));
        assert!((turned.order + 1.0).abs() < 1e-12);
    }
}
