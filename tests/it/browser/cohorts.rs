//! Cohorts: made of a filter, kept, named, deleted, exchanged.

use std::fs;

use fantoccini::key::Key;
use serde_json::{Value, json};

use super::harness::{Downloads, Page, Table, Visit, comes_to};

/// Opens the menu of cohorts.
async fn open_menu(page: &Page) {
    page.find(".cohort").await.click().await.expect("a click");
    page.find(".cohorts").await;
}

async fn close_menu(page: &Page) {
    page.press(Key::Escape).await;
    page.until(
        "the menu is closed",
        "!document.querySelector('#cohorts:popover-open')",
    )
    .await;
}

/// Saves the current filter.
async fn save(page: &Page, name: &str) {
    open_menu(page).await;
    let field = page.find(".name input").await;
    field.send_keys(name).await.expect("a name");
    page.click_text("Save").await;
    page.shows(".cohort", &format!("{name} ▾")).await;
}

/// Names and sizes of the cohorts in the menu.
async fn listed(page: &Page) -> Vec<(String, String)> {
    page.read(
        "[...document.querySelectorAll('.choice')]
            .map(choice => [...choice.children].map(part => part.textContent))",
    )
    .await
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, size)| ((*name).into(), (*size).into()))
        .collect()
}

#[test]
fn a_cohort_narrows_the_list_before_the_filter_and_is_kept() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        page.shows(".cohort", "All customers ▾").await;
        let tenure = truth.feature("tenure");
        let all = 0..truth.data.rows();
        let new: Vec<usize> = all.filter(|&row| truth.number(tenure, row) < 6.0).collect();
        let active = |rows: &[usize]| {
            let left = |row: &&usize| truth.data.label(**row) == Some(true);
            rows.len() - rows.iter().filter(left).count()
        };
        table.search("tenure<6").await;
        save(page, "Newcomers").await;
        close_menu(page).await;
        // The filter has become the cohort; the outcome narrows the list only.
        table.counts(&format!("{} of 1,371", active(&new))).await;
        assert_eq!(new.len(), 1371);
        page.until("no filter", "document.querySelector('.chips').hidden")
            .await;
        let internet = truth.feature("InternetService");
        let fiber = truth.value(internet, "Fiber optic");
        let both: Vec<usize> = new
            .iter()
            .copied()
            .filter(|&row| truth.data.value(row, internet) == fiber)
            .collect();
        table.search("InternetService:\"fiber optic\"").await;
        table.counts(&format!("{} of 1,371", active(&both))).await;
        // A cohort within the cohort.
        save(page, "New on fiber").await;
        let sizes = [
            ("All customers", "7,043"),
            ("Newcomers", "1,371"),
            ("New on fiber", &both.len().to_string()),
        ];
        comes_to("the cohorts", pairs(&sizes), async || listed(page).await).await;
        close_menu(page).await;
        table
            .counts(&format!("{} of {}", active(&both), both.len()))
            .await;

        // Another page, a reload, another visit without an address.
        let id = table.ids().await[0].clone();
        table.open(&id).await;
        page.shows(".cohort", "New on fiber ▾").await;
        page.shows(".neighbours span", &format!("1 of {}", active(&both)))
            .await;
        page.back().await;
        table
            .counts(&format!("{} of {}", active(&both), both.len()))
            .await;
        page.open("").await;
        page.shows(".cohort", "All customers ▾").await;
        open_menu(page).await;
        comes_to("the cohorts", pairs(&sizes), async || listed(page).await).await;
    });
}

#[test]
fn a_link_carries_the_cohort_to_another_device() {
    Visit::default().run(async |page| {
        let table = Table(page);
        page.open("").await;
        table.search("tenure<6 -dsl").await;
        save(page, "New & small").await;
        let expected = format!(
            "{}#/customers?cohort=New+%26+small&within=tenure%3C6+-dsl",
            page.address()
        );
        comes_to("the address", expected.clone(), async || {
            page.location().await
        })
        .await;
        let count = page.text("output.count").await;
        let forget = "localStorage.clear() ?? true";
        assert!(page.read::<bool>(forget).await);
        page.visit(&expected).await;
        page.shows(".cohort", "New & small ▾").await;
        table.counts(&count).await;
        // One that these data cannot have is named, and everyone is shown.
        page.open("#/customers?cohort=Old&within=age%3E60").await;
        page.shows(".cohort", "All customers ▾").await;
        let said = page.text(".toast").await;
        assert!(
            said.contains("“Old”") && said.contains("age: expected"),
            "{said}"
        );
    });
}

#[test]
fn a_cohort_is_renamed_and_deleted_and_a_delete_undone() {
    Visit::default().run(async |page| {
        let table = Table(page);
        page.open("").await;
        table.search("tenure<6").await;
        save(page, "New").await;
        page.find("[aria-label='Rename New']")
            .await
            .click()
            .await
            .expect("a click");
        let field = page.find(".cohorts .name input").await;
        comes_to("the name has the focus", true, async || {
            page.read("document.activeElement.matches('.cohorts .name input')")
                .await
        })
        .await;
        field.clear().await.expect("no name");
        field.send_keys("Newcomers").await.expect("a name");
        page.press(Key::Enter).await;
        page.shows(".cohort", "Newcomers ▾").await;
        page.find("[aria-label='Delete Newcomers']")
            .await
            .click()
            .await
            .expect("a click");
        page.shows(".cohort", "All customers ▾").await;
        table.counts("5,174 of 7,043").await;
        // The way back has the focus.
        page.until(
            "undo has the focus",
            "document.activeElement.textContent === 'Undo'",
        )
        .await;
        page.press(Key::Enter).await;
        page.shows(".cohort", "Newcomers ▾").await;
        page.until("the toast is gone", "!document.querySelector('.toast')")
            .await;
        let kept: Vec<Value> = kept(page).await;
        assert_eq!(kept, [json!({"name": "Newcomers", "filter": "tenure<6"})]);
    });
}

/// The cohorts in the browser's storage.
async fn kept(page: &Page) -> Vec<Value> {
    let kept: String = page
        .read("localStorage.getItem(Object.keys(localStorage).find(key => key.startsWith('cohorts ')))")
        .await;
    let document: Value = serde_json::from_str(&kept).expect("a document");
    document["cohorts"].as_array().expect("cohorts").clone()
}

#[test]
fn cohorts_are_exchanged_as_a_strict_document() {
    Visit::default().run(async |page| {
        let table = Table(page);
        page.open("").await;
        let downloads = Downloads::of(page).await;
        table.search("tenure<6").await;
        save(page, "Newcomers").await;
        page.click_text("Export").await;
        let document = downloads.take("churn-cohorts.json").await;
        let mut document: Value = serde_json::from_str(&document).expect("a document");
        assert_eq!(document["format"], "churn-cohorts");
        assert_eq!(document["cohorts"][0]["filter"], "tenure<6");

        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("cohorts.json");
        let import = async |document: &Value, said: &str| {
            fs::write(&file, document.to_string()).expect("a file");
            let input = page.find("#cohorts input[type=file]").await;
            let path = file.to_str().expect("a path");
            input.send_keys(path).await.expect("a file");
            let shown =
                "[...document.querySelectorAll('#cohorts [role=status]')].pop().textContent";
            comes_to(said, true, async || {
                page.read::<String>(shown).await.contains(said)
            })
            .await;
        };
        // The same again is nothing new; another one of that name is kept, too.
        import(&document, "0 cohorts imported.").await;
        document["cohorts"][0]["filter"] = json!("tenure<12");
        import(&document, "1 cohort imported.").await;
        let names: Vec<String> = listed(page)
            .await
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["All customers", "Newcomers", "Newcomers (2)"]);
        document["cohorts"][0]["filter"] = json!("age<12");
        import(
            &document,
            "Nothing imported. cohorts[0].filter: age: expected",
        )
        .await;
        document["cohorts"][0]["colour"] = json!("red");
        import(&document, "cohorts[0].colour").await;
        document["format"] = json!("churn-model");
        document["cohorts"] = json!([]);
        import(&document, "format: expected 'churn-cohorts'").await;
        import(&json!([]), "Nothing imported.").await;
        assert_eq!(kept(page).await.len(), 2);
    });
}

#[test]
fn a_full_storage_is_told() {
    Visit::default().run(async |page| {
        page.open("").await;
        let fill = "(Storage.prototype.setItem = () => { throw new Error('full') }) && true";
        assert!(page.read::<bool>(fill).await);
        Table(page).search("tenure<6").await;
        save(page, "Newcomers").await;
        page.shows(
            "#cohorts .notice",
            "Storage is full: cohorts last until you close the page.",
        )
        .await;
        close_menu(page).await;
        open_menu(page).await;
        assert_eq!(listed(page).await.len(), 2);
    });
}
