//! Opening a customer, and finding the table as it was left.

use fantoccini::key::Key;

use super::harness::{Customer, Table, Visit, comes_to};

#[test]
fn a_click_opens_the_customer_and_back_finds_the_table_as_it_was() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        page.click_text("Everyone").await;
        table.search("fiber").await;
        table
            .head("Monthly charges")
            .await
            .click()
            .await
            .expect("a click");
        table.is_ordered("Monthly charges", "ascending").await;
        table.counts("3,096 of 7,043").await;
        table.scroll(40_000).await;
        comes_to("the place", 40_000, async || table.scrolled().await).await;
        page.until(
            "rows are drawn there",
            "document.querySelector('tr[data-place=\"1255\"]') !== null",
        )
        .await;
        let listed = table.ids().await;
        let rows = table.rows().await;
        let row = rows
            .iter()
            .find(|row| row.place == 1255)
            .expect("a row in sight");
        for way in ["back", "link"] {
            table.open(&row.id).await;
            Customer(page)
                .shows(&truth, &row.id, &truth.edited(&row.id, &[]))
                .await;
            if way == "back" {
                page.back().await;
            } else {
                page.click_text("‹ Customers").await;
            }
            table.counts("3,096 of 7,043").await;
            table.is_ordered("Monthly charges", "ascending").await;
            comes_to(way, 40_000, async || table.scrolled().await).await;
            comes_to(way, listed.clone(), async || table.ids().await).await;
            let typed: String = page
                .read("document.querySelector('[type=search]').value")
                .await;
            assert_eq!(typed, "fiber", "the search after {way}");
        }
    });
}

#[test]
fn enter_opens_the_row_that_the_arrows_chose() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        let listed = truth.by_risk(truth.active());
        page.tab_to("table").await;
        for _ in 0..2 {
            page.press(Key::Down).await;
        }
        page.press(Key::Enter).await;
        let id = truth.data.id(listed[2]);
        Customer(page)
            .shows(&truth, &id, &truth.edited(&id, &[]))
            .await;
        page.back().await;
        page.until(
            "the table has the focus",
            "document.activeElement.tagName === 'TABLE'",
        )
        .await;
        page.press(Key::End).await;
        page.press(Key::Enter).await;
        let id = truth.data.id(*listed.last().expect("customers"));
        Customer(page)
            .shows(&truth, &id, &truth.edited(&id, &[]))
            .await;
        page.back().await;
        table.counts("5,174 of 7,043").await;
    });
}

#[test]
fn the_neighbours_are_those_of_the_list() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("").await;
        let listed = truth.ids(&truth.by_risk(truth.active())[..3]);
        Table(page).open(&listed[1]).await;
        page.shows(".neighbours span", "2 of 5,174").await;
        for (key, id) in [('j', &listed[2]), ('k', &listed[1]), ('k', &listed[0])] {
            page.press(key).await;
            Customer(page)
                .shows(&truth, id, &truth.edited(id, &[]))
                .await;
        }
        page.until(
            "nobody comes before the first",
            "document.querySelector('[aria-label=\"Previous customer\"]').disabled",
        )
        .await;
    });
}
