//! Distances between counts of levels.

use crate::math::share;

/// What a share of nothing counts as.
const FILL: f64 = 1e-4;

/// Population stability index, see [`DriftMethod::Psi`](super::DriftMethod::Psi).
/// 0 where there are no rows on either side.
pub fn psi(reference: &[u64], current: &[u64]) -> f64 {
    let [Some(p), Some(q)] = [reference, current].map(shares) else {
        return 0.0;
    };
    let (p, q) = (filled(p), filled(q));
    let pairs = p.iter().zip(&q);
    pairs.map(|(p, q)| (p - q) * libm::log(p / q)).sum()
}

/// Jensen-Shannon distance, see
/// [`DriftMethod::JensenShannon`](super::DriftMethod::JensenShannon). 0 where
/// there are no rows on either side.
pub fn jensen_shannon(reference: &[u64], current: &[u64]) -> f64 {
    let [Some(p), Some(q)] = [reference, current].map(shares) else {
        return 0.0;
    };
    let entropy = |share: f64, middle: f64| match share {
        0.0 => 0.0,
        share => share * libm::log(share / middle),
    };
    let pairs = p.iter().zip(&q);
    let sum: f64 = pairs
        .map(|(&p, &q)| {
            let middle = 0.5 * (p + q);
            entropy(p, middle) + entropy(q, middle)
        })
        .sum();
    // Rounding may leave a little less than nothing.
    libm::sqrt((0.5 * sum).max(0.0))
}

/// Shares of the whole; none without rows.
fn shares(counts: &[u64]) -> Option<Vec<f64>> {
    let whole: u64 = counts.iter().sum();
    let shares = || counts.iter().map(|&count| share(count, whole)).collect();
    (whole > 0).then(shares)
}

fn filled(mut shares: Vec<f64>) -> Vec<f64> {
    let present = shares.iter().copied().filter(|share| *share > 0.0);
    let smallest = present.fold(f64::INFINITY, f64::min);
    let fill = match smallest <= FILL {
        true => smallest / 1e6,
        false => FILL,
    };
    for share in shares.iter_mut().filter(|share| **share == 0.0) {
        *share = fill;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_shares_are_no_drift() {
        assert_eq!(psi(&[10, 0, 30], &[1, 0, 3]), 0.0);
        assert_eq!(jensen_shannon(&[10, 0, 30], &[1, 0, 3]), 0.0);
    }

    #[test]
    fn nothing_is_not_drift_and_all_else_is() {
        assert_eq!(psi(&[10, 30], &[0, 0]), 0.0);
        assert_eq!(jensen_shannon(&[0, 0], &[1, 2]), 0.0);
        let farthest = jensen_shannon(&[10, 0], &[0, 3]);
        assert!((farthest - libm::sqrt(libm::log(2.0))).abs() < 1e-15);
    }
}
