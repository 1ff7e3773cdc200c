//! Exact LIME against the reference's limit and the means of its samples.

use churn_core::background::Bin;
use churn_core::design::Design;
use churn_core::exact_lime::{ExactLime, Shrinkage};

use crate::difference::{Pairs, assert_within};
use crate::lime_seeds::{LimeSeeds, background, model};
use crate::{golden, telco};

#[test]
fn background_is_that_of_the_reference() {
    let facts: golden::SchemaFacts = golden::read("schema.json");
    let background = background();
    let schema = telco::COMPLETE.schema();
    let names: Vec<&String> = schema.features.iter().map(|f| &f.name).collect();
    assert!(
        facts.feature_order.iter().eq(names),
        "features in another order"
    );
    assert_eq!(background.rows, facts.n_rows);
    for (feature, measured) in schema.features.iter().zip(&background.features) {
        let name = &feature.name;
        if let Some(want) = facts.numeric_stats.get(name) {
            assert_within(
                &format!("{name}: frequencies"),
                &measured.frequencies,
                &want.frequencies,
                1e-15,
            );
            let of =
                |field: fn(&Bin) -> f64| -> Vec<f64> { measured.bins.iter().map(field).collect() };
            assert_within(&format!("{name}: lows"), &of(|b| b.low), &want.lows, 1e-9);
            assert_within(
                &format!("{name}: highs"),
                &of(|b| b.high),
                &want.highs,
                1e-9,
            );
            assert_within(
                &format!("{name}: means"),
                &of(|b| b.mean),
                &want.means,
                1e-9,
            );
            // LIME adds 1e-11 to every deviation, against division by zero.
            assert_within(
                &format!("{name}: deviations"),
                &of(|b| b.sd),
                &want.sds,
                1e-9,
            );
        } else {
            assert_eq!(feature.levels(), facts.categories[name], "{name}");
            let counts = &facts.category_counts[name];
            let want: Vec<f64> = counts.iter().map(|n| n / facts.n_rows as f64).collect();
            assert_within(
                &format!("{name}: frequencies"),
                &measured.frequencies,
                &want,
                1e-15,
            );
        }
    }
}

#[test]
fn exact_lime_is_the_limit() {
    let golden: LimeSeeds = golden::read("lime_seeds.json");
    let schema = telco::COMPLETE.schema();
    let background = background();
    let exact = ExactLime::new(&model(), &background, &Design::new(schema)).expect("tables");
    let shrinkage = Shrinkage {
        samples: 5000.0,
        alpha: 1.0,
    };
    let p = telco::probabilities(&model());
    let [mut score, mut shrunk, mut limit, mut mean] = std::array::from_fn(|_| Pairs::default());
    for customer in &golden.customers {
        if let Some(row) = customer.row {
            assert_eq!(
                background.codes(&telco::COMPLETE.row(row).0),
                customer.bins_codes
            );
            score.add(&[p[row]], &[customer.p]);
        }
        let got = exact.shrunk(&customer.bins_codes, customer.p, shrinkage);
        let want = &customer.limit_n5000;
        shrunk.add(&got.weights, &want.w);
        shrunk.add(
            &[got.intercept, got.local_prediction, got.r2.expect("an R²")],
            &[want.intercept, want.local_pred, want.score],
        );
        mean.add(&got.weights, &customer.w19_mean);

        let got = exact.explanation(&customer.bins_codes, customer.p);
        let want = &customer.limit_inf;
        limit.add(&got.weights, &want.w);
        limit.add(
            &[got.intercept, got.local_prediction, got.r2.expect("an R²")],
            &[want.intercept, want.local_pred, want.score],
        );
    }
    score.assert_within("P of the customers", 1e-12);
    limit.assert_within("exact LIME, the limit", 1e-8);
    shrunk.assert_within("exact LIME, with the shrinkage of 5,000 samples", 1e-8);
    mean.assert_within("exact LIME, against the means of 200 seeds", 0.003);
}
