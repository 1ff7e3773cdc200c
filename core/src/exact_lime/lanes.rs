//! Sums over nodes, whose number is a multiple of the lanes.

/// Lanes of the sums below: independent partial sums, in an order that is the
/// same in every build, which the compiler can keep in vector registers.
pub const LANES: usize = 4;

/// Σ x.
pub fn sum(x: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    for chunk in x.chunks_exact(LANES) {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane += x;
        }
    }
    total(lanes)
}

/// Σ x y.
pub fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    for (x, y) in x.chunks_exact(LANES).zip(y.chunks_exact(LANES)) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    total(lanes)
}

/// Σ Im((a + ib)(c + id)) = Σ (a d + b c).
pub fn cross(a: &[f64], b: &[f64], c: &[f64], d: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let chunks = a
        .chunks_exact(LANES)
        .zip(b.chunks_exact(LANES))
        .zip(c.chunks_exact(LANES))
        .zip(d.chunks_exact(LANES));
    for (((a, b), c), d) in chunks {
        for k in 0..LANES {
            lanes[k] += a[k] * d[k] + b[k] * c[k];
        }
    }
    total(lanes)
}

fn total(lanes: [f64; LANES]) -> f64 {
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}
