//! What loading a model keeps to, whatever the text: shared by the property
//! tests, the kept cases and the fuzz target.

use churn_core::{ModelArtefact, Predictor, Row, Value};

/// Loads the text. It is refused, or it is a model that saves to the same
/// document again and answers for any customer. Tells which.
pub fn check(text: &str) -> bool {
    let Ok(artefact) = ModelArtefact::from_json(text) else {
        return false;
    };
    let saved = artefact
        .to_json()
        .expect("a model that was loaded can be saved");
    let again = ModelArtefact::from_json(&saved).expect("a model that was saved can be loaded");
    assert!(again == artefact, "another model after saving and loading");
    assert_eq!(
        again.to_json().as_deref(),
        Ok(saved.as_str()),
        "another document"
    );
    if let Ok(predictor) = Predictor::new(artefact) {
        answer(&predictor);
    }
    true
}

/// Asks for everything a model can say of a customer of whom nothing is known.
fn answer(predictor: &Predictor) {
    let features = predictor.artefact().schema.features.len();
    let unknown = Row(vec![Value::Missing; features]);
    let (row, imputed) = predictor.complete(&unknown);
    assert_eq!(imputed.len(), features, "features filled in");
    assert!(row.is_complete(), "a feature is still missing");
    row.check(&predictor.artefact().schema)
        .expect("values that fit the schema");
    let _ = predictor.probability(&row);
    let exact = predictor.explain_exact(&row);
    assert_eq!(exact.weights.len(), features, "weights");
    let _ = predictor.explain_contributions(&row);
    if let Ok(pool) = predictor.pool(10, 0) {
        let _ = predictor.explain_sampled(&row, &pool, 10);
    }
}
