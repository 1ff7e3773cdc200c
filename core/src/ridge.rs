//! LIME's regression stage: weighted ridge regression on 0/1 indicators, with a
//! free intercept, from its moments.

use crate::linalg::Symmetric;
use crate::math::by_size;

/// Weighted sums over samples of indicators z and an outcome y: all that a
/// ridge regression needs, whatever the number of samples.
#[derive(Clone, Debug)]
pub struct Moments {
    /// Σ w.
    pub weight: f64,
    /// Σ w z_j z_k; the diagonal is Σ w z_j.
    pub zz: Symmetric,
    /// Σ w z_j y.
    pub zy: Vec<f64>,
    /// Σ w y.
    pub y: f64,
    /// Σ w y².
    pub yy: f64,
}

/// A fitted line.
#[derive(Clone, Debug, PartialEq)]
pub struct RidgeFit {
    /// Value where every indicator is 0.
    pub intercept: f64,
    /// One per selected feature, in the order of the selection.
    pub coefficients: Vec<f64>,
    /// Weighted share of the variance explained.
    pub r2: f64,
}

impl Moments {
    /// No samples yet, for this many indicators.
    pub fn zero(features: usize) -> Self {
        let zz = Symmetric::zero(features);
        Self {
            weight: 0.0,
            zz,
            zy: vec![0.0; features],
            y: 0.0,
            yy: 0.0,
        }
    }

    /// Adds one sample; `has(j)` tells whether indicator j is 1.
    pub fn add(&mut self, has: impl Fn(usize) -> bool, y: f64, weight: f64) {
        let features = self.zy.len();
        self.weight += weight;
        self.y += weight * y;
        self.yy += weight * y * y;
        for j in (0..features).filter(|&j| has(j)) {
            self.zy[j] += weight * y;
            for k in (j..features).filter(|&k| has(k)) {
                self.zz.add(j, k, weight);
            }
        }
    }

    /// Centred Σ w (z_j − z̄_j)(z_k − z̄_k).
    fn covariance(&self, j: usize, k: usize) -> f64 {
        self.zz.get(j, k) - self.zz.get(j, j) * self.zz.get(k, k) / self.weight
    }

    /// Centred Σ w (z_j − z̄_j)(y − ȳ).
    fn covariance_with_y(&self, j: usize) -> f64 {
        self.zy[j] - self.zz.get(j, j) * self.y / self.weight
    }

    /// Minimises Σ w (y − b − Σ β z)² + α |β|² over the selected indicators. An
    /// indicator that never varies gets 0.
    pub fn fit(&self, selected: &[usize], alpha: f64) -> RidgeFit {
        let mut system = Symmetric::zero(selected.len());
        for (a, &j) in selected.iter().enumerate() {
            for (b, &k) in selected.iter().enumerate().skip(a) {
                system.add(a, b, self.covariance(j, k));
            }
            system.add(a, a, alpha);
            // Constant in the sample and unpenalised: any value would do.
            if system.get(a, a) <= 1e-12 * self.weight {
                system.add(a, a, self.weight);
            }
        }
        let right: Vec<f64> = selected
            .iter()
            .map(|&j| self.covariance_with_y(j))
            .collect();
        let mut coefficients = right.clone();
        match system.cholesky() {
            Some(factor) => factor.solve(&mut coefficients),
            None => coefficients.fill(0.0),
        }
        let mut intercept = self.y / self.weight;
        let (mut explained, mut quadratic) = (0.0, 0.0);
        for (a, &j) in selected.iter().enumerate() {
            let beta = coefficients[a];
            intercept -= beta * self.zz.get(j, j) / self.weight;
            explained += beta * right[a];
            for (b, &k) in selected.iter().enumerate() {
                quadratic += beta * coefficients[b] * self.covariance(j, k);
            }
        }
        let variance = self.yy - self.y * self.y / self.weight;
        let r2 = if variance > 0.0 {
            (2.0 * explained - quadratic) / variance
        } else {
            0.0
        };
        RidgeFit {
            intercept,
            coefficients,
            r2,
        }
    }

    /// The `count` features to report, as LIME's "auto" selection: up to 6 by
    /// forward selection on R², more by the largest weights of a fit on all.
    /// In the order in which they were selected.
    pub fn select(&self, count: usize) -> Vec<usize> {
        const MOST_BY_FORWARD_SELECTION: usize = 6;
        let all: Vec<usize> = (0..self.zy.len()).collect();
        let count = count.min(all.len());
        if count <= MOST_BY_FORWARD_SELECTION {
            return self.forward_selection(count);
        }
        let weights = self.fit(&all, 0.01).coefficients;
        let mut order = by_size(&weights);
        order.truncate(count);
        order
    }

    fn forward_selection(&self, count: usize) -> Vec<usize> {
        let mut used = Vec::new();
        for _ in 0..count {
            let mut best: Option<(f64, usize)> = None;
            for j in (0..self.zy.len()).filter(|j| !used.contains(j)) {
                let candidate: Vec<usize> = used.iter().copied().chain([j]).collect();
                let r2 = self.fit(&candidate, 0.0).r2;
                if best.is_none_or(|(top, _)| r2 > top) {
                    best = Some((r2, j));
                }
            }
            used.extend(best.map(|(_, j)| j));
        }
        used
    }
}
