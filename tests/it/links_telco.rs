//! Links of the bundled data: those of its preset, what they measure, and what
//! they change in the model's answers.

use std::hint::black_box;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Instant;

use churn_core::design::Design;
use churn_core::links::{Combinations, Consequences, Draft, Edit, Reason, Rule};
use churn_core::logistic::LogisticModel;
use churn_core::scaling::Scaling;
use churn_core::train::{Regularisation, Solver, TrainParams, fit, train};
use churn_core::{Links, Predictor, Preset, Row, Value, progress};

use crate::{golden, telco};

/// The bundled preset.
pub static PRESET: LazyLock<Preset> = LazyLock::new(|| {
    let path = "../public/data/telco-customer-churn.preset.json";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    Preset::from_json(&std::fs::read_to_string(path).expect("a file")).expect("a preset")
});

/// The links of the data under its preset.
pub static LINKS: LazyLock<Links> =
    LazyLock::new(|| Links::learn(&telco::READING.dataset, Some(&PRESET)));

/// Place of a feature.
pub fn at(name: &str) -> usize {
    let schema = telco::COMPLETE.schema();
    schema.position(name).expect("a feature")
}

/// A level of a feature.
pub fn level(name: &str, text: &str) -> Value {
    let feature = &telco::COMPLETE.schema().features[at(name)];
    Value::Level(feature.code_of(text).expect("a level"))
}

/// An edit of a level.
pub fn edit(name: &str, text: &str) -> Edit {
    Edit {
        feature: at(name),
        value: level(name, text),
    }
}

fn customer(id: &str) -> Row {
    let data = &telco::COMPLETE;
    let row = (0..data.rows()).find(|&row| data.id(row) == id);
    data.row(row.expect("a customer"))
}

fn number(row: &Row, name: &str) -> f64 {
    match row.0[at(name)] {
        Value::Number(x) => x,
        other => panic!("{name} is {other:?}"),
    }
}

const ADD_ONS: [&str; 6] = [
    "OnlineSecurity",
    "OnlineBackup",
    "DeviceProtection",
    "TechSupport",
    "StreamingTV",
    "StreamingMovies",
];

#[test]
fn found_without_the_preset() {
    let found = Links::learn(&telco::READING.dataset, None);
    assert_eq!(found.to_preset(), LINKS.to_preset());
    assert!(found == *LINKS, "same links, other numbers");

    let mut named = PRESET.links.clone();
    named.swap(0, 1); // in schema order
    assert_eq!(LINKS.to_preset(), named);
    // Seven forced levels, and each forces back.
    assert_eq!(LINKS.implications().len(), 14);
}

#[test]
fn price_list_is_that_of_the_reference() {
    let following = LINKS.rule_of(at("MonthlyCharges")).expect("a rule");
    let Rule::PriceList(list) = &following.rule else {
        panic!("no price list");
    };
    println!(
        "R2 {} sd {} max {}",
        list.r2, list.residual_sd, list.largest_residual
    );
    assert_eq!(list.of().len(), 9);
    assert!((list.r2 - 0.99884).abs() < 5e-6);
    assert!((list.residual_sd - 1.02).abs() < 0.01);
    // The reference's 4.84 is of a fit on all categorical features.
    assert!((list.largest_residual - 4.795).abs() < 5e-3);
}

#[test]
fn every_original_is_possible_and_follows_itself() {
    let data = &telco::READING.dataset;
    for row in (0..data.rows()).map(|row| data.row(row)) {
        assert_eq!(LINKS.conflict(&row), None);
        for following in LINKS.following() {
            if row.0[following.number] != Value::Missing {
                let followed = following.follow(&row, &row).map(Value::Number);
                assert_eq!(followed, Some(row.0[following.number]));
            }
        }
    }
}

/// With its price, DSL helps this customer far less than without.
#[test]
fn price_follows_the_service() {
    let data = &telco::COMPLETE;
    let rows = golden::read::<golden::Split>("split.json").train_idx;
    let scaling = Scaling::measure(data, &rows);
    let solver = Solver::NewtonCholesky;
    let c = 21.54434690031882;
    let fit = fit(data, &rows, vec![1.0; rows.len()], &scaling, solver, c).expect("a fit");
    let model = LogisticModel::from_scaled(fit.intercept, &fit.coefficients, &scaling);
    let design = Design::new(data.schema());
    let probability = |row: &Row| churn_core::math::sigmoid(model.log_odds(&design, row));

    let original = customer("5150-ITWWB");
    let edit = edit("InternetService", "DSL");
    let linked = LINKS.consequences(&original, &original, edit, &[]).row;
    let held: Vec<usize> = ["MonthlyCharges"].map(at).to_vec();
    let unlinked = LINKS.consequences(&original, &original, edit, &held).row;
    let p = [&original, &linked, &unlinked].map(probability);
    let price = [&original, &linked, &unlinked].map(|row| number(row, "MonthlyCharges"));
    let total = [&original, &linked, &unlinked].map(|row| number(row, "TotalCharges"));
    println!("P {p:?}, price {price:?}, total {total:?}");
    let percent = p.map(|p| (100.0 * p).round());
    assert_eq!(percent, [84.0, 69.0, 42.0]);
    assert!((price[1] - price[0] + 25.0).abs() < 0.5);
}

#[test]
fn leaving_and_returning_restores_the_customer() {
    let data = &telco::COMPLETE;
    let internet = at("InternetService");
    for row in (0..data.rows()).step_by(7).map(|row| data.row(row)) {
        let before = row.clone();
        let no = LINKS.consequences(&row, &row, edit("InternetService", "No"), &[]);
        for name in ADD_ONS {
            assert_eq!(no.row.0[at(name)], level(name, "No internet service"));
        }
        let back = Edit {
            feature: internet,
            value: row.0[internet],
        };
        assert_eq!(LINKS.consequences(&row, &no.row, back, &[]).row, row);
        assert_eq!(row, before);
    }
}

#[test]
fn an_add_on_brings_internet_with_it() {
    let data = &telco::COMPLETE;
    let without = level("InternetService", "No");
    let original = (0..data.rows()).map(|row| data.row(row));
    let original = original
        .into_iter()
        .find(|row| row.0[at("InternetService")] == without)
        .expect("a customer");
    let choice = edit("TechSupport", "Yes");
    let Consequences { row, changes } = LINKS.consequences(&original, &original, choice, &[]);
    assert_eq!(LINKS.conflict(&row), None);
    assert_eq!(
        row.0[at("InternetService")],
        level("InternetService", "Fiber optic")
    );
    let reasons: Vec<Reason> = changes.iter().map(|change| change.reason).collect();
    let mut want = vec![Reason::Assumed; 6];
    want.extend([Reason::Price, Reason::Product]);
    assert_eq!(reasons, want);

    // And the reverse: no internet for one add-on is none for all.
    let choice = edit("TechSupport", "No internet service");
    let again = LINKS.consequences(&original, &row, choice, &[]).row;
    assert_eq!(again, original);
}

#[test]
fn counts_combinations() {
    let links = &LINKS;
    let combinations = Combinations::count(&telco::READING.dataset, links);
    assert_eq!(combinations.customers(), 7032);
    let data = &telco::COMPLETE;
    let likes: Vec<u32> = (0..data.rows())
        .map(|row| combinations.customers_like(&data.row(row)))
        .collect();
    assert!(likes.iter().all(|&like| like > 0));
    let sum: f64 = likes.iter().map(|&like| 1.0 / f64::from(like)).sum();
    assert_eq!(sum.round() as usize, combinations.distinct());
    println!("{} combinations", combinations.distinct());

    // Fiber without a telephone does not occur, though nothing forbids it.
    let original = customer("5150-ITWWB");
    let choice = edit("PhoneService", "No");
    let row = links.consequences(&original, &original, choice, &[]).row;
    assert_eq!(links.conflict(&row), None);
    assert_eq!(combinations.customers_like(&row), 0);
}

/// And in a small part of a frame: run with `--nocapture` for the figures.
#[test]
fn outcomes_are_what_choosing_gives() {
    let data = &telco::READING.dataset;
    let params = TrainParams {
        regularisation: Regularisation::Fixed(21.54434690031882),
        ..TrainParams::default()
    };
    let artefact = train(
        &telco::READING,
        &params,
        Some(&PRESET),
        "",
        &mut progress::ignore,
    );
    let predictor = Predictor::new(artefact.expect("a model")).expect("a predictor");
    let original = customer("5150-ITWWB");
    let choice = edit("InternetService", "No");
    let current = LINKS.consequences(&original, &original, choice, &[]).row;
    let draft = Draft {
        original: &original,
        current: &current,
        earlier: &[],
        held: &[],
    };
    let ms = |job: &mut dyn FnMut()| {
        let times = (0..9).map(|_| {
            let start = Instant::now();
            job();
            start.elapsed().as_secs_f64() * 1e3
        });
        times.fold(f64::INFINITY, f64::min)
    };
    let all = ms(&mut || drop(black_box(LINKS.outcomes(&predictor, draft))));
    println!("all levels' outcomes {all:.4} ms");
    assert!(all < 5.0, "{all} ms");
    let learned = ms(&mut || drop(black_box(Links::learn(data, Some(&PRESET)))));
    let found = ms(&mut || drop(black_box(Links::learn(data, None))));
    println!("links learned {learned:.3} ms with the preset, {found:.3} ms without");
    let counted = ms(&mut || drop(black_box(Combinations::count(data, &LINKS))));
    println!("combinations {counted:.3} ms");
    let outcomes = LINKS.outcomes(&predictor, draft);
    let internet = at("InternetService");
    let dsl = LINKS.carry(draft, edit("InternetService", "DSL")).row;
    assert_eq!(outcomes[internet][0], predictor.probability(&dsl));
    assert_eq!(outcomes.iter().flatten().count(), 43);
}
