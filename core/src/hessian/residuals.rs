//! What the log-odds of rows say against their labels.

use crate::math::{dot, product};

/// Labels and weights of the rows.
#[derive(Clone, Debug)]
pub struct Labels {
    /// −1 where the row is of the positive class, else 1.
    signs: Vec<f64>,
    weights: Vec<f64>,
    /// Whether every weight is 1.
    plain: bool,
}

/// Rows of which one logarithm is taken: a product of this many numbers from
/// ½ to 1 is above 2^-512.
const BLOCK: usize = 512;

impl Labels {
    /// Whether each row is of the positive class, and its weight.
    pub fn new(positive: &[bool], weights: Vec<f64>) -> Self {
        let signs = positive.iter().map(|&yes| if yes { -1.0 } else { 1.0 });
        Self {
            signs: signs.collect(),
            plain: weights.iter().all(|&w| w == 1.0),
            weights,
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.signs.len()
    }

    /// Sum of the weights.
    pub fn total_weight(&self) -> f64 {
        self.weights.iter().sum()
    }

    /// Turns log-odds into weighted residuals w (p − y), sets the curvature
    /// w p (1 − p), and returns the weighted loss.
    pub fn residuals(&self, log_odds: &mut [f64], curvature: &mut [f64]) -> f64 {
        let mut loss = 0.0;
        // One block at a time, so that what is summed stays at hand; loops
        // without a sum or branch are worked on several rows at once.
        let blocks = log_odds
            .chunks_mut(BLOCK)
            .zip(curvature.chunks_mut(BLOCK))
            .zip(self.signs.chunks(BLOCK).zip(self.weights.chunks(BLOCK)));
        for ((values, curvature), (signs, weights)) in blocks {
            let (mut excess, mut likelier) = ([0.0; BLOCK], [1.0; BLOCK]);
            let rows = values
                .iter_mut()
                .zip(curvature)
                .zip(signs.iter().zip(weights));
            let sums = excess.iter_mut().zip(&mut likelier);
            for (((value, h), (sign, w)), (excess, likelier)) in rows.zip(sums) {
                // Log-odds and chances of the label being wrong, and right.
                let odds = sign * *value;
                let (wrong, right) = chances(odds);
                *value = w * sign * wrong;
                *h = w * wrong * right;
                // ln(1 + e^x) = max(x, 0) − ln max(1 − p, p)
                *excess = if odds > 0.0 { odds } else { 0.0 };
                *likelier = if wrong > right { wrong } else { right };
            }
            loss += dot(&excess[..weights.len()], weights);
            loss -= if self.plain {
                libm::log(product(&likelier))
            } else {
                let logs = likelier.iter().map(|&p| libm::log(p));
                logs.zip(weights).map(|(log, w)| w * log).sum()
            };
        }
        loss
    }
}

/// Both 1 / (1 + e^-x) and 1 / (1 + e^x), to a few units in the last place and
/// by one division, so that a loop over rows is fast; NaN of NaN.
///
/// e^x is 2^k e^r with |r| ≤ ½ ln 2, and e^r = (d + 2r) / d as in `libm::exp`.
#[inline(always)]
fn chances(x: f64) -> (f64, f64) {
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    const P: [f64; 5] = [
        1.666_666_666_666_660_2e-1,
        -2.777_777_777_701_559_3e-3,
        6.613_756_321_437_934e-5,
        -1.653_390_220_546_525_2e-6,
        4.138_136_797_057_238_5e-8,
    ];
    // Adding 1.5 · 2^52 rounds to a whole number and leaves it in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    // Beyond this e^x is no normal number.
    const FAR: f64 = 708.0;
    let x = if x > FAR { FAR } else { x };
    let x = if x < -FAR { -FAR } else { x };
    let rounded = x * std::f64::consts::LOG2_E + ROUND;
    let k = rounded - ROUND;
    let r = (x - k * LN2_HIGH) - k * LN2_LOW;
    let power = f64::from_bits(rounded.to_bits().wrapping_add(1023) << 52);
    let t = r * r;
    let c = r - t * (P[0] + t * (P[1] + t * (P[2] + t * (P[3] + t * P[4]))));
    let below = 2.0 - c;
    let above = power * (below + 2.0 * r);
    let share = 1.0 / (above + below);
    (above * share, below * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_those_of_the_exponential() {
        for step in -7100..=7100 {
            let x = f64::from(step) * 0.1003;
            let (p, q) = chances(x);
            let limited = x.clamp(-708.0, 708.0);
            for (got, x) in [(p, limited), (q, -limited)] {
                let want = 1.0 / (1.0 + libm::exp(-x));
                assert!((got / want - 1.0).abs() < 1e-15, "{x}: {got} {want}");
            }
        }
        assert!(chances(f64::NAN).0.is_nan() && chances(f64::NAN).1.is_nan());
    }

    /// The loss of a block is a logarithm of a product: weights must not need it.
    #[test]
    fn weighted_loss_is_the_plain_loss() {
        let odds: Vec<f64> = (0..1300).map(|i| f64::from(i % 83) - 40.0).collect();
        let loss = |weight: f64| {
            let positive: Vec<bool> = (0..1300).map(|i| i % 3 == 0).collect();
            let labels = Labels::new(&positive, vec![weight; 1300]);
            labels.residuals(&mut odds.clone(), &mut vec![0.0; 1300])
        };
        let direct: f64 = odds
            .iter()
            .enumerate()
            .map(|(i, &x)| libm::log1p(libm::exp(if i % 3 == 0 { -x } else { x })))
            .sum();
        assert!((loss(1.0) / direct - 1.0).abs() < 1e-13);
        assert!((loss(2.0) / direct - 2.0).abs() < 1e-13);
    }
}
