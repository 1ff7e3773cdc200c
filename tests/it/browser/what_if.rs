//! What moves the estimate: consequences, results before the click, steps back.

use churn_core::links::{Draft, Edit};
use churn_core::{Row, Value};
use fantoccini::key::Key;
use serde_json::json;

use super::harness::{Customer, Figure, Page, Table, Truth, Visit, comes_to};

/// A customer with fiber optic, two add-ons and a monthly contract.
const ID: &str = "5150-ITWWB";

/// The lines of the changes.
async fn changes(page: &Page) -> Vec<String> {
    let lines =
        "[...document.querySelectorAll('.changes li > span')].map(line => line.textContent)";
    page.read(lines).await
}

/// Waits until the number of changes is as expected, and gives them.
async fn has_changes(page: &Page, number: usize) -> Vec<String> {
    comes_to("the changes", number, async || changes(page).await.len()).await;
    changes(page).await
}

/// Clicks what is named so for screen readers.
async fn click(page: &Page, name: &str) {
    let found = page.find(&format!("[aria-label='{name}']")).await;
    let clicked = found.click().await;
    clicked.unwrap_or_else(|error| panic!("“{name}” takes no click: {error}"));
}

/// Presses Ctrl+Z, or with shift Ctrl+Shift+Z.
async fn undo(page: &Page, shift: bool) {
    let key = json!({"key": if shift { "Z" } else { "z" }, "ctrlKey": true, "shiftKey": shift,
        "bubbles": true, "cancelable": true});
    let press = "document.body.dispatchEvent(new KeyboardEvent('keydown', arguments[0]))";
    page.read_with::<bool>(press, vec![key]).await;
}

/// Moves the pointer onto a level, as a mouse does.
async fn hover(page: &Page, label: &str, level: &str) {
    let level = Customer(page).level(label, level).await;
    let over = "arguments[0].dispatchEvent(new PointerEvent('pointerover',
        {pointerType: 'mouse', bubbles: true}))";
    let element = serde_json::to_value(&level).expect("a reference");
    page.read_with::<bool>(over, vec![element]).await;
}

#[test]
fn services_carry_price_and_add_ons_which_can_be_held() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        customer.choose("Internet service", "DSL").await;
        let linked = truth.linked(ID, &[("InternetService", "DSL")]);
        customer.shows(&truth, ID, &linked).await;
        let lines = has_changes(page, 3).await;
        assert_eq!(lines[0], "Internet service Fiber optic → DSL");
        let price = |row: &Row, name: &str| match row.value(truth.feature(name)) {
            Value::Number(price) => price,
            other => panic!("{name} is {other:?}"),
        };
        let said = format!(
            "↳ Monthly charges 94.85 → {:.2}, follows Internet service",
            price(&linked, "MonthlyCharges")
        );
        assert_eq!(lines[1], said);
        assert!(lines[2].starts_with("↳ Total charges 335.75 → "));

        click(page, "Hold: Monthly charges").await;
        let held = truth.edited(ID, &[("InternetService", "DSL")]);
        customer.shows(&truth, ID, &held).await;
        let said = page.text(".edits").await;
        assert_eq!(said, "1 field edited, held: Monthly charges");
        click(page, "Follow again: Monthly charges").await;
        customer.shows(&truth, ID, &linked).await;

        customer.choose("Internet service", "No").await;
        let none = truth.linked(ID, &[("InternetService", "No")]);
        customer.shows(&truth, ID, &none).await;
        has_changes(page, 9).await;
        customer.choose("Internet service", "Fiber optic").await;
        customer.shows(&truth, ID, &truth.edited(ID, &[])).await;
        has_changes(page, 0).await;
    });
}

#[test]
fn leaving_a_forcing_level_restores_what_was_chosen_before() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        customer.choose("Tech support", "Yes").await;
        let chosen = truth.linked(ID, &[("TechSupport", "Yes")]);
        customer.shows(&truth, ID, &chosen).await;
        customer.choose("Internet service", "No").await;
        let edits = [("TechSupport", "Yes"), ("InternetService", "No")];
        customer.shows(&truth, ID, &truth.linked(ID, &edits)).await;
        customer.choose("Internet service", "Fiber optic").await;
        customer.shows(&truth, ID, &chosen).await;
    });
}

/// The results that stand in the levels, as (label, level, result).
async fn results(page: &Page) -> Vec<(String, String, String)> {
    let results = "[...document.querySelectorAll('fieldset.editor')].flatMap(field =>
        [...field.querySelectorAll('label.segment')]
            .filter(level => level.querySelector('b'))
            .map(level => [
                field.querySelector('legend').textContent,
                level.querySelector('span').firstChild.textContent,
                level.querySelector('b').textContent,
            ]))";
    page.read(results).await
}

/// Results that are not what choosing the level natively gives.
fn wrong(truth: &Truth, shown: &[(String, String, String)], draft: Draft<'_>) -> Vec<String> {
    let is_wrong = |(label, level, result): &(String, String, String)| {
        let feature = truth.labelled(label);
        let value = truth.value(feature, level);
        let edit = Edit { feature, value };
        let probability = truth.links.outcome(&truth.predictor, draft, edit);
        let right = Figure::risk(result).shows(probability);
        (!right).then(|| format!("{label} {level} says {result}, not {probability}"))
    };
    shown.iter().filter_map(is_wrong).collect()
}

#[test]
fn each_level_says_what_choosing_it_gives() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        let original = truth.edited(ID, &[]);
        let mut current = original.clone();
        for (name, label, level) in [
            ("InternetService", "Internet service", "DSL"),
            ("Contract", "Contract", "One year"),
        ] {
            let shown = results(page).await;
            // Gender and age are nobody's to choose.
            assert_eq!(shown.len(), 39, "levels with a result");
            let draft = Draft {
                original: &original,
                current: &current,
                earlier: &[],
                held: &[],
            };
            comes_to("wrong results", Vec::<String>::new(), async || {
                wrong(&truth, &results(page).await, draft)
            })
            .await;
            let said = shown.iter().find(|(l, v, _)| l == label && v == level);
            let said = said.expect("a result").2.clone();
            customer.choose(label, level).await;
            page.shows("output.probability", &said).await;
            let value = truth.value(truth.feature(name), level);
            let edit = Edit {
                feature: truth.feature(name),
                value,
            };
            current = truth.links.consequences(&original, &current, edit, &[]).row;
            customer.shows(&truth, ID, &current).await;
        }
    });
}

#[test]
fn resting_on_a_level_previews_it() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        let before = truth.edited(ID, &[]);
        customer.shows(&truth, ID, &before).await;
        for way in ["leave", "escape"] {
            hover(page, "Internet service", "DSL").await;
            let previewed = truth.linked(ID, &[("InternetService", "DSL")]);
            customer.shows(&truth, ID, &previewed).await;
            page.shows(".preview-label", "Preview").await;
            let chosen = "document.querySelector('input[value=\"Fiber optic\"]').checked";
            page.until("nothing is chosen yet", chosen).await;
            let address = page.location().await;
            assert!(!address.contains('?'), "a preview is no edit: {address}");
            if way == "leave" {
                let leave = "document.querySelector('.features')
                    .dispatchEvent(new PointerEvent('pointerleave', {pointerType: 'mouse'}))";
                page.read::<bool>(leave).await;
            } else {
                page.press(Key::Escape).await;
            }
            customer.shows(&truth, ID, &before).await;
            page.until(
                "the preview has ended",
                "document.querySelector('.preview-label').hidden",
            )
            .await;
        }
    });
}

#[test]
fn every_action_is_a_step_back_and_forth() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        customer.choose("Internet service", "DSL").await;
        let dsl = truth.linked(ID, &[("InternetService", "DSL")]);
        customer.shows(&truth, ID, &dsl).await;
        // A drag: many inputs, then one change.
        let drag = "[12, 24, 36].map(months => {
            const slider = document.querySelector('input[type=range][aria-label=Tenure]');
            slider.value = months;
            slider.dispatchEvent(new Event('input', {bubbles: true}));
            if (months === 36) slider.dispatchEvent(new Event('change', {bubbles: true}));
            return months;
        })";
        page.read::<Vec<u32>>(drag).await;
        let edits = [("InternetService", "DSL"), ("tenure", "36")];
        let dragged = truth.linked(ID, &edits);
        customer.shows(&truth, ID, &dragged).await;
        undo(page, false).await;
        customer.shows(&truth, ID, &dsl).await;
        click(page, "Undo (Ctrl+Z)").await;
        customer.shows(&truth, ID, &truth.edited(ID, &[])).await;
        page.until(
            "there is nothing left to undo",
            "document.querySelector('[aria-label=\"Undo (Ctrl+Z)\"]').disabled",
        )
        .await;
        undo(page, true).await;
        customer.shows(&truth, ID, &dsl).await;
        click(page, "Redo (Ctrl+Shift+Z)").await;
        customer.shows(&truth, ID, &dragged).await;
        page.click_text("Reset all").await;
        customer.shows(&truth, ID, &truth.edited(ID, &[])).await;
        undo(page, false).await;
        customer.shows(&truth, ID, &dragged).await;
    });
}

#[test]
fn each_customer_keeps_its_draft() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open("").await;
        let listed = truth.ids(&truth.by_risk(truth.active())[..2]);
        Table(page).open(&listed[0]).await;
        customer.choose("Contract", "Two year").await;
        let first = truth.linked(&listed[0], &[("Contract", "Two year")]);
        customer.shows(&truth, &listed[0], &first).await;
        page.press('j').await;
        let second = truth.edited(&listed[1], &[]);
        customer.shows(&truth, &listed[1], &second).await;
        page.press('k').await;
        customer.shows(&truth, &listed[0], &first).await;
        undo(page, false).await;
        let original = truth.edited(&listed[0], &[]);
        customer.shows(&truth, &listed[0], &original).await;
    });
}

#[test]
fn a_combination_without_example_is_named() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        // Fiber optic without a telephone does not occur, though nothing forbids it.
        customer.choose("Phone service", "No").await;
        let row = truth.linked(ID, &[("PhoneService", "No")]);
        assert_eq!(truth.combinations.customers_like(&row), 0);
        customer.shows(&truth, ID, &row).await;
        let said = "None of 7,032 customers has this combination.";
        page.shows(".example", said).await;
        customer.choose("Phone service", "Yes").await;
        page.until("it is gone", "document.querySelector('.example').hidden")
            .await;
    });
}

#[test]
fn a_price_opens_only_when_asked() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        let field = customer.input("Monthly charges", "number").await;
        assert!(!field.is_enabled().await.expect("a state"));
        customer.enter("Monthly charges", "50").await;
        let apart = truth.linked(ID, &[("MonthlyCharges", "50")]);
        customer.shows(&truth, ID, &apart).await;
        customer.choose("Internet service", "DSL").await;
        let edits = [("MonthlyCharges", "50"), ("InternetService", "DSL")];
        customer.shows(&truth, ID, &truth.linked(ID, &edits)).await;
        click(page, "Follow again: Monthly charges").await;
        let linked = truth.linked(ID, &[("InternetService", "DSL")]);
        customer.shows(&truth, ID, &linked).await;
    });
}
