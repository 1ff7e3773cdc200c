//! Sampled LIME: its regression stage against the reference's, its pool against
//! a plain sum over rows, its mean against the exact limit.

use churn_core::background::{Background, FeatureBackground};
use churn_core::design::Design;
use churn_core::exact_lime::{ExactLime, KERNEL_WIDTH, Shrinkage};
use churn_core::ridge::Moments;
use churn_core::sampled_lime::Pool;
use churn_core::{Row, Value};
use serde::Deserialize;

use crate::difference::assert_within;
use crate::lime_seeds::{LimeSeeds, background, model};
use crate::{golden, telco};

/// Weight of a sample that differs in `mismatches` of `features` features.
fn kernel(mismatches: usize, features: usize) -> f64 {
    let width = KERNEL_WIDTH * (features as f64).sqrt();
    (-(mismatches as f64) / (2.0 * width * width)).exp()
}

/// `lime_ridge_case.json`: 300 rows through LIME's regression stage.
#[derive(Deserialize)]
struct RidgeCase {
    z: Vec<String>,
    y: Vec<f64>,
    ridge_alpha_0_01_all19: Vec<f64>,
    selected: Vec<usize>,
    ridge_alpha_1: Vec<f64>,
    intercept: f64,
    local_pred: f64,
    score: f64,
}

impl RidgeCase {
    fn moments(&self) -> Moments {
        let mut moments = Moments::zero(19);
        for (z, &y) in self.z.iter().zip(&self.y) {
            let z = z.as_bytes();
            let mismatches = z.iter().filter(|&&bit| bit == b'0').count();
            moments.add(|j| z[j] == b'1', y, kernel(mismatches, 19));
        }
        moments
    }
}

#[test]
fn regression_stage_is_that_of_lime() {
    let golden: RidgeCase = golden::read("lime_ridge_case.json");
    let moments = golden.moments();
    let all: Vec<usize> = (0..19).collect();
    let first = moments.fit(&all, 0.01);
    assert_within(
        "ridge, alpha 0.01",
        &first.coefficients,
        &golden.ridge_alpha_0_01_all19,
        1e-10,
    );
    let selected = moments.select(10);
    assert_eq!(selected, golden.selected, "order of the selection");
    let fit = moments.fit(&selected, 1.0);
    assert_within(
        "ridge, alpha 1",
        &fit.coefficients,
        &golden.ridge_alpha_1,
        1e-10,
    );
    let local_prediction = fit.intercept + fit.coefficients.iter().sum::<f64>();
    assert_within(
        "ridge: intercept, local prediction, score",
        &[fit.intercept, local_prediction, fit.r2],
        &[golden.intercept, golden.local_pred, golden.score],
        1e-10,
    );
}

/// Up to six features are chosen one by one.
#[test]
fn forward_selection_is_that_of_lime() {
    #[derive(Deserialize)]
    struct Selections {
        selected: Vec<Vec<usize>>,
    }
    let golden: Selections = golden::read("lime_forward_case.json");
    let moments = golden::read::<RidgeCase>("lime_ridge_case.json").moments();
    for (count, want) in (1..).zip(&golden.selected) {
        assert_eq!(&moments.select(count), want, "{count} features");
    }
}

/// The pool's tables of nibbles give what adding up row by row does.
#[test]
fn pool_counts_as_row_by_row() {
    for features in [1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 64] {
        let background = uneven(features);
        let predict = |row: &Row| {
            let of = |(j, value): (usize, &Value)| match value {
                Value::Level(code) => f64::from(*code) * ((j * 7 % 5) as f64 - 2.0),
                _ => 0.0,
            };
            0.5 + 0.4 * row.0.iter().enumerate().map(of).sum::<f64>().sin()
        };
        let pool = Pool::draw(&background, 500, 3, predict).expect("a pool");
        let codes: Vec<u8> = (0..features).map(|j| (j % 2) as u8).collect();
        compare(&pool, &codes, 0.3, features);
    }
    let pool = pool(5000, 11);
    let p = telco::probabilities(&model());
    for row in [0, 1234, 7031] {
        let codes = background().codes(&telco::COMPLETE.row(row).0);
        compare(&pool, &codes, p[row], 19);
    }
}

fn compare(pool: &Pool, codes: &[u8], p: f64, features: usize) {
    let count = pool.probabilities().len();
    let mut moments = Moments::zero(features);
    for (sample, &y) in pool.probabilities().iter().enumerate() {
        let has = |j: usize| pool.codes()[j * count + sample] == codes[j];
        let mismatches = (0..features).filter(|&j| !has(j)).count();
        moments.add(has, y, kernel(mismatches, features));
    }
    moments.add(|_| true, p, 1.0);
    for top in [3, 10, features] {
        let selected = moments.select(top);
        let fit = moments.fit(&selected, 1.0);
        let mut want = vec![0.0; features];
        for (&j, &weight) in selected.iter().zip(&fit.coefficients) {
            want[j] = weight;
        }
        let got = pool.explain(codes, p, top);
        let what = format!("pool of {features} features, top {top}");
        assert_within(&format!("{what}: weights"), &got.weights, &want, 1e-12);
        let got = [got.intercept, got.r2.expect("an R²")];
        assert_within(
            &format!("{what}: intercept, R²"),
            &got,
            &[fit.intercept, fit.r2],
            1e-12,
        );
    }
}

/// Categorical features of two to four levels, none as frequent as another.
fn uneven(features: usize) -> Background {
    let of = |j: usize| {
        let raw: Vec<f64> = (0..2 + j % 3)
            .map(|v| (1 + (j + 3 * v) % 7) as f64)
            .collect();
        let total: f64 = raw.iter().sum();
        FeatureBackground {
            frequencies: raw.iter().map(|x| x / total).collect(),
            bins: Vec::new(),
        }
    };
    Background {
        rows: 1000,
        features: (0..features).map(of).collect(),
    }
}

/// A pool over the telco background, scored by the reference's model.
fn pool(samples: usize, seed: u64) -> Pool {
    let (model, design) = (model(), Design::new(telco::COMPLETE.schema()));
    let predict = |row: &Row| churn_core::math::sigmoid(model.log_odds(&design, row));
    Pool::draw(&background(), samples, seed, predict).expect("a pool")
}

#[test]
fn same_seed_same_pool() {
    let (first, again, other) = (pool(1000, 5), pool(1000, 5), pool(1000, 6));
    assert!(first.codes() == again.codes(), "codes differ");
    assert!(first.probabilities() == again.probabilities(), "P differs");
    assert!(
        first.codes() != other.codes(),
        "another seed, the same codes"
    );
}

/// Sampling is unbiased: over 200 seeds the mean of every weight lies within
/// 4.5 standard errors of the exact value.
#[test]
fn seeds_average_to_the_exact_value() {
    const SEEDS: u64 = 200;
    const SAMPLES: usize = 5000;
    let golden: LimeSeeds = golden::read("lime_seeds.json");
    let customers: Vec<_> = golden.customers.iter().step_by(3).collect();
    let width = telco::COMPLETE.schema().features.len();
    let mut sums = vec![[0.0_f64; 2]; customers.len() * width];
    for seed in 0..SEEDS {
        let pool = pool(SAMPLES, seed);
        for (customer, sums) in customers.iter().zip(sums.chunks_mut(width)) {
            let weights = pool
                .explain(&customer.bins_codes, customer.p, width)
                .weights;
            for (sum, weight) in sums.iter_mut().zip(weights) {
                sum[0] += weight;
                sum[1] += weight * weight;
            }
        }
    }
    let design = Design::new(telco::COMPLETE.schema());
    let exact = ExactLime::new(&model(), &background(), &design).expect("tables");
    let shrinkage = Shrinkage {
        samples: SAMPLES as f64,
        alpha: 1.0,
    };
    let n = SEEDS as f64;
    let mut z = Vec::new();
    for (customer, sums) in customers.iter().zip(sums.chunks(width)) {
        let exact = exact.shrunk(&customer.bins_codes, customer.p, shrinkage);
        for ([sum, squares], want) in sums.iter().zip(exact.weights) {
            let mean = sum / n;
            let variance = (squares - n * mean * mean) / (n - 1.0);
            z.push((mean - want) / (variance / n).sqrt());
        }
    }
    assert_within(
        "standard errors from the exact weights",
        &z,
        &vec![0.0; z.len()],
        4.5,
    );
    let spread = (z.iter().map(|z| z * z).sum::<f64>() / z.len() as f64).sqrt();
    println!(
        "root mean square of {} standard errors: {spread:.3}",
        z.len()
    );
    assert!(
        (0.7..1.4).contains(&spread),
        "standard errors spread by {spread}"
    );
}
