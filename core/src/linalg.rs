//! Dense symmetric systems, small enough to fit the cache.

/// A symmetric positive definite matrix of order n, its upper triangle stored
/// in full rows; factorised in place.
#[derive(Clone, Debug)]
pub struct Symmetric {
    n: usize,
    rows: Vec<f64>,
}

impl Symmetric {
    /// The zero matrix.
    pub fn zero(n: usize) -> Self {
        Self {
            n,
            rows: vec![0.0; n * n],
        }
    }

    /// Order of the matrix.
    pub fn order(&self) -> usize {
        self.n
    }

    /// Adds to one element and its mirror image.
    pub fn add(&mut self, i: usize, j: usize, value: f64) {
        let (i, j) = if i <= j { (i, j) } else { (j, i) };
        self.rows[i * self.n + j] += value;
    }

    /// A row, of which only what is not left of the diagonal counts.
    pub fn row_mut(&mut self, i: usize) -> &mut [f64] {
        &mut self.rows[i * self.n..(i + 1) * self.n]
    }

    /// One element.
    pub fn get(&self, i: usize, j: usize) -> f64 {
        let (i, j) = if i <= j { (i, j) } else { (j, i) };
        self.rows[i * self.n + j]
    }

    /// Cholesky factorisation A = U'U; nothing when A is not positive definite
    /// to working precision.
    pub fn cholesky(mut self) -> Option<Cholesky> {
        let n = self.n;
        for k in 0..n {
            let (done, rest) = self.rows.split_at_mut((k + 1) * n);
            let pivot_row = &mut done[k * n..];
            let pivot = pivot_row[k];
            if pivot <= 0.0 || !pivot.is_finite() {
                return None;
            }
            let scale = 1.0 / libm::sqrt(pivot);
            for x in &mut pivot_row[k..] {
                *x *= scale;
            }
            for (i, row) in (k + 1..n).zip(rest.chunks_exact_mut(n)) {
                let factor = pivot_row[i];
                for (x, p) in row[i..].iter_mut().zip(&pivot_row[i..]) {
                    *x -= factor * p;
                }
            }
        }
        Some(Cholesky(self))
    }
}

/// The factor U of A = U'U.
#[derive(Clone, Debug)]
pub struct Cholesky(Symmetric);

impl Cholesky {
    /// Solves A x = b in place.
    pub fn solve(&self, b: &mut [f64]) {
        let Symmetric { n, rows } = &self.0;
        for k in 0..*n {
            let row = &rows[k * n..(k + 1) * n];
            b[k] /= row[k];
            let factor = b[k];
            for (x, u) in b[k + 1..].iter_mut().zip(&row[k + 1..]) {
                *x -= factor * u;
            }
        }
        for k in (0..*n).rev() {
            let row = &rows[k * n..(k + 1) * n];
            let known: f64 = row[k + 1..]
                .iter()
                .zip(&b[k + 1..])
                .map(|(u, x)| u * x)
                .sum();
            b[k] = (b[k] - known) / row[k];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_known_system() {
        let mut a = Symmetric::zero(3);
        for (i, j, x) in [
            (0, 0, 4.0),
            (1, 0, 2.0),
            (1, 1, 5.0),
            (2, 1, 1.0),
            (2, 2, 3.0),
        ] {
            a.add(i, j, x);
        }
        let truth = [1.0, -2.0, 0.5];
        let mut b: Vec<f64> = (0..3)
            .map(|i| (0..3).map(|j| a.get(i, j) * truth[j]).sum())
            .collect();
        if let Some(factor) = a.cholesky() {
            factor.solve(&mut b);
        }
        for (x, t) in b.iter().zip(truth) {
            assert!((x - t).abs() < 1e-14);
        }
    }

    #[test]
    fn refuses_an_indefinite_matrix() {
        let mut a = Symmetric::zero(2);
        a.add(0, 1, 1.0);
        assert!(a.cholesky().is_none());
    }
}
