//! Exact LIME against its definition, for models far steeper than the telco
//! one and for odd backgrounds.

use std::f64::consts::PI;

use churn_core::background::Bin;
use churn_core::design::Design;
use churn_core::exact_lime::{ExactLime, kernel_decay};
use churn_core::logistic::LogisticModel;
use proptest::prelude::*;

use crate::difference::{Pairs, assert_within, largest};
use crate::enumeration::{Small, Term};
use crate::lime_seeds::{LimeSeeds, background, model};
use crate::{golden, telco};

const TOLERANCE: f64 = 1e-8;

fn bin(low: f64, high: f64, mean: f64, sd: f64) -> Bin {
    Bin {
        low,
        high,
        mean,
        sd,
    }
}

#[track_caller]
fn check(what: &str, small: &Small) {
    let (got, want) = small.compare();
    assert!(
        got.iter().all(|x| x.is_finite()),
        "{what}: a figure is not finite"
    );
    assert_within(&format!("exact LIME, {what}"), &got, &want, TOLERANCE);
}

fn small(intercept: f64, terms: Vec<Term>) -> Small {
    Small {
        intercept,
        terms,
        steps: 4000,
    }
}

/// Bins as quartiles of a number in 0..=100 would have them.
fn quartiles(slope: f64) -> Term {
    Term::Number(
        slope,
        vec![
            (bin(0.0, 10.0, 4.0, 2.5), 0.25),
            (bin(10.0, 30.0, 18.0, 6.0), 0.26),
            (bin(30.0, 60.0, 41.0, 9.0), 0.24),
            (bin(60.0, 100.0, 75.0, 12.0), 0.25),
        ],
    )
}

#[test]
fn gentle_model() {
    let terms = vec![
        Term::Levels(vec![(0.3, 0.5), (-0.2, 0.5)]),
        Term::Levels(vec![(1.1, 0.2), (-0.4, 0.3), (0.0, 0.5)]),
        Term::Levels(vec![(-0.7, 0.6), (0.9, 0.1), (0.2, 0.1), (0.1, 0.2)]),
        quartiles(-0.03),
    ];
    check("a gentle model", &small(-1.2, terms));
}

#[test]
fn log_odds_up_to_60() {
    let levels = Term::Levels(vec![(-30.0, 0.3), (0.0, 0.3), (30.0, 0.4)]);
    let pair = Term::Levels(vec![(-15.0, 0.6), (15.0, 0.4)]);
    let terms = vec![levels.clone(), pair.clone(), quartiles(0.3)];
    check("log-odds from -60 to 60", &small(-15.0, terms));
    let terms = vec![levels.clone(), pair.clone(), quartiles(-0.3)];
    check("a falling number", &small(15.0, terms));
    let rare = Term::Levels(vec![(-20.0, 0.001), (10.0, 0.999)]);
    check("a rare level", &small(20.0, vec![levels, pair, rare]));
    check("a steep number alone", &small(-60.0, vec![quartiles(1.2)]));
    let flat = Term::Levels(vec![(0.0, 0.5), (0.1, 0.5)]);
    check(
        "an intercept of 60",
        &small(60.0, vec![flat.clone(), flat.clone()]),
    );
    check(
        "an intercept of -60",
        &small(-60.0, vec![flat.clone(), flat]),
    );
}

#[test]
fn two_numbers() {
    let other = Term::Number(
        -2.0,
        vec![
            (bin(-3.0, 0.5, -1.0, 0.9), 0.45),
            (bin(0.5, 4.0, 1.5, 0.7), 0.55),
        ],
    );
    let mut case = small(
        0.5,
        vec![
            quartiles(0.05),
            other,
            Term::Levels(vec![(0.0, 0.5), (2.0, 0.5)]),
        ],
    );
    case.steps = 200;
    check("two numbers", &case);
}

#[test]
fn odd_backgrounds() {
    let pair = Term::Levels(vec![(-1.0, 0.6), (2.0, 0.4)]);
    let constant = Term::Levels(vec![(0.7, 1.0)]);
    check(
        "a feature of one level",
        &small(0.1, vec![pair.clone(), constant.clone()]),
    );
    check("nothing but one level", &small(0.1, vec![constant]));
    let unused = Term::Levels(vec![(0.7, 1.0), (-3.0, 0.0)]);
    check(
        "a level nobody has",
        &small(0.1, vec![pair.clone(), unused]),
    );
    let empty = Term::Number(
        0.4,
        vec![
            (bin(0.0, 1.0, 0.5, 0.3), 1.0),
            (bin(1.0, 1.0, 1.0, 0.0), 0.0),
        ],
    );
    check("a bin without rows", &small(0.1, vec![pair.clone(), empty]));
    let constant = Term::Number(
        0.4,
        vec![
            (bin(0.0, 2.0, 2.0, 0.0), 0.5),
            (bin(2.0, 9.0, 5.0, 2.0), 0.5),
        ],
    );
    check(
        "a bin of one number",
        &small(0.1, vec![pair.clone(), constant]),
    );
    let ends = Term::Number(
        5.0,
        vec![
            (bin(0.0, 1.0, 0.95, 0.01), 0.5),
            (bin(1.0, 9.0, 1.02, 0.05), 0.5),
        ],
    );
    check("a narrow bin in a wide one", &small(-4.0, vec![pair, ends]));
    check(
        "a single pair",
        &small(0.1, vec![Term::Levels(vec![(-1.0, 0.5), (1.0, 0.5)])]),
    );
}

/// Codes as likely under the weights as all others, at opposite phases: the
/// feature's factor of the product is 0 at a node, and the product without the
/// feature is no quotient.
#[test]
fn vanishing_factor() {
    let decay = kernel_decay(3);
    let even = decay / (1.0 + decay);
    let build = |gap: f64| {
        let terms = vec![
            Term::Levels(vec![(0.0, even), (gap, 1.0 - even)]),
            Term::Levels(vec![(-1.0, 0.6), (2.0, 0.4)]),
            quartiles(0.04),
        ];
        small(-1.0, terms)
    };
    for node in [1, 5, 12, 30] {
        // The nodes depend on the gap a little: iterate.
        let mut gap = 1.0;
        for _ in 0..200 {
            gap = PI / build(gap).exact().quadrature().points()[node];
        }
        let t = build(gap).exact().quadrature().points()[node];
        let modulus = (0.5 * t * gap).cos().abs();
        assert!(modulus < 1e-12, "node {node} misses the zero: {modulus:e}");
        check(
            &format!("a factor that vanishes at node {node}"),
            &build(gap),
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_model_up_to_60(
        intercept in -60.0..60.0_f64,
        terms in prop::collection::vec(
            prop::collection::vec((-20.0..20.0_f64, 1e-3..1.0_f64), 1..4),
            1..5,
        ),
        slope in prop::option::of(-0.5..0.5_f64),
    ) {
        let mut all: Vec<Term> = terms
            .into_iter()
            .map(|levels| {
                let total: f64 = levels.iter().map(|(_, f)| f).sum();
                Term::Levels(levels.into_iter().map(|(x, f)| (x, f / total)).collect())
            })
            .collect();
        all.extend(slope.map(quartiles));
        let mut case = small(intercept, all);
        case.steps = 1000;
        let (got, want) = case.compare();
        let difference = largest(&got, &want);
        prop_assert!(difference <= TOLERANCE, "differs by {difference:e}");
    }
}

/// The telco model, its coefficients multiplied until log-odds reach ±60,
/// against the same integrals on a plain, far finer grid.
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
    weights.assert_within("exact LIME, telco model at log-odds up to 60", TOLERANCE);
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
