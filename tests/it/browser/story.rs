//! The first thing anyone tries: who is most at risk, and what would help?

use super::harness::{Customer, ShownRow, Table, Visit};

#[test]
fn slower_internet_lowers_the_risk_of_the_first_customer_with_fiber() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open("").await;
        let table = Table(page);
        page.click_text("Everyone").await;
        table.counts("7,043 of 7,043").await;
        table.is_ordered("Risk", "descending").await;
        let rows = table.rows().await;
        let has_fiber = |row: &&ShownRow| {
            row.cells
                .iter()
                .any(|cell| cell.label == "Internet service" && cell.text == "Fiber optic")
        };
        let id = &rows
            .iter()
            .find(has_fiber)
            .expect("a customer with fiber in sight")
            .id;
        table.open(id).await;
        let (before, after) = (
            truth.edited(id, &[]),
            truth.linked(id, &[("InternetService", "DSL")]),
        );
        customer.shows(&truth, id, &before).await;
        customer.choose("Internet service", "DSL").await;
        customer.shows(&truth, id, &after).await;
        let change = page.text(".change strong").await;
        assert!(change.starts_with('−'), "the change is {change}");
    });
}
