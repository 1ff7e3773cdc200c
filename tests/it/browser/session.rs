//! A session as a file: saved here, taken up elsewhere.

use std::fs;

use fantoccini::key::Key;
use serde_json::{Value, json};

use super::harness::{Customer, Downloads, Page, Table, Visit, comes_to};

/// A customer with fiber optic, two add-ons and a monthly contract.
const ID: &str = "5150-ITWWB";

/// Opens the menu that saves and takes up.
async fn open_menu(page: &Page) {
    page.find(".cohort").await.click().await.expect("a click");
    page.find("#cohorts input[type=file]").await;
}

/// Takes a document up, and waits until this is said of it.
async fn take_up(page: &Page, document: &Value, said: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("session.json");
    fs::write(&file, document.to_string()).expect("a file");
    let input = page.find("#cohorts input[type=file]").await;
    let path = file.to_str().expect("a path");
    input.send_keys(path).await.expect("a file");
    let shown = "[...document.querySelectorAll('#cohorts [role=status]')].pop().textContent";
    comes_to(said, true, async || {
        page.read::<String>(shown).await.contains(said)
    })
    .await;
}

#[test]
fn a_session_is_taken_up_on_another_device() {
    Visit::default().run(async |page| {
        let (table, customer, truth) = (Table(page), Customer(page), page.truth());
        let downloads = Downloads::of(page).await;
        // A scenario, a star, a pin, a cohort, a filter, a rule.
        page.open(&format!("#/customer/{ID}")).await;
        customer.choose("Contract", "Two year").await;
        page.click_text("Save scenario").await;
        page.find(".scenarios tbody tr:nth-child(3)").await;
        page.open("#/customers?q=tenure%3C24&top=200").await;
        let ids = table.ids().await;
        for mark in ["star", "pin"] {
            let press = format!(
                "document.querySelector('tr[data-place=\"0\"] .mark-{mark}').click() ?? true"
            );
            page.read::<bool>(&press).await;
        }
        // A column made wider, by hand.
        let head = page.find("th.risk button").await;
        let wider = [Key::Alt, Key::Right, Key::Null].map(char::from);
        let wider = wider.iter().collect::<String>();
        head.send_keys(&wider).await.expect("keys");
        open_menu(page).await;
        let field = page.find(".name input").await;
        field.send_keys("New").await.expect("a name");
        page.click_text("Save").await;
        page.shows(".cohort", "New ▾").await;
        page.click_text("Save session").await;
        let document = downloads.take("churn-session.json").await;
        let mut document: Value = serde_json::from_str(&document).expect("a document");
        assert_eq!(document["stars"], json!([ids[0]]));
        assert_eq!(document["pins"], json!([ids[0]]));
        assert_eq!(document["columns"], json!(["100 risk"]));
        assert_eq!(document["model_id"], json!(truth.predictor.id()));

        // Another device.
        let forget = "localStorage.clear() ?? true";
        assert!(page.read::<bool>(forget).await);
        page.open("").await;
        open_menu(page).await;
        take_up(page, &document, "Session taken up.").await;
        page.shows(".cohort", "New ▾").await;
        comes_to("the rule", true, async || {
            page.location().await.contains("top=200")
        })
        .await;
        table.starts_with(&ids[..5]).await;
        let marks = "[...document.querySelectorAll('.pinned .mark-star')].map(star =>
            [star.closest('tr').querySelector('.id a').textContent, star.ariaPressed])";
        comes_to(
            "the marks",
            vec![(ids[0].clone(), "true".to_owned())],
            async || page.read::<Vec<(String, String)>>(marks).await,
        )
        .await;
        let width = "document.querySelector('th.risk').getBoundingClientRect().width";
        comes_to("the width", 100.0, async || page.read::<f64>(width).await).await;
        page.open(&format!("#/customer/{ID}")).await;
        customer.unfold("Scenarios").await;
        page.find("[aria-label='Open: Two year']").await;

        // What does not fit is told; what is no session is refused.
        open_menu(page).await;
        document["data_hash"] = json!("other");
        document["model_id"] = json!("other");
        document["stars"] = json!(["nobody"]);
        let said = "It was saved for other data. It was saved with another model: \
            estimates differ. One of its customers is not in the data.";
        take_up(page, &document, said).await;
        document["colour"] = json!("red");
        take_up(page, &document, "Nothing imported. colour: ").await;
    });
}
