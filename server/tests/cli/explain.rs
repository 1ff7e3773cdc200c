//! `churn explain`.

use churn_core::exact_lime::kernel_decay;
use churn_core::explanation::Method;
use churn_core::{Dataset, Explanation, ModelArtefact, Predictor, progress};
use serde_json::{Map, Value};

use crate::Failure;
use crate::program::{CUSTOMERS, Folder};

/// Runs a method over some customers; gives its lines.
fn explain(folder: &Folder, data: &str, options: &[&str]) -> Result<Vec<Value>, Failure> {
    let arguments = ["explain", "--model", "model.json", data, "--out", "-"];
    let out = folder
        .run(&[&arguments[..], options].concat())?
        .succeeded()?
        .out();
    let line = |line| Ok(serde_json::from_str(line)?);
    out.lines().map(line).collect()
}

/// The first customers, and one whose TotalCharges is missing.
fn some_customers(folder: &Folder) -> Result<(), Failure> {
    let customers = std::fs::read_to_string(CUSTOMERS)?;
    let incomplete = customers
        .lines()
        .filter(|line| line.starts_with("4472-LVYGI"));
    let some: Vec<&str> = customers.lines().take(21).chain(incomplete).collect();
    folder.write("some.csv", some.join("\n"))
}

fn weights(line: &Value) -> Result<&Map<String, Value>, Failure> {
    Ok(line["weights"].as_object().ok_or("no weights")?)
}

fn number(value: &Value) -> Result<f64, Failure> {
    Ok(value.as_f64().ok_or("no number")?)
}

#[test]
fn all_methods_agree_with_the_model() -> Result<(), Failure> {
    let folder = Folder::with_model("explain-methods")?;
    some_customers(&folder)?;
    let predictor = Predictor::new(ModelArtefact::from_json(&folder.read("model.json")?)?)?;
    let schema = &predictor.artefact().schema;
    let bytes = std::fs::read(folder.path().join("some.csv"))?;
    let reading = Dataset::read_csv_as(&bytes, schema, &mut progress::ignore)?;
    let pool = predictor.pool(500, 3)?;
    for method in [Method::Exact, Method::Sampled, Method::Contributions] {
        let options = ["--top=all", "--samples=500", "--seed=3", "--method"];
        let name = method.to_string();
        let lines = explain(&folder, "some.csv", &[&options[..], &[&name]].concat())?;
        assert_eq!(lines.len(), 21);
        for (row, line) in lines.iter().enumerate() {
            let (customer, imputed) = predictor.complete(&reading.dataset.row(row));
            let expected: Explanation = match method {
                Method::Exact => predictor.explain_exact(&customer),
                Method::Sampled => predictor.explain_sampled(&customer, &pool, 19),
                Method::Contributions => predictor.explain_contributions(&customer),
            };
            assert_eq!(line["id"], reading.dataset.id(row).as_str());
            assert_eq!(number(&line["probability"])?, expected.probability);
            assert_eq!(number(&line["intercept"])?, expected.intercept);
            assert_eq!(
                number(&line["local_prediction"])?,
                expected.local_prediction
            );
            assert_eq!(line["r2"].as_f64(), expected.r2);
            let weights = weights(line)?;
            assert_eq!(weights.len(), 19);
            for (feature, weight) in schema.features.iter().zip(&expected.weights) {
                assert_eq!(number(&weights[&feature.name])?, *weight);
            }
            assert_eq!(imputed.is_empty(), line.get("imputed").is_none());
        }
        let names = &lines[20]["imputed"];
        assert_eq!(names, &serde_json::json!(["TotalCharges"]));
    }
    Ok(())
}

/// `serde_json` sorts the keys it reads, so the order is looked for in the text.
#[test]
fn the_largest_weights_come_first() -> Result<(), Failure> {
    let folder = Folder::with_model("explain-order")?;
    some_customers(&folder)?;
    folder
        .run(&[
            "explain",
            "--model=model.json",
            "some.csv",
            "--out=some.jsonl",
        ])?
        .succeeded()?;
    for text in folder.read("some.jsonl")?.lines() {
        let line: Value = serde_json::from_str(text)?;
        let weights = weights(&line)?;
        assert_eq!(weights.len(), 10);
        let mut ranked: Vec<(usize, f64)> = Vec::new();
        for (name, weight) in weights {
            let place = text.find(&format!("\"{name}\":")).ok_or("no name")?;
            ranked.push((place, number(weight)?.abs()));
        }
        ranked.sort_unstable_by_key(|(place, _)| *place);
        assert!(ranked.is_sorted_by(|a, b| a.1 >= b.1), "{text}");
    }
    Ok(())
}

/// A feature that is dropped leaves its mean in the intercept: its weight times
/// the weighted share of artificial customers that have the customer's code.
#[test]
fn fewer_exact_weights_are_the_same_weights() -> Result<(), Failure> {
    let folder = Folder::with_model("explain-top")?;
    some_customers(&folder)?;
    let all = explain(&folder, "some.csv", &["--top=all"])?;
    let few = explain(&folder, "some.csv", &["--top=3"])?;
    let artefact = ModelArtefact::from_json(&folder.read("model.json")?)?;
    let (schema, background) = (&artefact.schema, &artefact.background);
    let bytes = std::fs::read(folder.path().join("some.csv"))?;
    let data = Dataset::read_csv_as(&bytes, schema, &mut progress::ignore)?.dataset;
    let decay = kernel_decay(schema.features.len());
    // The last customer's codes are not those of its incomplete row.
    for (row, (all, few)) in all.iter().zip(&few).enumerate().take(20) {
        let kept = weights(few)?;
        assert_eq!(kept.len(), 3);
        let codes = background.codes(&data.row(row).0);
        let mut intercept = number(&all["intercept"])?;
        let mut local_prediction = number(&few["intercept"])?;
        for (j, feature) in schema.features.iter().enumerate() {
            let weight = &weights(all)?[&feature.name];
            if let Some(same) = kept.get(&feature.name) {
                assert_eq!(same, weight);
                local_prediction += number(weight)?;
            } else {
                let p = background.features[j].frequencies[usize::from(codes[j])];
                intercept += number(weight)? * p / (p + (1.0 - p) * decay);
            }
        }
        assert!((number(&few["intercept"])? - intercept).abs() < 1e-12);
        assert!((number(&few["local_prediction"])? - local_prediction).abs() < 1e-12);
        assert!(number(&few["r2"])? < number(&all["r2"])?);
    }
    Ok(())
}

#[test]
fn sampling_repeats_itself_by_seed() -> Result<(), Failure> {
    let folder = Folder::with_model("explain-seed")?;
    some_customers(&folder)?;
    let run = |seed| {
        let options = ["--method=sampled", "--samples=200", seed];
        explain(&folder, "some.csv", &options)
    };
    assert_eq!(run("--seed=1")?, run("--seed=1")?);
    assert_ne!(run("--seed=1")?, run("--seed=2")?);
    Ok(())
}
