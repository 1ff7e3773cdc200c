//! Exact LIME against its definition, for models far steeper than the telco
//! one and for odd backgrounds.

use std::f64::consts::PI;

use churn_core::background::Bin;
use churn_core::exact_lime::kernel_decay;
use proptest::prelude::*;

use crate::difference::{assert_within, largest};
use crate::enumeration::{Small, Term};

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
