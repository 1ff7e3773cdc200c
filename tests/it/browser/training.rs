//! Without a model the page trains one.

use super::harness::{Customer, MODEL, Table, Visit};

#[test]
fn without_a_model_the_page_trains_the_same_one() {
    let visit = Visit::default()
        .prepared(|site| site.remove(MODEL))
        .expecting(MODEL);
    visit.run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        table.counts("5,174 of 7,043").await;
        let listed = truth.by_risk(truth.active());
        table.starts_with(&truth.ids(&listed[..20])).await;
        let id = truth.data.id(listed[7]);
        table.open(&id).await;
        Customer(page)
            .shows(&truth, &id, &truth.edited(&id, &[]))
            .await;
        Customer(page).choose("Contract", "One year").await;
        let edited = truth.edited(&id, &[("Contract", "One year")]);
        Customer(page).shows(&truth, &id, &edited).await;
    });
}

#[test]
fn a_broken_model_can_be_replaced_by_training() {
    let visit = Visit::default().prepared(|site| site.write(MODEL, b"{\"version\": 999}"));
    visit.run(async |page| {
        page.open("").await;
        page.click_text("Train on this data").await;
        Table(page).counts("5,174 of 7,043").await;
        let truth = page.truth();
        let listed = truth.by_risk(truth.active());
        Table(page).starts_with(&truth.ids(&listed[..20])).await;
    });
}
