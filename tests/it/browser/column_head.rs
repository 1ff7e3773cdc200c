//! The heads of the columns: each opens the filter of its column.

use fantoccini::key::Key;
use serde_json::json;

use super::harness::{Page, Table, Visit, comes_to};

/// Clicks the filter in a head.
async fn open(page: &Page, label: &str) {
    let css = format!(".head-filter[aria-label^='Filter {label}']");
    page.find(&css).await.click().await.expect("a click");
}

/// The column that the open sheet is about; nothing without a sheet.
async fn column(page: &Page) -> String {
    page.read(
        "document.querySelector('#column-filter:popover-open select')
            ?.selectedOptions[0].textContent ?? ''",
    )
    .await
}

async fn is_about(page: &Page, label: &str) {
    comes_to("the sheet's column", label.to_owned(), async || {
        column(page).await
    })
    .await;
}

/// Names of the heads whose filter is marked as set.
async fn set(page: &Page) -> Vec<String> {
    page.read("[...document.querySelectorAll('.head-filter.set')].map(button => button.ariaLabel)")
        .await
}

#[test]
fn a_head_opens_the_filter_of_its_column_and_shows_that_it_is_set() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        open(page, "Contract").await;
        is_about(page, "Contract").await;
        // Below its button.
        let below = "(() => {
            const sheet = document.getElementById('column-filter').getBoundingClientRect();
            const button = document.activeElement.getBoundingClientRect();
            return sheet.top >= button.bottom && sheet.left <= button.right
                && sheet.right >= button.left;
        })()";
        page.until("the sheet is below its button", below).await;
        let path = "//ul[@class='levels']//label[.//span='One year']";
        let level = page.find_by_path(path).await;
        level.click().await.expect("a click");
        let contract = truth.feature("Contract");
        let value = truth.value(contract, "One year");
        let mut rows = truth.active();
        rows.retain(|&row| truth.data.value(row, contract) == value);
        table
            .starts_with(&truth.ids(&truth.by_risk(rows)[..10]))
            .await;
        comes_to(
            "the marked heads",
            vec!["Filter Contract (set)".to_owned()],
            async || set(page).await,
        )
        .await;
        // Another head takes the sheet over, the same one closes it.
        open(page, "Internet service").await;
        is_about(page, "Internet service").await;
        page.until("the sheet has moved", below).await;
        open(page, "Internet service").await;
        is_about(page, "").await;
        // Clearing takes the mark away.
        open(page, "Contract").await;
        page.click_text("Clear").await;
        comes_to("no marked heads", Vec::<String>::new(), async || {
            set(page).await
        })
        .await;
    });
}

#[test]
fn the_keyboard_opens_the_filter_of_a_head() {
    Visit::default().run(async |page| {
        page.open("").await;
        page.tab_to("th.risk .head-filter").await;
        page.press(Key::Enter).await;
        is_about(page, "Risk").await;
        page.tab_to("#column-filter select").await;
        page.press(Key::Escape).await;
        is_about(page, "").await;
        page.until(
            "the focus is on the head again",
            "document.activeElement.matches('th.risk .head-filter')",
        )
        .await;
    });
}

#[test]
fn many_ids_are_pasted_into_the_search_or_the_column() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        let rows = &truth.by_risk(truth.active())[20..45];
        let ids = truth.ids(rows);
        let column = format!("customerID\r\n{}\r\n0000-NOONE\r\n", ids.join("\r\n"));
        let paste = "(() => {
            const data = new DataTransfer();
            data.setData('text/plain', arguments[0]);
            return document.querySelector('[type=search]').dispatchEvent(new ClipboardEvent(
                'paste', {clipboardData: data, bubbles: true, cancelable: true}));
        })()";
        let natively: bool = page.read_with(paste, vec![json!(column)]).await;
        assert!(!natively, "the page takes the paste");
        table.counts("25 of 7,043").await;
        table.starts_with(&ids[..10]).await;
        page.shows(".toast span", "Not in the data: customerID, 0000-NOONE")
            .await;
        // The address carries them.
        let address = page.location().await;
        comes_to("the address", true, async || {
            page.location().await.contains("q=id")
        })
        .await;
        assert!(address.starts_with(page.address()));
        page.visit(&page.location().await).await;
        table.counts("25 of 7,043").await;
        // The column shows them, and takes others.
        open(page, "ID").await;
        let field = page.find("textarea.ids").await;
        let shown: String = page
            .read("document.querySelector('textarea.ids').value")
            .await;
        assert_eq!(shown.lines().count(), 25);
        field.clear().await.expect("no ids");
        field
            .send_keys(&format!("{}; {}, X", ids[3], ids[1]))
            .await
            .expect("ids");
        table.counts("2 of 7,043").await;
        table.starts_with(&[ids[1].clone(), ids[3].clone()]).await;
        page.shows("#column-filter [role=status]", "Not in the data: X")
            .await;
        page.click_text("Clear").await;
        table.counts("5,174 of 7,043").await;
        // One word is still typed as a text.
        let natively: bool = page.read_with(paste, vec![json!("dsl")]).await;
        assert!(natively, "the field takes the paste");
    });
}
