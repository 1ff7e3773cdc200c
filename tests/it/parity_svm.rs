//! Support vector machines against scikit-learn's SVC, and sampled LIME of them.

use churn_core::Method;
use churn_core::progress::ignore;
use churn_core::split::HoldOut;
use churn_core::svm::{Kernel, SvmArtefact, SvmParams, SvmPredictor, train};
use serde::Deserialize;

use crate::{golden, telco};

/// `svm.json`: figures of one machine.
#[derive(Deserialize)]
struct Case {
    kernel: Kernel,
    c: f64,
    tolerance: f64,
    train_score: f64,
    test_score: f64,
    support_vectors: u64,
    decisions: Vec<f64>,
}

fn trained(case: &Case) -> SvmArtefact {
    let params = SvmParams {
        kernel: case.kernel,
        c: case.c,
        tolerance: case.tolerance,
    };
    let hold_out = HoldOut::Fraction {
        fraction: 0.25,
        seed: 42,
    };
    train(&telco::READING, &params, &hold_out, None, "", &mut ignore).expect("a machine")
}

/// The machine of a case, once it is made sure that it decides as the reference.
fn compared(kernel: Kernel, c: f64) -> SvmPredictor {
    let cases: Vec<Case> = golden::read("svm.json");
    let case = cases
        .iter()
        .find(|case| case.kernel == kernel && case.c == c);
    let case = case.expect("a case");
    let artefact = trained(case);
    let record = &artefact.training;
    let test = record.test.as_ref().expect("rows held out");
    assert!(
        (record.train.accuracy - case.train_score).abs() < 4e-4,
        "{}",
        record.train.accuracy
    );
    assert!(
        (test.accuracy - case.test_score).abs() < 6e-4,
        "{}",
        test.accuracy
    );
    assert!(record.support_vectors.abs_diff(case.support_vectors) <= 5);

    let text = artefact.to_json().expect("a document");
    let again = SvmArtefact::from_json(&text).expect("the document");
    assert_eq!(again, artefact);
    // Customers are left in that of a radial kernel alone.
    assert_eq!(text.contains("\"vectors\""), kernel == Kernel::Rbf);
    let predictor = SvmPredictor::new(again).expect("a machine");
    let rows = &predictor.artefact().training.held_out;
    let decisions: Vec<f64> = rows
        .iter()
        .map(|&row| predictor.decision(&telco::READING.dataset.row(row as usize)))
        .collect();
    assert_eq!(decisions.len(), case.decisions.len());
    let pairs = || decisions.iter().zip(&case.decisions);
    let alike = pairs()
        .filter(|(got, want)| (**got > 0.0) == (**want > 0.0))
        .count();
    let furthest = pairs().fold(0.0_f64, |most, (got, want)| most.max((got - want).abs()));
    assert!(
        alike as f64 >= 0.999 * decisions.len() as f64,
        "{alike} alike"
    );
    // Both end within the tolerance of the optimum, at places of their own.
    assert!(furthest < 0.02, "a decision value is {furthest} off");
    println!(
        "{kernel:?}, C = {c}: {alike} of {} alike, {furthest:.4}",
        decisions.len()
    );
    predictor
}

#[test]
fn a_linear_machine_decides_as_the_reference() {
    compared(Kernel::Linear, 0.01);
}

#[test]
fn a_linear_machine_of_the_workshop_decides_as_the_reference() {
    compared(Kernel::Linear, 1.0);
}

#[test]
fn a_radial_machine_decides_as_the_reference_and_is_explained() {
    let predictor = compared(Kernel::Rbf, 1.0);
    // A month-to-month contract speaks for leaving, a contract of two years against.
    let pool = predictor.pool(5000, 0).expect("a pool");
    let features = &predictor.artefact().schema;
    let contract = features.position("Contract").expect("the contract");
    let data = &*telco::COMPLETE;
    for (level, sign) in [("Month-to-month", 1.0), ("Two year", -1.0)] {
        let code = features.features[contract].code_of(level).expect("a level");
        let has = |row: &usize| data.value(*row, contract) == churn_core::Value::Level(code);
        for row in (0..data.rows()).filter(has).take(20) {
            let row = data.row(row);
            let explanation = predictor.explain_sampled(&row, &pool, 10);
            assert_eq!(explanation.method, Method::Sampled);
            assert_eq!(explanation.probability, predictor.probability(&row));
            let weight = explanation.weights[contract];
            assert!(sign * weight > 0.0, "{level}: {weight}");
        }
    }
}

#[test]
fn what_is_no_machine_is_refused() {
    let params = SvmParams {
        kernel: Kernel::Linear,
        c: f64::NAN,
        tolerance: 1e-3,
    };
    let told = params.check().expect_err("no number").to_string();
    assert_eq!(told, "c: expected a number above 0, got NaN");
    let told = SvmArtefact::from_json("{\"format\": \"churn-svm\", \"version\": 1}");
    let told = told.expect_err("no document").to_string();
    assert!(told.contains("missing field `schema`"), "{told}");
    let told = churn_core::ModelArtefact::from_json("{\"format\": \"churn-svm\", \"version\": 1}");
    let told = told.expect_err("another model").to_string();
    assert!(
        told.starts_with("format: it is a support vector machine"),
        "{told}"
    );
}
