//! A small explorer for tests.

use churn_core::dataset::ReadOptions;
use churn_core::preset::PresetFeature;
use churn_core::train::{TrainParams, train};
use churn_core::{Dataset, Method, Predictor, Preset, progress};

use super::{Explorer, Part};

const HASH: &str = "the sample";

/// 32 customers: those with short contracts leave more often; one has no
/// tenure.
pub fn explorer() -> Explorer {
    let mut csv = String::from("id,contract,tenure,left\n");
    for row in 0..32 {
        let contract = ["month", "year"][row % 2];
        let tenure = if row == 7 {
            String::new()
        } else {
            (row * 7).to_string()
        };
        let left = if row % 4 == 0 || row % 7 == 0 {
            "Yes"
        } else {
            "No"
        };
        csv += &format!("C-{row},{contract},{tenure},{left}\n");
    }
    of_csv(&csv)
}

/// The same customers with something known about their features.
pub fn with_preset(features: &[PresetFeature]) -> Explorer {
    let explorer = explorer();
    let preset = Preset {
        name: String::new(),
        source: String::new(),
        id: "id".into(),
        target: "left".into(),
        positive: "Yes".into(),
        families: Vec::new(),
        features: features.to_vec(),
        imputation: Vec::new(),
        links: Vec::new(),
    };
    let (data, predictor) = (&explorer.data, explorer.predictor.clone());
    let hash = HASH.to_owned();
    Explorer::new(predictor, Some(preset), data, hash, Vec::new(), || 0.0)
}

/// The customers of a table with the columns `id` and `left`.
pub fn of_csv(csv: &str) -> Explorer {
    let options = ReadOptions {
        id: Some("id".into()),
        target: Some("left".into()),
        ..ReadOptions::default()
    };
    let reading = Dataset::read_csv(csv.as_bytes(), &options, &mut progress::ignore).unwrap();
    let params = TrainParams::default();
    let artefact = train(&reading, &params, None, HASH, &mut progress::ignore).unwrap();
    let predictor = Predictor::new(artefact).unwrap();
    let hash = HASH.to_owned();
    Explorer::new(predictor, None, &reading.dataset, hash, Vec::new(), || 0.0)
}

#[test]
fn names_what_was_filled_in() {
    let explorer = explorer();
    assert_eq!(explorer.imputed_rows(), 1);
    assert_eq!(explorer.imputed(7), [1]);
    assert_eq!(explorer.imputed(8), [0; 0]);
    for row in 0..32_u32 {
        assert_eq!(explorer.find(explorer.id(row as usize)), Some(row));
    }
    assert_eq!((explorer.find("C-99"), explorer.find("")), (None, None));
    assert_eq!(explorer.explain_again(|| 0.0), (0.0, true));
}

#[test]
fn parts_are_those_of_the_training_record() {
    let explorer = explorer();
    let held_out = &explorer.predictor.artefact().training.held_out;
    assert_eq!(held_out.len(), 8);
    for row in 0..32_u32 {
        let part = if row == 7 {
            Part::NotUsed
        } else if held_out.contains(&row) {
            Part::HeldOut
        } else {
            Part::Training
        };
        assert_eq!(explorer.part(row as usize), part, "{row}");
    }
    let (data, predictor) = (&explorer.data, explorer.predictor.clone());
    let other = Explorer::new(predictor, None, data, String::new(), Vec::new(), || 0.0);
    assert!(explorer.has_parts() && !other.has_parts());
}

#[test]
fn weights_are_those_of_the_method() {
    let explorer = explorer();
    for row in [0, 31] {
        let values = explorer.original(row);
        let predictor = &explorer.predictor;
        for (method, explanation) in [
            (Method::Exact, predictor.explain_exact(&values)),
            (
                Method::Contributions,
                predictor.explain_contributions(&values),
            ),
        ] {
            let weights = explorer.weights_by(method, row as usize);
            assert_eq!(weights, explanation.weights, "{method:?} {row}");
        }
    }
    let rows: Vec<u32> = (0..25).collect();
    let mut sums = [1.0, 1.0];
    for method in [Method::Exact, Method::Contributions] {
        assert_eq!(explorer.sum_weights(method, &rows[..3], 24, &mut sums), 3.0);
        for (feature, sum) in sums.iter().enumerate() {
            let weight = |row| explorer.weights_by(method, row)[feature];
            assert_eq!(*sum, (0..3).map(weight).sum::<f64>());
        }
        assert_eq!(explorer.sum_weights(method, &rows, 24, &mut sums), 13.0);
    }
    assert_eq!(explorer.sum_weights(Method::Exact, &[], 24, &mut sums), 0.0);
    assert_eq!(sums, [0.0, 0.0]);
}
