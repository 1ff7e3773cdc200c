//! Largest absolute differences, and tests of them that say what they measured.

/// Largest |got − want|; NaN where either is NaN.
#[track_caller]
pub fn largest(got: &[f64], want: &[f64]) -> f64 {
    assert_eq!(got.len(), want.len(), "lengths");
    let differences = got.iter().zip(want).map(|(g, w)| (g - w).abs());
    differences.fold(0.0, |max, d| if d > max || d.is_nan() { d } else { max })
}

/// Fails unless every figure is within the tolerance; prints the largest
/// difference (shown by `cargo test -- --nocapture`).
#[track_caller]
pub fn assert_within(what: &str, got: &[f64], want: &[f64], tolerance: f64) {
    let difference = largest(got, want);
    println!("{what}: largest difference {difference:.2e}, tolerance {tolerance:.1e}");
    assert!(
        difference <= tolerance,
        "{what}: differs by {difference:e}, tolerance {tolerance:e}"
    );
}

/// Figures and what they should be, gathered to be compared at once.
#[derive(Default)]
pub struct Pairs {
    got: Vec<f64>,
    want: Vec<f64>,
}

impl Pairs {
    #[track_caller]
    pub fn add(&mut self, got: &[f64], want: &[f64]) {
        assert_eq!(got.len(), want.len(), "lengths");
        self.got.extend(got);
        self.want.extend(want);
    }

    #[track_caller]
    pub fn assert_within(&self, what: &str, tolerance: f64) {
        assert_within(what, &self.got, &self.want, tolerance);
    }
}
