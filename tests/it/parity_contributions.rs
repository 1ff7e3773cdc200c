//! Log-odds contributions against SHAP values.

use std::collections::HashMap;

use churn_core::contributions::Contributions;
use churn_core::design::Design;
use churn_core::{Row, Value};
use serde::Deserialize;

use crate::difference::{Pairs, assert_within};
use crate::{golden, telco};

#[derive(Deserialize)]
struct Shap {
    features: Vec<String>,
    rows: Vec<usize>,
    models: HashMap<String, Values>,
}

#[derive(Deserialize)]
struct Values {
    base_value: f64,
    values: Vec<Vec<f64>>,
    example: Vec<f64>,
}

/// The example of the reference's README, a customer who is not in the data.
fn example() -> Row {
    let facts: golden::SchemaFacts = golden::read("schema.json");
    let features = &telco::COMPLETE.schema().features;
    Row(features
        .iter()
        .map(|feature| match &facts.default_data[&feature.name] {
            serde_json::Value::String(level) => {
                Value::Level(feature.code_of(level).expect("a level"))
            }
            number => Value::Number(number.as_f64().expect("a number")),
        })
        .collect())
}

#[test]
fn contributions_are_shap_values() {
    let golden: Shap = golden::read("shap.json");
    let data = &telco::COMPLETE;
    let schema = data.schema();
    let names: Vec<&String> = schema.features.iter().map(|f| &f.name).collect();
    assert!(
        golden.features.iter().eq(names),
        "features in another order"
    );
    let design = Design::new(schema);
    for (name, file) in [
        ("cv", "model_cv_current.json"),
        ("strict_C1", "model_strict_C1.json"),
    ] {
        let scaled: golden::ScaledModel = golden::read(file);
        let (model, scaling) = (scaled.model(schema), scaled.scaling(schema));
        let contributions = Contributions::new(&model, &scaling, &design);
        let want = &golden.models[name];
        let (base, reference) = ([contributions.base()], [want.base_value]);
        assert_within(&format!("{name}: base value"), &base, &reference, 1e-9);
        let customers = golden
            .rows
            .iter()
            .map(|&row| data.row(row))
            .chain([example()]);
        let values = want.values.iter().chain([&want.example]);
        let (mut figures, mut sums) = (Pairs::default(), Pairs::default());
        for (row, values) in customers.zip(values) {
            let explanation = contributions.explain(&model, &design, &row);
            let sum = explanation.intercept + explanation.weights.iter().sum::<f64>();
            sums.add(&[sum], &[model.log_odds(&design, &row)]);
            figures.add(&explanation.weights, values);
        }
        figures.assert_within(&format!("{name}: contributions of 51 customers"), 1e-9);
        sums.assert_within(&format!("{name}: sums against the log-odds"), 1e-12);
    }
}
