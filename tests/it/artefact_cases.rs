//! The model document: the same bits after a round trip, and refused with the
//! field's name when something in it is wrong.

use churn_core::train::{TrainParams, train};
use churn_core::{ModelArtefact, Predictor, progress};
use serde_json::{Value, json};

use crate::telco;

fn artefact() -> ModelArtefact {
    let params = TrainParams::default();
    train(
        &telco::READING,
        &params,
        None,
        "a hash",
        &mut progress::ignore,
    )
    .expect("a model")
}

#[test]
fn reloads_to_the_same_bits() {
    let artefact = artefact();
    let document = artefact.to_json().expect("a document");
    let reloaded = ModelArtefact::from_json(&document).expect("the document");
    assert!(reloaded == artefact, "another model");
    assert_eq!(reloaded.to_json().expect("a document"), document);
    let [first, second] = [artefact, reloaded].map(|artefact| {
        let predictor = Predictor::new(artefact).expect("tables");
        let weights = predictor.exact_weights(&telco::COMPLETE);
        (predictor.probabilities(&telco::COMPLETE), weights)
    });
    assert!(first == second, "other answers");
}

/// One row at a time gives the bits of all rows at once.
#[test]
fn rows_alone_are_rows_together() {
    let predictor = Predictor::new(artefact()).expect("tables");
    let data = &telco::COMPLETE;
    let (p, weights) = (predictor.probabilities(data), predictor.exact_weights(data));
    let contributions = predictor.contribution_matrix(data);
    for row in (0..data.rows()).step_by(97) {
        let alone = data.row(row);
        assert_eq!(predictor.probability(&alone), p[row], "P of row {row}");
        let exact = predictor.explain_exact(&alone);
        assert_eq!(exact.weights, weights.row(row), "weights of row {row}");
        assert_eq!(
            exact.intercept, weights.intercepts[row],
            "intercept of row {row}"
        );
        assert_eq!(
            exact.local_prediction, weights.local_predictions[row],
            "row {row}"
        );
        assert_eq!(exact.r2, Some(weights.r2[row]), "R² of row {row}");
        let alone = predictor.explain_contributions(&alone).weights;
        assert_eq!(
            alone,
            contributions[row * 19..(row + 1) * 19],
            "contributions of row {row}"
        );
    }
}

#[test]
fn holds_no_customer() {
    let document = artefact().to_json().expect("a document");
    let data = &telco::READING.dataset;
    for row in 0..data.rows() {
        assert!(
            !document.contains(&data.id(row)),
            "holds the id {}",
            data.id(row)
        );
    }
}

/// The refusal of a document with one value changed.
#[track_caller]
fn refusal(document: &Value, pointer: &str, value: Value) -> String {
    let mut document = document.clone();
    *document
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("no {pointer}")) = value;
    match ModelArtefact::from_json(&document.to_string()) {
        Ok(_) => panic!("loads with another {pointer}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn wrong_values_are_refused_by_name() {
    let document = artefact().to_json().expect("a document");
    let document: Value = serde_json::from_str(&document).expect("JSON");
    let cases = [
        ("/version", json!(2), "version: expected 1, got 2"),
        ("/version", json!(null), "version: expected 1, got none"),
        (
            "/format",
            json!("model"),
            "format: expected 'churn-model', got Some(\"model\")",
        ),
        (
            "/model/logistic/coefficients",
            json!([0.0]),
            "model.coefficients: expected 46 numbers, got 1",
        ),
        (
            "/scaling/mean",
            json!([]),
            "scaling.mean: expected 46 numbers, got 0",
        ),
        (
            "/scaling/sd/3",
            json!(0.0),
            "scaling.sd: expected numbers above 0, got 0",
        ),
        (
            "/threshold",
            json!(1.5),
            "threshold: expected a number in 0..=1, got 1.5",
        ),
        (
            "/imputation",
            json!([]),
            "imputation: expected 19 rules, got 0",
        ),
        (
            "/background/features/0/frequencies/0",
            json!(0.9),
            "background gender: expected frequencies in 0..=1 with sum 1, got something else",
        ),
        (
            "/background/features/4/bins/0/low",
            json!(70),
            "background tenure: expected bins in order, with finite numbers, got something else",
        ),
        (
            "/marginals/score/quantiles",
            json!([0.5]),
            "marginals.score: expected 101 ascending quantiles, got something else",
        ),
        (
            "/marginals/features/0/categorical/counts",
            json!([1]),
            "marginals gender: expected a distribution that fits the feature, got another",
        ),
        (
            "/schema/features/0/kind/categorical/levels",
            json!(["Male", "Female"]),
            "gender: expected levels in code-point order, got 'Male' before 'Female'",
        ),
        (
            "/schema/features",
            json!([]),
            "schema.features: expected at least one feature, got none",
        ),
        (
            "/schema/target/name",
            json!("gender"),
            "gender: expected distinct column names, got the name twice",
        ),
    ];
    for (pointer, value, message) in cases {
        assert_eq!(refusal(&document, pointer, value), message);
    }
}

/// What fails in the parser is refused with the field's name, too. JSON knows no
/// infinity: a number too large is one of these.
#[test]
fn broken_documents_are_refused() {
    let document = artefact().to_json().expect("a document");
    let broken = |from: &str, to: &str| {
        assert!(document.contains(from), "no {from}");
        let document = document.replacen(from, to, 1);
        let error = ModelArtefact::from_json(&document).expect_err("broken");
        let message = error.to_string();
        let place = message.find(" at line ").unwrap_or(message.len());
        message[..place].to_owned()
    };
    let refused = "not a model document";
    for (to, why) in [
        ("1e999", "number out of range"),
        ("null", "invalid type: null, expected f64"),
        ("NaN", "expected value"),
    ] {
        let message = broken("\"threshold\":0.5", &format!("\"threshold\":{to}"));
        assert_eq!(message, format!("threshold: {refused}: {why}"));
    }
    for (more, why) in [
        (
            "\"more\":1,",
            "more: not a model document: unknown field `more`",
        ),
        (
            "\"threshold\":1,",
            "threshold: not a model document: duplicate field `threshold`",
        ),
    ] {
        let message = broken("\"threshold\":0.5", &format!("{more}\"threshold\":0.5"));
        assert!(message.starts_with(why), "{more}: {message}");
    }
    let message = broken("\"threshold\":0.5,", "");
    assert_eq!(message, format!("{refused}: missing field `threshold`"));
    let message = broken("\"intercept\":", "\"intercept\":1e999,\"more\":");
    assert_eq!(
        message,
        format!("model.logistic.intercept: {refused}: number out of range")
    );
    for text in [
        "",
        "{}",
        "[]",
        "null",
        "{\"format\":\"churn-model\"",
        "\u{0}",
    ] {
        assert!(ModelArtefact::from_json(text).is_err(), "loads {text:?}");
    }
}
