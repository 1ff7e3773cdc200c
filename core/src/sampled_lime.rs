//! LIME as published, by sampling (Ribeiro, Singh & Guestrin 2016; the defaults
//! of the Python package `lime`), seeded.
//!
//! The artificial customers do not depend on the customer to explain; only
//! which of their codes match does. So one pool is drawn and scored once, and
//! serves everybody: explaining a customer is counting matches and one small
//! ridge regression.

use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Distribution, Normal, Uniform};
use rand_pcg::Pcg64Mcg;

use crate::background::{Background, Bin};
use crate::error::{Error, ErrorCode, Result};
use crate::exact_lime::kernel_decay;
use crate::explanation::{Explanation, Method};
use crate::ridge::Moments;
use crate::row::{Row, Value};

/// Penalty of the final regression, LIME's default.
const ALPHA: f64 = 1.0;

/// Fewest and most artificial customers of a pool.
pub const SAMPLES: std::ops::RangeInclusive<usize> = 10..=1_000_000;

/// Most features a pool can have: a match is one bit of a mask.
pub const MOST_FEATURES: usize = 64;

/// Artificial customers, drawn and scored.
#[derive(Clone, Debug)]
pub struct Pool {
    features: usize,
    /// Codes of each feature: features × samples.
    codes: Vec<u8>,
    /// The model's probability of each.
    probabilities: Vec<f64>,
    /// Kernel weight by number of features that differ.
    kernel: Vec<f64>,
}

impl Pool {
    /// Draws `samples − 1` artificial customers (a customer itself is the first
    /// sample of its own explanation) and scores them with `predict`.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for a number of samples outside [`SAMPLES`] or
    /// more than [`MOST_FEATURES`] features.
    pub fn draw(
        background: &Background,
        samples: usize,
        seed: u64,
        mut predict: impl FnMut(&Row) -> f64,
    ) -> Result<Self> {
        let features = background.features.len();
        let fail = |field: &str, expected: String, got: usize| {
            let error = Error::mismatch(ErrorCode::Parameter, expected, got.to_string());
            Err(error.in_field(field))
        };
        if !SAMPLES.contains(&samples) {
            let expected = format!("{} to {}", SAMPLES.start(), SAMPLES.end());
            return fail("samples", expected, samples);
        }
        if features > MOST_FEATURES {
            return fail(
                "features",
                format!("at most {MOST_FEATURES} for sampled LIME"),
                features,
            );
        }
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let count = samples - 1;
        let mut codes = vec![0; features * count];
        let mut probabilities = Vec::with_capacity(count);
        let mut row = Row(vec![Value::Missing; features]);
        for sample in 0..count {
            for (j, feature) in background.features.iter().enumerate() {
                let code = draw_code(&feature.frequencies, &mut random);
                codes[j * count + sample] = code;
                row.0[j] = match feature.bins.get(usize::from(code)) {
                    Some(bin) => Value::Number(draw_number(bin, &mut random)),
                    None => Value::Level(code),
                };
            }
            probabilities.push(predict(&row));
        }
        let decay = kernel_decay(features);
        let kernel = (0..=features).map(|m| libm::pow(decay, m as f64)).collect();
        Ok(Self {
            features,
            codes,
            probabilities,
            kernel,
        })
    }

    /// Codes of the artificial customers, features × samples.
    pub fn codes(&self) -> &[u8] {
        &self.codes
    }

    /// The model's probability of each artificial customer.
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// Explains a customer of known codes and probability by its `top` features.
    pub fn explain(&self, codes: &[u8], probability: f64, top: usize) -> Explanation {
        let moments = self.moments(codes, probability);
        let selected = moments.select(top);
        let fit = moments.fit(&selected, ALPHA);
        let mut weights = vec![0.0; self.features];
        for (&j, &beta) in selected.iter().zip(&fit.coefficients) {
            weights[j] = beta;
        }
        Explanation {
            method: Method::Sampled,
            probability,
            intercept: fit.intercept,
            local_prediction: fit.intercept + fit.coefficients.iter().sum::<f64>(),
            r2: Some(fit.r2),
            weights,
        }
    }

    /// Which features match the customer's, one bit each, per sample.
    fn matches(&self, codes: &[u8]) -> Vec<u64> {
        let count = self.probabilities.len();
        let mut masks = vec![0_u64; count];
        for (j, &own) in codes.iter().enumerate() {
            let column = &self.codes[j * count..(j + 1) * count];
            for (mask, &code) in masks.iter_mut().zip(column) {
                *mask |= u64::from(code == own) << j;
            }
        }
        masks
    }

    /// Weighted moments of the matches and probabilities, the customer included.
    ///
    /// Four neighbouring features make a nibble. For every pair of nibbles one
    /// addition per sample goes to a table of their 256 joint values, and the
    /// sums of pairs of features are read off the small tables.
    fn moments(&self, codes: &[u8], probability: f64) -> Moments {
        let masks = self.matches(codes);
        let full = self.features as u32;
        let kernel = |mask: u64| self.kernel[(full - mask.count_ones()) as usize];
        let weights: Vec<f64> = masks.iter().map(|&mask| kernel(mask)).collect();

        let mut moments = Moments::zero(self.features);
        for (w, p) in weights.iter().zip(&self.probabilities) {
            moments.weight += w;
            moments.y += w * p;
            moments.yy += w * p * p;
        }
        let nibbles = self.features.div_ceil(NIBBLE);
        for a in 0..nibbles {
            let of = |mask: u64, nibble: usize| (mask >> (NIBBLE * nibble)) as usize & 15;
            let mut outcome = [0.0; 16];
            for ((&mask, w), p) in masks.iter().zip(&weights).zip(&self.probabilities) {
                outcome[of(mask, a)] += w * p;
            }
            for (value, sum) in outcome.iter().enumerate() {
                for j in bits(value) {
                    if let Some(slot) = moments.zy.get_mut(NIBBLE * a + j) {
                        *slot += sum;
                    }
                }
            }
            // Two neighbours a, b at a time; alone, when a is the only one.
            let partners = if nibbles == 1 { 0..1 } else { a + 1..nibbles };
            for b in partners {
                let mut table = [0.0; 256];
                for (&mask, w) in masks.iter().zip(&weights) {
                    table[of(mask, a) | of(mask, b) << NIBBLE] += w;
                }
                self.add_pairs(&table, a, b, nibbles, &mut moments);
            }
        }
        moments.add(|_| true, probability, 1.0);
        moments
    }

    /// Reads the sums of pairs of features off a table of two nibbles. Pairs
    /// within a nibble are taken from one table only.
    fn add_pairs(&self, table: &[f64; 256], a: usize, b: usize, nibbles: usize, out: &mut Moments) {
        let first = |value: usize| value & 15;
        let second = |value: usize| value >> NIBBLE;
        let within_a = b == a + 1 || nibbles == 1;
        let within_b = nibbles > 1 && b == nibbles - 1 && a + 1 == b;
        for (value, &sum) in table.iter().enumerate().filter(|(_, sum)| **sum != 0.0) {
            for j in bits(first(value)) {
                if within_a {
                    for k in bits(first(value)).filter(|&k| k >= j) {
                        out.zz.add(NIBBLE * a + j, NIBBLE * a + k, sum);
                    }
                }
                if a != b {
                    for k in bits(second(value)) {
                        out.zz.add(NIBBLE * a + j, NIBBLE * b + k, sum);
                    }
                }
            }
            if within_b {
                for j in bits(second(value)) {
                    for k in bits(second(value)).filter(|&k| k >= j) {
                        out.zz.add(NIBBLE * b + j, NIBBLE * b + k, sum);
                    }
                }
            }
        }
    }
}

/// Features per nibble.
const NIBBLE: usize = 4;

/// Positions of the bits that are set in a nibble.
fn bits(nibble: usize) -> impl Iterator<Item = usize> {
    (0..NIBBLE).filter(move |bit| nibble >> bit & 1 == 1)
}

fn draw_code(frequencies: &[f64], random: &mut impl Rng) -> u8 {
    let mut left: f64 = random.random();
    for (code, frequency) in frequencies.iter().enumerate() {
        left -= frequency;
        if left < 0.0 {
            return code as u8; // at most 255 codes
        }
    }
    // Rounding left a crumb: the last code that occurs.
    frequencies.iter().rposition(|&f| f > 0.0).unwrap_or(0) as u8
}

/// A normal with the bin's mean and deviation, truncated to the bin, by
/// rejection: from the plain normal where the bin is wide, else from the
/// uniform (Robert 1995).
fn draw_number(bin: &Bin, random: &mut impl Rng) -> f64 {
    let width = bin.high - bin.low;
    if bin.sd <= 1e-9 * width || width <= 0.0 {
        return bin.mean.clamp(bin.low, bin.high);
    }
    const MOST_TRIES: usize = 10_000;
    if width > 3.0 * bin.sd {
        if let Ok(normal) = Normal::new(bin.mean, bin.sd) {
            let draws = (0..MOST_TRIES).map(|_| normal.sample(random));
            if let Some(x) = draws.into_iter().find(|x| (bin.low..=bin.high).contains(x)) {
                return x;
            }
        }
    } else if let Ok(uniform) = Uniform::new_inclusive(bin.low, bin.high) {
        for _ in 0..MOST_TRIES {
            let x = uniform.sample(random);
            let z = (x - bin.mean) / bin.sd;
            if random.random::<f64>() < libm::exp(-0.5 * z * z) {
                return x;
            }
        }
    }
    // A bin so odd that ten thousand tries fail: its mean.
    bin.mean.clamp(bin.low, bin.high)
}
