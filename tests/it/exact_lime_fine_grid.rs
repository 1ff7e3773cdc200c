//! Exact LIME of a model far steeper than the telco one, against the same
//! integrals on a plain and far finer grid.

use std::f64::consts::PI;

use churn_core::background::Bin;
use churn_core::design::Design;
use churn_core::exact_lime::{ExactLime, kernel_decay};
use churn_core::logistic::LogisticModel;

use crate::difference::Pairs;
use crate::lime_seeds::{LimeSeeds, background, model};
use crate::{golden, telco};

/// The telco model, its coefficients multiplied until log-odds reach ±60.
#[test]
fn steep_telco_model() {
    const STEP: f64 = 0.02;
    const NODES: usize = 700;
    let design = Design::new(telco::COMPLETE.schema());
    let telco = model();
    let steepest = telco::probabilities(&telco)
        .iter()
        .map(|p| (p / (1.0 - p)).ln().abs())
        .fold(0.0, f64::max);
    let factor = 60.0 / steepest;
    let steep = LogisticModel {
        intercept: telco.intercept * factor,
        coefficients: telco.coefficients.iter().map(|c| c * factor).collect(),
    };
    let background = background();
    let exact = ExactLime::new(&steep, &background, &design).expect("tables");
    println!("{} nodes for log-odds up to 60", exact.quadrature().nodes());
    let decay = kernel_decay(19);
    let mut weights = Pairs::default();
    let golden: LimeSeeds = golden::read("lime_seeds.json");
    let customers: Vec<&Vec<u8>> = golden
        .customers
        .iter()
        .map(|c| &c.bins_codes)
        .step_by(7)
        .collect();
    let mut want = vec![vec![0.0; 19]; customers.len()];
    for node in 0..NODES {
        let t = (node as f64 + 0.5) * STEP;
        let law: Vec<Vec<[f64; 2]>> = (0..19)
            .map(|j| {
                let coefficients = &steep.coefficients[design.columns(j)];
                let bins = &background.features[j].bins;
                if bins.is_empty() {
                    coefficients
                        .iter()
                        .map(|c| [(t * c).cos(), (t * c).sin()])
                        .collect()
                } else {
                    bins.iter()
                        .map(|bin| phase(bin, t * coefficients[0]))
                        .collect()
                }
            })
            .collect();
        for (codes, want) in customers.iter().zip(&mut want) {
            let parts: Vec<[[f64; 2]; 2]> = (0..19)
                .map(|j| {
                    let f = &background.features[j].frequencies;
                    let own = usize::from(codes[j]);
                    let inside = law[j][own];
                    let outside = [0, 1].map(|part| {
                        let others = (0..f.len()).filter(|&v| v != own);
                        others.map(|v| f[v] * law[j][v][part]).sum::<f64>() / (1.0 - f[own])
                    });
                    let q = f[own] / (f[own] + (1.0 - f[own]) * decay);
                    let mix = [0, 1].map(|k| q * inside[k] + (1.0 - q) * outside[k]);
                    [mix, [inside[0] - outside[0], inside[1] - outside[1]]]
                })
                .collect();
            for (j, weight) in want.iter_mut().enumerate() {
                let start = [(t * steep.intercept).cos(), (t * steep.intercept).sin()];
                let product = (0..19).fold(start, |[a, b], k| {
                    let [c, d] = parts[k][usize::from(k == j)];
                    [a * c - b * d, a * d + b * c]
                });
                *weight += product[1] * STEP / (PI * t).sinh();
            }
        }
    }
    for (codes, want) in customers.iter().zip(&want) {
        weights.add(&exact.explanation(codes, 0.5).weights, want);
    }
    weights.assert_within("exact LIME, telco model at log-odds up to 60", 1e-8);
}

/// E\[exp(i angle X)\] of a bin's truncated normal, by Simpson's rule.
fn phase(bin: &Bin, angle: f64) -> [f64; 2] {
    const STEPS: usize = 800;
    let h = (bin.high - bin.low) / STEPS as f64;
    let mut sum = [0.0; 3];
    for k in 0..=STEPS {
        let x = bin.low + k as f64 * h;
        let z = (x - bin.mean) / bin.sd;
        let simpson = if k == 0 || k == STEPS {
            1.0
        } else {
            (2 + 2 * (k % 2)) as f64
        };
        let weight = simpson * (-0.5 * z * z).exp();
        let (sine, cosine) = (angle * x).sin_cos();
        sum = [
            sum[0] + weight,
            sum[1] + weight * cosine,
            sum[2] + weight * sine,
        ];
    }
    [sum[1] / sum[0], sum[2] / sum[0]]
}
