//! LIME's limit in closed form, without sampling.
//!
//! LIME fits a weighted linear model to the predictions for artificial
//! customers whose features are drawn independently. The features are
//! independent and the kernel is a product over them, so under the weighted
//! law the indicators "has the customer's code" are independent Bernoulli
//! variables, and the regression weight of feature j is
//!
//! > D_j = E'\[P | z_j = 1\] − E'\[P | z_j = 0\].
//!
//! With log-odds that are a sum over features, both expectations follow from
//! products of characteristic functions:
//!
//! > E\[sigmoid(S)\]  = ½ + ∫₀^∞ Im C(t) / sinh(πt) dt,
//! > E\[sigmoid'(S)\] = ∫₀^∞ Re C(t) t / sinh(πt) dt,  C(t) = E\[exp(itS)\],
//!
//! integrated by the midpoint rule on nodes that are chosen when a model is
//! loaded, see [`Quadrature`]. What a feature's code contributes at a node does
//! not depend on the other features: tables hold it, and a customer costs two
//! passes of features × nodes multiplications.

mod characteristic;
mod lanes;
mod quadrature;
mod summary;
mod tables;

use crate::background::Background;
use crate::design::Design;
use crate::error::{Error, ErrorCode, Result};
use crate::explanation::Explanation;
use crate::logistic::LogisticModel;
use characteristic::{Complex, Law, Moments, moments};
use lanes::{cross, dot, sum};
pub use quadrature::Quadrature;
pub use summary::Summary;
use tables::Tables;

/// Width of LIME's exponential kernel, per square root of the feature count.
pub const KERNEL_WIDTH: f64 = 0.75;

/// Weight that LIME's kernel loses per feature that differs from the
/// customer's: exp(−1 / (2 kw²)), kw² = 0.75² d.
pub fn kernel_decay(features: usize) -> f64 {
    libm::exp(-1.0 / (2.0 * KERNEL_WIDTH * KERNEL_WIDTH * features as f64))
}

/// Probability of the customer's own code under the kernel's weights, from its
/// frequency p.
fn weighted_share(p: f64, decay: f64) -> f64 {
    p / (p + (1.0 - p) * decay)
}

/// Ridge shrinkage of a finite sample; the limit itself has none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shrinkage {
    /// Number of samples.
    pub samples: f64,
    /// Ridge penalty α.
    pub alpha: f64,
}

/// A model's tables, ready to explain any customer.
#[derive(Clone, Debug)]
pub struct ExactLime {
    quadrature: Quadrature,
    features: Vec<Tables>,
    /// exp(itb) at every node: real parts, then imaginary parts.
    intercept: Vec<f64>,
    decay: f64,
}

/// Room to work in, so that explaining many customers allocates nothing.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// C(t): real parts, then imaginary parts.
    product: Vec<f64>,
}

impl ExactLime {
    /// Most codes × nodes that the tables may have: 128 MiB.
    const MOST_CELLS: usize = 1 << 22;
    /// Most phases to add up for the tables, about a second's work.
    const MOST_PHASES: usize = 1 << 28;

    /// Builds the tables of a model over a background of the same schema.
    ///
    /// # Errors
    /// [`ErrorCode::Model`] for a model whose log-odds are too large, or whose
    /// codes are too many, to integrate in reasonable time and memory.
    pub fn new(model: &LogisticModel, background: &Background, design: &Design) -> Result<Self> {
        let decay = kernel_decay(design.features());
        let moments: Vec<Vec<Moments>> = (0..design.features())
            .map(|j| moments(model, background, design, j, decay))
            .collect();
        let quadrature = Quadrature::for_model(model.intercept, &moments)?;
        let nodes = quadrature.nodes();
        let (mut cells, mut phases) = (0, 0);
        let mut features = Vec::with_capacity(design.features());
        for (j, feature) in background.features.iter().enumerate() {
            let law = Law::new(model, background, design, j, quadrature.highest());
            cells += nodes * feature.frequencies.len();
            phases += nodes * law.points();
            if cells > Self::MOST_CELLS || phases > Self::MOST_PHASES {
                let expected = "fewer levels, or smaller log-odds, for exact explanations";
                let got = format!("tables of more than {cells} cells");
                return Err(Error::mismatch(ErrorCode::Model, expected, got).in_field("model"));
            }
            let law = law.characteristic(quadrature.points());
            features.push(Tables::new(&feature.frequencies, &law, decay, nodes));
        }
        let phases = quadrature
            .points()
            .iter()
            .map(|t| Complex::cis(t * model.intercept));
        let (mut real, imaginary): (Vec<f64>, Vec<f64>) = phases.map(|c| (c.re, c.im)).unzip();
        real.extend(imaginary);
        Ok(Self {
            quadrature,
            features,
            intercept: real,
            decay,
        })
    }

    /// The integration nodes in use.
    pub fn quadrature(&self) -> &Quadrature {
        &self.quadrature
    }

    /// Room for [`explain`](Self::explain).
    pub fn workspace(&self) -> Workspace {
        Workspace {
            product: vec![0.0; 2 * self.quadrature.nodes()],
        }
    }

    /// Explains the customer with these codes (one per feature); writes one
    /// weight per feature.
    pub fn explain(&self, codes: &[u8], weights: &mut [f64], room: &mut Workspace) -> Summary {
        let nodes = self.quadrature.nodes();
        let (re, im) = room.product.split_at_mut(nodes);
        re.copy_from_slice(&self.intercept[..nodes]);
        im.copy_from_slice(&self.intercept[nodes..]);
        for (tables, &code) in self.features.iter().zip(codes) {
            let (mix_re, mix_im) = tables.mix_of(code, nodes);
            for (((a, b), c), d) in re.iter_mut().zip(im.iter_mut()).zip(mix_re).zip(mix_im) {
                (*a, *b) = (*a * c - *b * d, *a * d + *b * c);
            }
        }
        let slope = dot(re, self.quadrature.slope_weights());
        // From here on the product carries the weights of the value integral.
        for ((a, b), w) in re
            .iter_mut()
            .zip(im.iter_mut())
            .zip(self.quadrature.value_weights())
        {
            *a *= w;
            *b *= w;
        }
        let mean = 0.5 + sum(im);
        let (mut intercept, mut total, mut explained) = (mean, 0.0, 0.0);
        for ((tables, &code), weight) in self.features.iter().zip(codes).zip(weights.iter_mut()) {
            let (ratio_re, ratio_im) = tables.ratio_of(code, nodes);
            let d = cross(re, im, ratio_re, ratio_im);
            let q = tables.q[usize::from(code)];
            intercept -= d * q;
            total += d;
            explained += d * d * q * (1.0 - q);
            *weight = d;
        }
        // E'[P²] − E'[P]², with sigmoid² = sigmoid − sigmoid'.
        let variance = mean - slope - mean * mean;
        let r2 = if variance > 0.0 {
            (explained / variance).clamp(0.0, 1.0)
        } else {
            0.0
        };
        Summary {
            intercept,
            local_prediction: intercept + total,
            r2,
        }
    }

    /// The explanation of one customer whose probability is known.
    pub fn explanation(&self, codes: &[u8], probability: f64) -> Explanation {
        let mut weights = vec![0.0; codes.len()];
        let summary = self.explain(codes, &mut weights, &mut self.workspace());
        summary.into_explanation(probability, weights)
    }

    /// Drops all but the `top` features of largest |weight| from an explanation
    /// of these codes. Indicators are uncorrelated, so the weights that are kept
    /// stay, and the mean part of a dropped one goes to the intercept.
    pub fn keep_top(&self, codes: &[u8], explanation: &mut Explanation, top: usize) {
        let variance = |feature: usize, weight: f64| {
            let q = self.features[feature].q[usize::from(codes[feature])];
            weight * weight * q * (1.0 - q)
        };
        let ranked = explanation.ranked();
        let (mut all, mut kept) = (0.0, 0.0);
        for (rank, &(feature, weight)) in ranked.iter().enumerate() {
            all += variance(feature, weight);
            if rank < top {
                kept += variance(feature, weight);
                continue;
            }
            let q = self.features[feature].q[usize::from(codes[feature])];
            explanation.intercept += weight * q;
            explanation.weights[feature] = 0.0;
        }
        explanation.local_prediction =
            explanation.intercept + explanation.weights.iter().sum::<f64>();
        if all > 0.0 {
            explanation.r2 = explanation.r2.map(|r2| r2 * (kept / all));
        }
    }

    /// As LIME reports a finite sample: weights shrunk by its ridge penalty.
    pub fn shrunk(&self, codes: &[u8], probability: f64, shrinkage: Shrinkage) -> Explanation {
        let mut explanation = self.explanation(codes, probability);
        let tables = || self.features.iter().zip(codes);
        let mean_weight: f64 = tables()
            .map(|(t, &code)| {
                let p = t.p[usize::from(code)];
                p + (1.0 - p) * self.decay
            })
            .product();
        let total = shrinkage.samples * mean_weight;
        let (mut before, mut after) = (0.0, 0.0);
        for ((tables, &code), weight) in tables().zip(&mut explanation.weights) {
            let q = tables.q[usize::from(code)];
            let variance = q * (1.0 - q);
            let information = total * variance;
            let shrunk = *weight * information / (information + shrinkage.alpha);
            before += *weight * *weight * variance;
            after += (2.0 * *weight - shrunk) * shrunk * variance;
            explanation.intercept += (*weight - shrunk) * q;
            *weight = shrunk;
        }
        if before > 0.0 {
            explanation.r2 = explanation.r2.map(|r2| r2 * after / before);
        }
        explanation.local_prediction =
            explanation.intercept + explanation.weights.iter().sum::<f64>();
        explanation
    }
}
