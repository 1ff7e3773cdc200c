//! What moves the estimate: consequences, results before the click, steps back.

use std::time::Duration;

use churn_core::links::{Draft, Edit};
use churn_core::{Column, Row, Value};
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
fn keys_one_soon_after_the_other_are_one_step() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        let press = async |keys: &[Key]| {
            let keys: String = keys.iter().copied().map(char::from).collect();
            let slider = customer.input("Tenure", "range").await;
            slider.send_keys(&keys).await.expect("keys");
        };
        let months = |months: u32| truth.linked(ID, &[("tenure", &months.to_string())]);
        press(&[Key::Right, Key::Right, Key::PageUp, Key::Left]).await;
        customer.shows(&truth, ID, &months(3 + 2 + 12 - 1)).await;
        // After a rest a key begins another step.
        tokio::time::sleep(Duration::from_secs(1)).await;
        press(&[Key::Right]).await;
        customer.shows(&truth, ID, &months(3 + 2 + 12)).await;
        undo(page, false).await;
        customer.shows(&truth, ID, &months(3 + 2 + 12 - 1)).await;
        undo(page, false).await;
        customer.shows(&truth, ID, &truth.edited(ID, &[])).await;
        page.until(
            "there is nothing left to undo",
            "document.querySelector('[aria-label=\"Undo (Ctrl+Z)\"]').disabled",
        )
        .await;
        undo(page, true).await;
        customer.shows(&truth, ID, &months(3 + 2 + 12 - 1)).await;
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

#[test]
fn scenarios_are_named_compared_and_kept() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        customer.choose("Contract", "Two year").await;
        let row = truth.linked(ID, &[("Contract", "Two year")]);
        customer.shows(&truth, ID, &row).await;
        page.click_text("Save scenario").await;
        page.click_text("Reset all").await;
        let original = truth.edited(ID, &[]);
        customer.shows(&truth, ID, &original).await;
        let saved = "[...document.querySelectorAll('.scenarios tbody tr')].map(row =>
            [...row.cells].map(cell => cell.querySelector('input')?.value ?? cell.textContent))";
        let table = async || page.read::<Vec<Vec<String>>>(saved).await;
        comes_to("rows", 3, async || table().await.len()).await;
        let rows = table().await;
        assert_eq!(rows[2][0], "Two year");
        assert_eq!(rows[2][3], "Contract: Two year");
        let (before, after) = (
            truth.predictor.probability(&original),
            truth.predictor.probability(&row),
        );
        assert!(Figure::risk(&rows[0][1]).shows(before), "{rows:?}");
        assert!(Figure::risk(&rows[2][1]).shows(after), "{rows:?}");
        assert!(
            Figure::points(&rows[2][2]).shows(after - before),
            "{rows:?}"
        );

        let rename = "(() => {
            const name = document.querySelector('.scenarios input');
            name.value = 'Offer / A';
            return name.dispatchEvent(new Event('change', {bubbles: true}));
        })()";
        page.read::<bool>(rename).await;
        page.open(&format!("#/customer/{ID}")).await;
        Customer(page).unfold("Scenarios").await;
        comes_to("the name", "Offer / A".to_owned(), async || {
            table()
                .await
                .get(2)
                .map_or(String::new(), |row| row[0].clone())
        })
        .await;
        click(page, "Open: Offer / A").await;
        customer.shows(&truth, ID, &row).await;
        click(page, "Delete: Offer / A").await;
        comes_to("rows", 2, async || table().await.len()).await;
        page.click_text("Undo delete").await;
        comes_to("rows", 3, async || table().await.len()).await;
    });
}

#[test]
fn similar_customers_had_the_other_outcome_and_show_what_differs() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        Customer(page)
            .unfold("Similar customers with the other outcome")
            .await;
        page.find(".differences").await;
        let rows = "[...document.querySelectorAll('tr:has(.differences)')].map(row => [
            row.querySelector('a').textContent,
            row.cells[1].textContent,
            row.cells[2].textContent,
            row.cells[3].textContent,
            ...[...row.querySelectorAll('li')].map(item => item.textContent)])";
        let rows: Vec<Vec<String>> = page.read(rows).await;
        let own = truth.row(ID);
        let range = |feature: usize| match truth.data.column(feature) {
            Column::Numeric(numbers) => {
                let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
                numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max) - low
            }
            Column::Categorical(_) => 1.0,
        };
        let features = 0..truth.data.schema().features.len();
        let ranges: Vec<f64> = features.clone().map(range).collect();
        let distance = |other: usize| -> f64 {
            let parts = features.clone().map(|feature| {
                let pair = (
                    truth.data.value(own, feature),
                    truth.data.value(other, feature),
                );
                match pair {
                    (Value::Number(a), Value::Number(b)) => (a - b).abs() / ranges[feature],
                    (a, b) => f64::from(u8::from(a != b)),
                }
            });
            parts.sum()
        };
        let outcome = truth.data.label(own).expect("an outcome");
        let mut others: Vec<(f64, String, usize)> = (0..truth.data.rows())
            .filter(|&other| truth.data.label(other) == Some(!outcome))
            .map(|other| (distance(other), truth.data.id(other), other))
            .collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        let others: Vec<usize> = others.into_iter().map(|(.., other)| other).collect();
        let nearest = truth.ids(&others[..5]);
        let shown: Vec<&String> = rows.iter().map(|row| &row[0]).collect();
        assert_eq!(shown, nearest.iter().collect::<Vec<_>>());
        for (row, &other) in rows.iter().zip(&others) {
            assert_eq!(row[1], if outcome { "Active" } else { "Left" });
            assert!(
                Figure::risk(&row[2]).shows(truth.probabilities[other]),
                "{row:?}"
            );
            assert!(Figure::weight(&row[3]).shows(distance(other)), "{row:?}");
            let differing = features.clone().filter(|&feature| {
                truth.data.value(own, feature) != truth.data.value(other, feature)
            });
            let labels: Vec<&str> = differing.map(|feature| truth.label(feature)).collect();
            assert_eq!(row.len() - 4, labels.len(), "{row:?}, not {labels:?}");
            for (told, label) in row[4..].iter().zip(labels) {
                assert!(told.starts_with(label) && told.contains(" → "), "{told}");
            }
        }
        page.click_text(&nearest[0]).await;
        let other = truth.edited(&nearest[0], &[]);
        customer.shows(&truth, &nearest[0], &other).await;
    });
}

#[test]
fn a_customer_is_printed_on_one_page() {
    Visit::default().run(async |page| {
        page.open(&format!("#/customer/{ID}?Contract=One+year"))
            .await;
        page.emulate("Emulation.setEmulatedMedia", json!({"media": "print"}))
            .await;
        let paper = json!({"width": 718, "height": 1046, "deviceScaleFactor": 1, "mobile": false});
        page.emulate("Emulation.setDeviceMetricsOverride", paper)
            .await;
        let height: f64 = page.read("document.body.scrollHeight").await;
        assert!(height <= 1046.0, "the page is {height} pixels high");
        let visible = "[...document.querySelectorAll(arguments[0])].some(e => e.checkVisibility())";
        for (css, shown) in [
            (".probability", true),
            (".summary", true),
            (".caveat", true),
            (".changes li", true),
            ("li.feature .weight", true),
            ("header.head", false),
            ("input[type=range]", false),
            (".fold", false),
            ("button", false),
        ] {
            let seen: bool = page.read_with(visible, vec![json!(css)]).await;
            assert_eq!(seen, shown, "{css} on paper");
        }
        assert_eq!(page.printed_pages().await, 1, "sheets of paper");
        let text: String = page.read("document.querySelector('main').innerText").await;
        assert!(
            text.contains("Contract Month-to-month → One year"),
            "{text}"
        );
    });
}

#[test]
fn numbers_turn_by_years_and_money_by_tens() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        let slider = customer.input("Tenure", "range").await;
        let months = 3 + 12;
        slider
            .send_keys(&char::from(Key::PageUp).to_string())
            .await
            .expect("a key");
        let row = truth.linked(ID, &[("tenure", &months.to_string())]);
        customer.shows(&truth, ID, &row).await;
        page.click_text("Reset all").await;
        let slider = customer.input("Total charges", "range").await;
        slider
            .send_keys(&char::from(Key::PageUp).to_string())
            .await
            .expect("a key");
        let row = truth.linked(ID, &[("TotalCharges", "345.75")]);
        customer.shows(&truth, ID, &row).await;
    });
}

#[test]
fn no_row_moves_when_something_is_edited() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        for (width, height) in [(1440, 900), (1024, 800), (390, 844)] {
            let screen = json!({"width": width, "height": height, "deviceScaleFactor": 1,
                "mobile": false});
            page.emulate("Emulation.setDeviceMetricsOverride", screen)
                .await;
            page.open(&format!("#/customer/{ID}")).await;
            let unfold = "document.querySelectorAll('details.family')
                .forEach(family => { family.open = true; }) ?? true";
            page.read::<bool>(unfold).await;
            let places = "[...document.querySelectorAll('li.feature')].map(row => {
                const page = document.querySelector('.customer').getBoundingClientRect();
                return Math.round(row.getBoundingClientRect().top - page.top);
            })";
            let before: Vec<i32> = page.read(places).await;
            for level in ["DSL", "No"] {
                customer.choose("Internet service", level).await;
                let row = truth.linked(ID, &[("InternetService", level)]);
                customer.shows(&truth, ID, &row).await;
                let after: Vec<i32> = page.read(places).await;
                assert_eq!(after, before, "rows at {width} pixels after {level}");
            }
        }
    });
}
