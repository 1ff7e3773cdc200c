use super::*;
use crate::explorer::sample;

const FILE: &[u8] = b"id,contract,tenure,left\nC-0,month,1,Yes\nC-1,year,9,No\n";

fn read(text: &str) -> std::result::Result<Rival, String> {
    let rival = Rival::read("other.json".into(), text, FILE, &sample::explorer());
    rival.map_err(|error| error.to_string())
}

#[test]
fn what_does_not_fit_is_refused_with_its_reason() {
    let refused = |text: &str, reason: &str| {
        let said = read(text).err().unwrap_or_default();
        assert!(said.contains(reason), "{said}");
    };
    refused("{", "not a model document");
    refused("{\"format\": \"churn-svm\"}", "support vector machine");
    let artefact = sample::explorer().predictor.artefact().clone();
    let mut other = artefact.clone();
    if let Some(target) = &mut other.schema.target {
        target.name = "gone".into();
    }
    let expected = "expected 'left' as 'No' or 'Yes', got 'gone' as 'No' or 'Yes'";
    refused(&other.to_json().unwrap(), expected);
    refused(&artefact.to_json().unwrap(), "has changed");
}

#[test]
fn only_customers_that_neither_has_seen_judge_both() {
    let explorer = sample::explorer();
    let cohort: Vec<u32> = (0..32).collect();
    let mut risks: Vec<Option<f64>> = explorer.probabilities.iter().copied().map(Some).collect();
    risks[0] = None;
    // It flags one more, and one fewer.
    let flag = |row: usize| explorer.probabilities[row] >= 0.5;
    let (flagged, not) = (
        (1..32).find(|&row| flag(row)).unwrap(),
        (1..32).find(|&row| !flag(row)).unwrap(),
    );
    (risks[flagged], risks[not]) = (Some(0.1), Some(0.9));
    let held_out = &explorer.predictor.artefact().training.held_out;
    let mut seen = vec![true; 32];
    let unseen: Vec<usize> = held_out.iter().skip(3).map(|&row| row as usize).collect();
    unseen.iter().for_each(|&row| seen[row] = false);
    let rival = Rival {
        file: "other.json".into(),
        is_of_same_data: true,
        threshold: 0.5,
        risks,
        seen,
    };
    let told = rival.compare(&explorer, &cohort);
    assert_eq!((told.customers, told.flagged_by_one), (31, [1, 1]));
    let scored = |rows: &[usize]| rows.iter().filter(|row| **row != 0).count();
    assert_eq!(told.rows, scored(&unseen));
    let own: Vec<usize> = held_out.iter().map(|&row| row as usize).collect();
    assert_eq!(told.own_rows, scored(&own));
    assert!(told.judged.is_none(), "they are too few");
}
