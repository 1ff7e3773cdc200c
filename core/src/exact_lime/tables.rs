//! What a feature's codes contribute at every node.

use super::characteristic::Complex;
use super::weighted_share;

/// One feature: what each of its codes contributes.
#[derive(Clone, Debug)]
pub struct Tables {
    /// mix(t) = q in(t) + (1 − q) out(t); per code real parts, then imaginary.
    mix: Vec<f64>,
    /// (in(t) − out(t)) / mix(t), stored alike.
    ratio: Vec<f64>,
    /// Per code: weighted probability q of having the customer's code.
    pub q: Vec<f64>,
    /// Per code: frequency p in the background.
    pub p: Vec<f64>,
}

impl Tables {
    /// `law[code][node]` is the characteristic function of the feature's term
    /// given the code.
    pub fn new(frequencies: &[f64], law: &[Vec<Complex>], decay: f64, nodes: usize) -> Self {
        let mut tables = Self {
            mix: Vec::new(),
            ratio: Vec::new(),
            q: Vec::new(),
            p: frequencies.to_vec(),
        };
        for (code, &p) in frequencies.iter().enumerate() {
            let q = weighted_share(p, decay);
            let (mut mixes, mut ratios) = (Vec::new(), Vec::new());
            for node in 0..nodes {
                let inside = law[code][node];
                let others = frequencies
                    .iter()
                    .zip(law)
                    .enumerate()
                    .filter(|(v, _)| *v != code);
                let outside = others.fold(Complex::ZERO, |sum, (_, (f, law))| sum + law[node] * *f);
                // With no other code there is no "outside", and no weight.
                let outside = if p < 1.0 {
                    outside * (1.0 / (1.0 - p))
                } else {
                    inside
                };
                // A product without feature j is C / mix_j. Should a mix vanish,
                // a tiny one in its place changes C by as little as itself and
                // leaves (in − out) · ∏_{k≠j} mix_k exact.
                let mix = (inside * q + outside * (1.0 - q)).at_least(1e-100);
                mixes.push(mix);
                ratios.push((inside - outside) / mix);
            }
            for (table, values) in [(&mut tables.mix, &mixes), (&mut tables.ratio, &ratios)] {
                table.extend(values.iter().map(|c| c.re));
                table.extend(values.iter().map(|c| c.im));
            }
            tables.q.push(q);
        }
        tables
    }

    /// Real and imaginary parts of a code's mix, at every node.
    pub fn mix_of(&self, code: u8, nodes: usize) -> (&[f64], &[f64]) {
        let start = usize::from(code) * 2 * nodes;
        self.mix[start..start + 2 * nodes].split_at(nodes)
    }

    /// Real and imaginary parts of a code's ratio, at every node.
    pub fn ratio_of(&self, code: u8, nodes: usize) -> (&[f64], &[f64]) {
        let start = usize::from(code) * 2 * nodes;
        self.ratio[start..start + 2 * nodes].split_at(nodes)
    }
}
